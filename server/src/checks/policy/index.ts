import type { Check } from '../check.ts';
import { absentSyscall } from './absent-syscall.ts';
import { conflictingRules } from './conflicting-rules.ts';
import { containerCannotStart } from './container-cannot-start.ts';
import { containerMayNotStart } from './container-may-not-start.ts';
import { dangerousSyscall } from './dangerous-syscall.ts';
import { duplicateName } from './duplicate-name.ts';
import { errnoFallback } from './errno-fallback.ts';
import { familyGap } from './family-gap.ts';
import { leftOutRelative } from './left-out-relative.ts';
import { looserThanDefault } from './looser-than-default.ts';
import { missingArchitecture } from './missing-architecture.ts';
import { programCannotRun } from './program-cannot-run.ts';
import { redundantRule } from './redundant-rule.ts';
import { repeatedSyscall } from './repeated-syscall.ts';
import { shadowedCondition } from './shadowed-condition.ts';
import { unfilterableSyscall } from './unfilterable-syscall.ts';
import { writtenDiffersFromLoaded } from './written-differs-from-loaded.ts';

/** What the profile as a whole does, and what of it does nothing. */
export const policyChecks: readonly Check[] = [
  containerCannotStart,
  containerMayNotStart,
  programCannotRun,
  conflictingRules,
  shadowedCondition,
  repeatedSyscall,
  duplicateName,
  redundantRule,
  absentSyscall,
  missingArchitecture,
  familyGap,
  dangerousSyscall,
  leftOutRelative,
  looserThanDefault,
  errnoFallback,
  unfilterableSyscall,
  writtenDiffersFromLoaded,
];
