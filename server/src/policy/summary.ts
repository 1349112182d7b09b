import { type ArchTable, type DefaultProfileId, defaultProfile } from '../catalog/index.ts';
import { parseProfile } from '../profile/build.ts';
import type { Rule, Text } from '../profile/model.ts';
import { uncertain } from './certainty.ts';
import { type Change, type Comparison, compare, type SyscallDifference } from './compare.ts';
import { type ArchFilter, load } from './load.ts';
import { multiplexed } from './multiplex.ts';
import { highestNumber, type Policy, policyOf } from './policy.ts';
import { type Resolved, resolvedRule } from './resolve.ts';
import type { Target } from './target.ts';

const BUILT_IN = new WeakMap<Target, Map<DefaultProfileId, Policy>>();

/** An engine's built-in profile, as a policy for a target. Parsed once for each target. */
export function defaultPolicy(id: DefaultProfileId, target: Target): Policy {
  const known = BUILT_IN.get(target) ?? new Map<DefaultProfileId, Policy>();
  BUILT_IN.set(target, known);
  const policy = known.get(id) ?? policyOf(parseProfile(defaultProfile(id).text).profile!, target)!;
  known.set(id, policy);
  return policy;
}

const AGAINST_DEFAULT = new WeakMap<Policy, Map<DefaultProfileId, Comparison>>();

/** How a policy treats the native architecture's calls next to a built-in profile. Compared once for each policy. */
export function againstDefault(policy: Policy, id: DefaultProfileId = 'docker'): Comparison {
  const known = AGAINST_DEFAULT.get(policy) ?? new Map<DefaultProfileId, Comparison>();
  AGAINST_DEFAULT.set(policy, known);
  const architectures = [policy.native.architecture];
  const found = known.get(id) ?? compare(defaultPolicy(id, policy.target), policy, { architectures });
  known.set(id, found);
  return found;
}

/** The syscalls of a comparison that changed in one way, in its order. */
export function changedNames({ syscalls }: Comparison, change: Change): readonly string[] {
  return syscalls.filter((difference) => difference.change === change).map(({ name }) => name);
}

