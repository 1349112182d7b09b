import type { Call } from '../../src/policy/evaluate.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { type Probe, valuesOf } from '../probe/calls.ts';

/** The call as the filter sees it. */
export const callOf = ({ native }: Policy, probe: Probe): Call => ({
  architecture: native.architecture.name,
  number: probe.nr,
  args: valuesOf(probe),
});
