import { type DefaultProfileId, defaultProfile } from '../src/catalog/index.ts';
import {
  type Change,
  type Comparison,
  compare,
  type Difference,
  type SyscallDifference,
} from '../src/policy/compare.ts';
import type { Policy } from '../src/policy/policy.ts';
import { permits } from '../src/policy/resolve.ts';
import { callInWords } from '../src/policy/strace.ts';
import type { Target } from '../src/policy/target.ts';
import { hex, outcomeInWords } from '../src/policy/words.ts';
import { Failure } from './failure.ts';
import { printJson } from './formats/json.ts';
import { type Io, readSource, type Source } from './io.ts';
import { type Arguments, choiceOf } from './options.ts';
import { printable } from './printable.ts';
import { load } from './profile.ts';
import { targetForJson, targetFrom } from './target.ts';
import { actionForJson, ruleForJson, shortName } from './verdicts.ts';

export const DIFF_OPTIONS = { json: { type: 'boolean' }, 'fail-on': { type: 'string' } } as const;

/** Names for the engines' own profiles. */
const BUILT_IN: Readonly<Record<string, DefaultProfileId>> = { 'docker-default': 'docker', 'podman-default': 'podman' };

/** The two sides of a comparison. */
interface Sides {
  readonly target: Target;
  readonly before: Policy;
  readonly after: Policy;
  readonly names: readonly [string, string];
}

/** `diff A B`: 0, or 1 with `--fail-on looser` where B permits what A does not; 2 where one of them is not loaded. */
export function diffCommand({ values, positionals }: Arguments, io: Io): number {
  const [a, b, ...rest] = positionals;
  if (a === undefined || b === undefined || rest.length > 0)
    throw new Failure('diff takes two profiles: files, docker-default or podman-default.');
  if (a === '-' && b === '-') throw new Failure('Standard input cannot be both profiles.');
  const failOn = choiceOf(values, 'fail-on', ['never', 'looser', 'any'], 'never');
  const target = targetFrom(values);
  const before = load(sourceOf(a), target, 2).policy;
  const after = load(sourceOf(b), target, 2).policy;
  const comparison = compare(before, after);
  const sides = { target, before, after, names: [a, b] as const };
  io.out(values.json === true ? printJson(comparisonJson(comparison, sides)) : comparisonText(comparison, sides));
  return fails(comparison, failOn) ? 1 : 0;
}

function sourceOf(name: string): Source {
  const id = BUILT_IN[name];
  return id ? { name, text: defaultProfile(id).text } : readSource(name);
}

/** What cannot be told may be looser. */
function fails({ syscalls, unnamed }: Comparison, failOn: 'never' | 'looser' | 'any'): boolean {
  if (failOn === 'never') return false;
  if (failOn === 'any') return syscalls.length > 0 || unnamed !== undefined;
  const looser = ({ change, differences }: SyscallDifference): boolean =>
    change === 'looser' || change === 'unpredictable' || differences.some(opens);
  return syscalls.some(looser) || (unnamed !== undefined && opens(unnamed));
}

const opens = ({ before, after }: Difference): boolean => permits(after.outcome) && !permits(before.outcome);

function comparisonJson({ syscalls, unnamed }: Comparison, sides: Sides): object {
  const { target, names } = sides;
  return {
    target: targetForJson(target),
    before: names[0],
    after: names[1],
    syscalls: syscalls.map(({ name, change, architectures, whole, complete, differences, why }) => ({
      name,
      change,
      architectures: architectures.map((arch) => arch.name),
      whole,
      complete,
      differences: differences.map((difference) => differenceJson(difference, sides)),
      ...(why !== undefined && { why }),
    })),
    unnamed: unnamed ? differenceJson(unnamed, sides) : null,
  };
}

/** One call that gets something else, with what it gets on either side. */
function differenceJson({ args, before, after }: Difference, sides: Sides): object {
  return {
    args: args.map(hex),
    before: { ...actionForJson(sides.before, before), rule: ruleForJson(before) },
    after: { ...actionForJson(sides.after, after), rule: ruleForJson(after) },
  };
}

const TITLES: Readonly<Record<Change, string>> = {
  looser: 'Looser',
  changed: 'Changed',
  unpredictable: 'Not predictable',
  tighter: 'Tighter',
};

function comparisonText({ syscalls, unnamed }: Comparison, sides: Sides): string {
  const names = sides.names.map(printable);
  if (syscalls.length === 0 && !unnamed) return `${names[1]} does the same as ${names[0]}\n`;
  const groups = (['looser', 'changed', 'unpredictable', 'tighter'] as const).flatMap((change) => {
    const found = syscalls.filter((difference) => difference.change === change);
    return found.length > 0 ? ['', `${TITLES[change]} (${found.length})`, ...found.flatMap(syscallLines)] : [];
  });
  const rest = unnamed ? ['', `Calls of newer kernels: ${change(unnamed)}`] : [];
  return `${[`${names[1]} next to ${names[0]}`, ...groups, ...rest].join('\n')}\n`;
}

function syscallLines({
  name,
  architectures,
  differences,
  whole,
  complete,
  why,
}: SyscallDifference): readonly string[] {
  const head = `  ${name} on ${architectures.map(shortName).join(', ')}`;
  if (why !== undefined) return [`${head}: ${why}`];
  const first = differences[0]!;
  const more = complete ? [] : ['    and perhaps more: there are too many combinations of arguments'];
  if (whole && differences.length === 1) return [`${head}: ${change(first)}`, ...more];
  const table = architectures[0]!.table;
  return [head, ...differences.map((one) => `    ${callInWords(name, one.args, table)}: ${change(one)}`), ...more];
}

const change = ({ before, after }: Difference): string =>
  `${outcomeInWords(before.outcome)} -> ${outcomeInWords(after.outcome)}`;
