import type { ArgumentValues, RecordedSyscall } from './recording.ts';
import { byText } from './recording.ts';
import { valuedArgument } from './valued.ts';

/** One entry of a rule's `args`. */
export interface WrittenCondition {
  readonly index: number;
  readonly value: bigint;
  readonly valueTwo?: bigint;
  readonly op: 'SCMP_CMP_EQ' | 'SCMP_CMP_MASKED_EQ';
}

/** A rule to write: unconditional where `condition` is absent. */
export interface WrittenRule {
  readonly names: readonly string[];
  readonly condition?: WrittenCondition;
}

/** Rules for one syscall beyond which conditions are more than anybody reads. */
const MOST_VALUES = 16;

/**
 * Rules that let exactly the recorded calls of these syscalls through, as far as one argument tells them apart: a rule for
 * each value, or one about the flags that were never set. Syscalls without such an argument, or with too many values, share
 * a first rule without condition.
 */
export function condense(
  syscalls: readonly RecordedSyscall[],
  unconditional: ReadonlySet<string>,
): readonly WrittenRule[] {
  const names = [...new Set(syscalls.map(({ name }) => name))].sort(byText);
  const rules = new Map(
    names.map((name) => {
      const own = syscalls.filter((each) => each.name === name);
      return [name, unconditional.has(name) ? undefined : conditionsFor(own)] as const;
    }),
  );
  const plain = names.filter((name) => !rules.get(name));
  const conditional = names.flatMap((name) =>
    (rules.get(name) ?? []).map((condition) => ({ names: [name], condition })),
  );
  return [...(plain.length > 0 ? [{ names: plain }] : []), ...conditional];
}

/** A rule counts on all architectures, so the argument must be the same on all on which the syscall was recorded. */
function conditionsFor(own: readonly RecordedSyscall[]): readonly WrittenCondition[] | undefined {
  const [first, ...others] = own.map(({ name, architecture }) => valuedArgument(name, architecture));
  if (!first || others.some((other) => other?.index !== first.index)) return undefined;
  const { index, mask } = first;
  const values = distinct(own.flatMap(({ variants }) => variants.map((args) => args[index])));
  if (!values) return undefined;
  return mask === undefined ? equalities(index, values) : unsetFlags(index, values, mask);
}

function distinct(values: readonly ArgumentValues[number][]): readonly bigint[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? [...new Set(known)].sort((a, b) => (a < b ? -1 : 1)) : undefined;
}

/** From here on a C `int` is negative, and its register may hold it with or without its sign. */
const SIGNED = 0x80000000n;

function equalities(index: number, values: readonly bigint[]): readonly WrittenCondition[] | undefined {
  if (values.length > MOST_VALUES || values.some((value) => value >= SIGNED)) return undefined;
  return values.map((value) => ({ index, value, op: 'SCMP_CMP_EQ' }));
}

/** Undefined where every flag was set in some call. */
function unsetFlags(index: number, values: readonly bigint[], mask: bigint): readonly WrittenCondition[] | undefined {
  const unset = values.reduce((left, value) => left & ~value, mask);
  return unset === 0n ? undefined : [{ index, value: unset, valueTwo: 0n, op: 'SCMP_CMP_MASKED_EQ' }];
}
