import { dangers, numberOn } from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import type { LoadedRule } from '../policy/load.ts';
import { type Policy, verdictOf } from '../policy/policy.ts';
import { possibleFor } from '../policy/possible.ts';
import { permits } from '../policy/resolve.ts';
import { callInWords, parseCall } from '../policy/strace.ts';
import { ruleNames } from '../profile/model.ts';

/** So many calls of a kind show what the profile is for. */
const MOST = 12;

/** What nearly every program does. */
const ORDINARY = ['read', 'write', 'openat', 'close', 'mmap', 'execve', 'munmap', 'getpid', 'clock_gettime'];

/**
 * A file of test cases for a profile, as JSON: a container starts; what the profile denies today stays denied, the dangerous
 * first; what ordinary programs need stays allowed. Everything in it holds for the profile as it is.
 */
export function createTests({ policy }: Analysis): string {
  const starts = { name: 'a container starts', expect: { exit: 0 } };
  const calls = policy ? callCases(policy) : [];
  return `${inline(JSON.stringify({ cases: [starts, ...calls] }, null, 2))}\n`;
}

function callCases(policy: Policy): readonly object[] {
  const { table } = policy.native.architecture;
  const named = policy.resolved.rules.flatMap(({ outcome, names }) =>
    permits(outcome) ? [] : names.flatMap(({ value }) => (numberOn(value, table) === undefined ? [] : [value])),
  );
  const denied = some(policy, false, [...dangers().map(({ syscall }) => syscall), ...named]);
  const allowed = some(policy, true, ORDINARY);
  const conditional = conditionalCalls(policy);
  return [
    ...(denied.length > 0 ? [{ name: 'what is dangerous is denied', expect: { denied } }] : []),
    ...(allowed.length > 0 ? [{ name: 'what programs need is allowed', expect: { allowed } }] : []),
    ...(conditional ? [{ name: 'arguments decide', expect: conditional }] : []),
  ];
}

function some(policy: Policy, permitted: boolean, names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => permittedAs(policy, name) === permitted).slice(0, MOST);
}

/** Whether a call is let through; undefined where that depends, or cannot be foretold. */
function permittedAs(policy: Policy, text: string): boolean | undefined {
  const { architecture } = policy.native;
  const call = parseCall(text, architecture);
  if ('error' in call || numberOn(call.name, architecture.table) === undefined) return undefined;
  const possible = possibleFor(policy, call, architecture);
  if (!possible || 'why' in possible) return undefined;
  const outcomes = new Set(possible.map(({ decision }) => permits(decision.outcome)));
  return outcomes.size === 1 ? permits(possible[0]!.decision.outcome) : undefined;
}

/** Calls for rules that compare arguments with one value each; few for each syscall, since all of its rules judge each of them. */
function conditionalCalls(policy: Policy): object | undefined {
  const { table } = policy.native.architecture;
  const names = new Set(policy.resolved.rules.flatMap(({ rule }) => ruleNames(rule).map(({ value }) => value)));
  const calls = [...names].flatMap((name) =>
    (verdictOf(policy, name)?.conditional ?? [])
      .filter(isExact)
      .slice(0, MOST)
      .map(({ tests }) => {
        const args = Array.from({ length: 6 }, (_, i) => tests.find(({ index }) => index === i)?.value ?? 0n);
        return callInWords(name, args, table);
      }),
  );
  const [denied, allowed] = [some(policy, false, calls), some(policy, true, calls)];
  if (denied.length + allowed.length === 0) return undefined;
  return { ...(denied.length > 0 && { denied }), ...(allowed.length > 0 && { allowed }) };
}

const isExact = ({ tests }: LoadedRule): boolean => tests.every(({ op }) => op === 'SCMP_CMP_EQ');

/** Short lists and objects on one line. */
const inline = (json: string): string =>
  json.replaceAll(/([[{])\n\s+([^[\]{}]*?)\n\s+([\]}])/g, (whole, open: string, content: string, close: string) => {
    const pad = open === '{' ? ' ' : '';
    const line = `${open}${pad}${content.replaceAll(/\n\s+/g, ' ')}${pad}${close}`;
    return line.length <= 100 ? line : whole;
  });
