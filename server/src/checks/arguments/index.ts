import type { Check } from '../check.ts';
import { alwaysTrueCondition } from './always-true-condition.ts';
import { argumentIndexRange } from './argument-index-range.ts';
import { clone3FlagsHidden } from './clone3-flags-hidden.ts';
import { intCompareBypass } from './int-compare-bypass.ts';
import { maskAllNamespaces } from './mask-all-namespaces.ts';
import { maskValueMismatch } from './mask-value-mismatch.ts';
import { maskZero } from './mask-zero.ts';
import { maskedWithoutValueTwo } from './masked-without-value-two.ts';
import { missingConditionKey } from './missing-condition-key.ts';
import { multiplexedArguments } from './multiplexed-arguments.ts';
import { neverTrueCondition } from './never-true-condition.ts';
import { noSuchArgument } from './no-such-argument.ts';
import { orderDependentRules } from './order-dependent-rules.ts';
import { pointerArgument } from './pointer-argument.ts';
import { repeatedArgumentIndex } from './repeated-argument-index.ts';
import { sameConditionConflict } from './same-condition-conflict.ts';
import { signExtendedArgument } from './sign-extended-argument.ts';
import { unreliableArgumentRules } from './unreliable-argument-rules.ts';
import { valueTwoUnused } from './value-two-unused.ts';
import { valueWiderThanArgument } from './value-wider-than-argument.ts';

/** Conditions on arguments: what each compares, and what several of them do together. */
export const argumentsChecks: readonly Check[] = [
  argumentIndexRange,
  noSuchArgument,
  missingConditionKey,
  repeatedArgumentIndex,
  alwaysTrueCondition,
  neverTrueCondition,
  valueTwoUnused,
  maskedWithoutValueTwo,
  maskZero,
  maskValueMismatch,
  maskAllNamespaces,
  valueWiderThanArgument,
  signExtendedArgument,
  intCompareBypass,
  pointerArgument,
  clone3FlagsHidden,
  sameConditionConflict,
  orderDependentRules,
  unreliableArgumentRules,
  multiplexedArguments,
];