/** `3 looser than Docker's default: bpf, mount, ...; 12 tighter`; empty where both do the same. */
export function againstDefaultInWords(policy: Policy, id: DefaultProfileId = 'docker', most = 3): string {
  const comparison = againstDefault(policy, id);
  const looser = changedNames(comparison, 'looser');
  const tighter = changedNames(comparison, 'tighter');
  const whose = `${defaultProfile(id).label.split(' ')[0]}'s default`;
  const than = looser.length > 0 ? '' : ` than ${whose}`;
  return [
    looser.length > 0 && `${looser.length} looser than ${whose}: ${shortList(looser, most)}`,
    tighter.length > 0 && `${tighter.length} tighter${than}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function shortList(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown}, …` : shown;
}

/**
 * What a rule adds to the policy: how the policy differs from one without the rule, on every architecture. Empty where
 * the rule has no effect. Costs the rule's own names, unless the rule names the newest call of an architecture.
 */
export function effectOf(policy: Policy, rule: Rule): Comparison {
  const { resolved } = policy;
  const found = resolvedRule(resolved, rule);
  const own = new Set(found?.names.map(({ value }) => value));
  if (own.size === 0) return { syscalls: [], unnamed: undefined };
  const rest: Resolved = { ...resolved, rules: resolved.rules.filter((one) => one !== found) };
  const without = withRules(policy, rest, rest);
  if (movesStub(without, policy) || hangsTogether(policy)) return withoutDetours(compare(without, policy), own);
  const names = new Set([...own, ...MULTIPLEXERS]);
  const before = withRules(policy, rest, only(rest, own));
  const after = withRules(policy, resolved, only(resolved, own));
  return withoutDetours(compare(before, after, { names }), own);
}

const TOGETHER = new WeakMap<Policy, boolean>();

/** Whether syscalls cannot be judged one by one, now or without a rule that hides the conditions of others. */
function hangsTogether(policy: Policy): boolean {
  const known = TOGETHER.get(policy);
  if (known !== undefined) return known;
  const found = policy.resolved.architectures.some(({ table }) => {
    const filter = policy.filter(table)!;
    return [...filter.syscalls].some(([number, { erased }]) => erased || uncertain(policy, filter, number));
  });
  TOGETHER.set(policy, found);
  return found;
}

/** Rules for the calls behind them also reach these, where an architecture has them. */
const MULTIPLEXERS: readonly string[] = ['socketcall', 'ipc'];

/** The policy with other rules; its filters hold those of `loaded` alone and are built when first asked for. */
function withRules(policy: Policy, resolved: Resolved, loaded: Resolved): Policy {
  const { profile, read, target } = policy;
  const { table: host } = policy.native.architecture;
  const filters = new Map<ArchTable, ArchFilter>();
  const filter = (table: ArchTable): ArchFilter | undefined => {
    const arch = resolved.architectures.find((candidate) => candidate.table === table);
    const known = arch && (filters.get(table) ?? load(loaded, arch, target));
    if (known) filters.set(table, known);
    return known;
  };
  return {
    profile,
    read,
    target,
    resolved,
    filter,
    get native() {
      return filter(host)!;
    },
  };
}

/** The rules for these names. Calls behind a multiplexer meet there: with one of them, the rules for all count. */
function only(resolved: Resolved, names: ReadonlySet<string>): Resolved {
  const meets = (name: string): boolean => MULTIPLEXERS.includes(name) || multiplexed(name, 'x86') !== undefined;
  const all = [...names].some(meets);
  const counts = ({ value }: Text): boolean => names.has(value) || (all && meets(value));
  const rules = resolved.rules.map((rule) => ({ ...rule, names: rule.names.filter(counts) }));
  return { ...resolved, rules: rules.filter((rule) => rule.names.length > 0) };
}

/** Whether the rule names the highest number of an architecture, so that others get another answer from runc. */
function movesStub(without: Policy, policy: Policy): boolean {
  return policy.resolved.architectures.some(
    ({ table }) => highestNumber(without, table) !== highestNumber(policy, table),
  );
}

/** Leaves the multiplexers out that follow from what the rule does by name. */
function withoutDetours(effect: Comparison, own: ReadonlySet<string>): Comparison {
  const direct = effect.syscalls.filter(({ name }) => own.has(name) || !MULTIPLEXERS.includes(name));
  return direct.length > 0 ? { ...effect, syscalls: direct } : effect;
}

/** `allows 12 syscalls`, `denies 2 syscalls, 1 for some arguments`, `no effect`. */
export function effectInWords({ syscalls, unnamed }: Comparison): string {
  const parts = [
    counted('allows', syscalls, 'looser'),
    counted('denies', syscalls, 'tighter'),
    counted('changes how', syscalls, 'changed', ' fail'),
    counted('not predictable for', syscalls, 'unpredictable'),
  ].filter(Boolean);
  if (parts.length > 0) return parts.join('; ');
  return unnamed ? 'changes only what calls of newer kernels get' : 'no effect';
}

function counted(verb: string, all: readonly SyscallDifference[], change: Change, rest = ''): string {
  const found = byName(all.filter((difference) => difference.change === change));
  if (found.size === 0) return '';
  const partly = [...found.values()].filter((whole) => !whole).length;
  const names = [...found.keys()];
  const what = names.length <= 2 ? names.join(' and ') : `${names.length} syscalls`;
  const some = change !== 'unpredictable' && partly > 0;
  const extent = !some ? '' : partly === names.length ? ' for some arguments' : `, ${partly} for some arguments`;
  return `${verb} ${what}${rest && (names.length === 1 ? ` ${rest.trim()}s` : rest)}${extent}`;
}

/** Names, each with whether it changes as a whole on some architecture. */
function byName(all: readonly SyscallDifference[]): ReadonlyMap<string, boolean> {
  const names = new Map<string, boolean>();
  for (const { name, whole } of all) names.set(name, whole || (names.get(name) ?? false));
  return names;
}
