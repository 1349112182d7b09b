import { argumentsChecks } from './arguments/index.ts';
import type { Check } from './check.ts';
import { policyChecks } from './policy/index.ts';
import { structureChecks } from './structure/index.ts';
import { textChecks } from './text/index.ts';
import { valuesChecks } from './values/index.ts';

/** Every diagnostic, in the order of the documentation. */
export const CHECKS: readonly Check[] = [
  ...textChecks,
  ...structureChecks,
  ...valuesChecks,
  ...argumentsChecks,
  ...policyChecks,
];

const BY_CODE: ReadonlyMap<string, Check> = new Map(CHECKS.map((check) => [check.code, check]));

export function checkByCode(code: string): Check | undefined {
  return BY_CODE.get(code);
}
