import type { Check } from '../check.ts';
import { duplicateArchitecture } from './duplicate-architecture.ts';
import { emptySyscallName } from './empty-syscall-name.ts';
import { errnoOutOfRange } from './errno-out-of-range.ts';
import { errnoUnused } from './errno-unused.ts';
import { errnoZero } from './errno-zero.ts';
import { invalidMinKernel } from './invalid-min-kernel.ts';
import { invalidNumber } from './invalid-number.ts';
import { killThread } from './kill-thread.ts';
import { listenerWithoutNotify } from './listener-without-notify.ts';
import { missingOperator } from './missing-operator.ts';
import { notifyNotAllowed } from './notify-not-allowed.ts';
import { notifyWithoutListener } from './notify-without-listener.ts';
import { syscallTooNew } from './syscall-too-new.ts';
import { traceWithoutTracer } from './trace-without-tracer.ts';
import { unknownAction } from './unknown-action.ts';
import { unknownArchitecture } from './unknown-architecture.ts';
import { unknownCapability } from './unknown-capability.ts';
import { unknownErrnoName } from './unknown-errno-name.ts';
import { unknownFlag } from './unknown-flag.ts';
import { unknownIncludeArchitecture } from './unknown-include-architecture.ts';
import { unknownOperator } from './unknown-operator.ts';
import { unknownSyscall } from './unknown-syscall.ts';

/** What each value says: terms of the format, names, numbers. */
export const valuesChecks: readonly Check[] = [
  invalidNumber,
  unknownAction,
  unknownOperator,
  missingOperator,
  unknownSyscall,
  syscallTooNew,
  emptySyscallName,
  unknownArchitecture,
  duplicateArchitecture,
  unknownFlag,
  unknownCapability,
  unknownIncludeArchitecture,
  invalidMinKernel,
  unknownErrnoName,
  errnoOutOfRange,
  errnoZero,
  errnoUnused,
  notifyWithoutListener,
  notifyNotAllowed,
  listenerWithoutNotify,
  traceWithoutTracer,
  killThread,
];
