import { errnoByNumber, syscall } from '../catalog/index.ts';
import type { LoadedRule, Test } from './load.ts';
import type { Outcome } from './resolve.ts';
import { describeArgumentValue } from './values.ts';

/** An outcome for readers: `allowed`, `fails with EPERM`, `kills the process`. */
export function outcomeInWords(outcome: Outcome): string {
  switch (outcome.action) {
    case 'SCMP_ACT_ALLOW':
      return 'allowed';
    case 'SCMP_ACT_LOG':
      return 'allowed and logged';
    case 'SCMP_ACT_ERRNO':
      return outcome.errno === 0 ? 'skipped as if it had succeeded' : `fails with ${errnoLabel(outcome.errno ?? 1)}`;
    case 'SCMP_ACT_KILL_PROCESS':
      return 'kills the process';
    case 'SCMP_ACT_KILL_THREAD':
      return 'kills the thread';
    case 'SCMP_ACT_TRAP':
      return 'raises SIGSYS';
    case 'SCMP_ACT_TRACE':
      return 'left to a tracer (ENOSYS without one)';
    case 'SCMP_ACT_NOTIFY':
      return "left to the listener's agent";
    default:
      return outcome.action;
  }
}

export function errnoLabel(number: number): string {
  return errnoByNumber(number)?.name ?? `errno ${number}`;
}

const OPERATORS: Readonly<Record<string, string>> = {
  SCMP_CMP_NE: '≠',
  SCMP_CMP_LT: '<',
  SCMP_CMP_LE: '≤',
  SCMP_CMP_EQ: '=',
  SCMP_CMP_GE: '≥',
  SCMP_CMP_GT: '>',
};

/** A test for readers: `domain = 38 (AF_ALG)`, `flags has none of CLONE_NEWUSER`. */
export function testInWords(test: Test, name: string): string {
  const argument = syscall(name)?.args?.[test.index];
  const label = argument?.name ?? `argument ${test.index}`;
  const shown = (value: bigint): string => {
    const words = describeArgumentValue(name, test.index, value);
    return words ? `${value} (${words})` : String(value);
  };
  if (test.op !== 'SCMP_CMP_MASKED_EQ') return `${label} ${OPERATORS[test.op] ?? test.op} ${shown(test.value)}`;
  const mask = describeArgumentValue(name, test.index, test.value) || hex(test.value);
  if (test.datum === 0n) return `${label} has none of ${mask}`;
  if (test.datum === test.value) return `${label} has all of ${mask}`;
  return `${label} & ${hex(test.value)} = ${hex(test.datum)}`;
}

/** The conditions of a rule joined for readers; empty for an unconditional one. */
export function testsInWords(rule: LoadedRule): string {
  return rule.tests.map((test) => testInWords(test, rule.name.value)).join(' and ');
}

export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
