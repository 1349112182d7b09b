import { groupBy } from './data.ts';
import { errnoByNumber } from './errnos.ts';
import { argumentsOn, syscallNames } from './syscalls.ts';
import type { ArchTable, DefaultVerdict } from './types.ts';
import { describeValue } from './values.ts';

interface Conditions {
  readonly caps?: readonly string[];
  readonly arches?: readonly string[];
  readonly minKernel?: string;
}

interface Comparison {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}

/** A rule of a built-in profile in the Docker dialect. */
export interface DefaultRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly Comparison[] | null;
  readonly includes?: Conditions;
  readonly excludes?: Conditions;
}

/** How each name of the catalogue fares under the rules of a profile that denies by default. */
export function verdictsOf(rules: readonly DefaultRule[]): ReadonlyMap<string, DefaultVerdict> {
  const byName = groupBy(rules.flatMap((rule) => rule.names.map((name) => [name, rule] as const)));
  return new Map(syscallNames().map((name) => [name, verdict(name, byName.get(name) ?? [])]));
}

function verdict(name: string, rules: readonly DefaultRule[]): DefaultVerdict {
  const permits = rules.filter((rule) => rule.action === 'SCMP_ACT_ALLOW' || rule.action === 'SCMP_ACT_LOG');
  if (permits.length === 0) return { kind: 'denied', when: '' };
  if (permits.some((rule) => kindOf(rule) === 'allowed')) return { kind: 'allowed', when: '' };
  const kinds = permits.map(kindOf);
  const kind =
    (['argument', 'kernel', 'architecture'] as const).find((wanted) => kinds.includes(wanted)) ?? 'capability';
  return {
    kind,
    get when() {
      return [...alternatives(name, permits), ...otherwise(rules)].join(', ');
    },
  };
}

/** What a rule asks for, the hardest part first. */
function kindOf(rule: DefaultRule): DefaultVerdict['kind'] {
  if (rule.includes?.caps?.length) return 'capability';
  if (rule.args?.length) return 'argument';
  if (rule.includes?.minKernel || rule.excludes?.minKernel) return 'kernel';
  if (rule.includes?.arches?.length || rule.excludes?.arches?.length) return 'architecture';
  return rule.excludes?.caps?.length ? 'capability' : 'allowed';
}

/** The ways to be permitted. Those that ask for the same of the arguments, each on its architectures, are one. */
function alternatives(name: string, permits: readonly DefaultRule[]): readonly string[] {
  const granted = permits.flatMap(({ includes, args }) => (args?.length ? [] : (includes?.caps ?? [])));
  const ways = groupBy(permits.map((rule) => [wayOf(rule, granted), comparisonOf(name, rule)] as const));
  const told = [...ways].map(([way, comparisons]) => {
    const compared = joinComparisons(comparisons.filter((comparison) => comparison !== undefined));
    return { way, compared: compared && `when ${compared}` };
  });
  const texts = told.map(({ way, compared }) => {
    const everywhere = compared !== '' && told.some((other) => other.way !== way && other.compared === compared);
    return everywhere ? compared : [compared, way].filter(Boolean).join(' ');
  });
  return [...new Set(texts)].map((text, index) => (index === 0 ? text : `or ${text}`));
}

/** What a rule asks for besides arguments; lacking a capability that itself suffices goes without saying. */
function wayOf({ includes, excludes }: DefaultRule, granted: readonly string[]): string {
  const lacking = excludes?.caps?.filter((capability) => !granted.includes(capability)) ?? [];
  const words = [
    includes?.caps?.length && `with ${includes.caps.join(' and ')}`,
    lacking.length && `without ${lacking.join(' and ')}`,
    includes?.arches?.length && `on ${includes.arches.join(', ')}`,
    excludes?.arches?.length && `not on ${excludes.arches.join(', ')}`,
    includes?.minKernel && `from Linux ${includes.minKernel}`,
    excludes?.minKernel && `before Linux ${excludes.minKernel}`,
  ];
  return words.filter(Boolean).join(' ');
}

/** What a rule without such a capability answers instead, where that differs from the usual refusal. */
function otherwise(rules: readonly DefaultRule[]): readonly string[] {
  const refusal = rules.find(
    (rule) => rule.action === 'SCMP_ACT_ERRNO' && rule.errnoRet !== undefined && !rule.args?.length,
  );
  const errno = refusal?.errnoRet === undefined ? undefined : errnoByNumber(refusal.errnoRet);
  return errno ? [`otherwise ${errno.name}`] : [];
}

interface Told {
  readonly subject: string;
  readonly rest: string;
}

const signs: Readonly<Record<string, string>> = {
  SCMP_CMP_NE: '≠',
  SCMP_CMP_LT: '<',
  SCMP_CMP_LE: '≤',
  SCMP_CMP_EQ: '=',
  SCMP_CMP_GE: '≥',
  SCMP_CMP_GT: '>',
};

/** The conditions of one rule, all of which must hold; `undefined` when it has none. */
function comparisonOf(name: string, { args, includes }: DefaultRule): readonly Told[] | undefined {
  const onZ = includes?.arches?.includes('s390x') ?? false;
  return args?.length ? args.map((comparison) => tell(name, comparison, onZ ? 's390x' : 'x86_64')) : undefined;
}

function tell(name: string, { index, op, value, valueTwo = 0 }: Comparison, arch: ArchTable): Told {
  const argument = argumentsOn(name, arch)?.[index];
  const subject = argument?.name ?? `argument ${index}`;
  const named = argument?.decoder ? describeValue(argument.decoder, BigInt(value), arch) : '';
  if (op !== 'SCMP_CMP_MASKED_EQ') {
    return { subject, rest: `${signs[op] ?? op} ${named ? `${named} (${value})` : value}` };
  }
  const mask = named ? shorten(named) : hex(value);
  if (valueTwo === 0) return { subject: `${subject} has none of`, rest: mask };
  return { subject: `${subject} & (${mask})`, rest: `= ${hex(valueTwo)}` };
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** `CLONE_NEW(NS|UTS|PID|NET)` for a long list of flags with a common start. */
function shorten(flags: string): string {
  const names = flags.split(' | ');
  const [first = ''] = names;
  let shared = first.length;
  while (shared > 0 && !names.every((name) => name.startsWith(first.slice(0, shared)))) shared--;
  if (names.length < 4 || shared < 4) return flags;
  return `${first.slice(0, shared)}(${names.map((name) => name.slice(shared)).join('|')})`;
}

function joinComparisons(rules: readonly (readonly Told[])[]): string {
  let last = '';
  const parts = rules.map((conditions) => {
    const only = conditions.length === 1 ? conditions[0] : undefined;
    const repeated = only !== undefined && only.subject === last;
    last = only?.subject ?? '';
    return repeated ? only.rest : conditions.map(({ subject, rest }) => `${subject} ${rest}`).join(' and ');
  });
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`;
}
