import type { Architecture } from '../../catalog/index.ts';
import type { ArchFilter } from '../load.ts';
import { type Policy, stubDecision } from '../policy.ts';
import { loaderOf } from '../target.ts';
import { type Chains, libseccompChains } from './libseccomp-chains.ts';
import { LONGEST_PROGRAM, returnValue } from './program.ts';

/** What libseccomp's own program for a policy will weigh. All figures are estimates. */
export interface Estimate {
  /** Instructions that libseccomp generates. */
  readonly libseccomp: number;
  /** Instructions that runc puts in front of them. */
  readonly stub: number;
  /** Both together. */
  readonly total: number;
  /** Longer than the kernel accepts: the container does not start. */
  readonly exceeds: boolean;
  /** libseccomp looks numbers up in a binary tree instead of a list. */
  readonly tree: boolean;
  /** Instructions executed on the longest path. */
  readonly longest: number;
  /** The most instructions executed for a syscall of an architecture; undefined when the filter lacks the architecture. */
  cost(number: number, architecture: Architecture): number | undefined;
}

/** runc 1.2 asks for the tree above this many names in rules (runc: `libcontainer/seccomp/seccomp_linux.go`). */
const TREE_ABOVE = 32;
/** Syscalls in a leaf of libseccomp's tree (libseccomp: `src/gen_bpf.c`). */
const LEAF = 4;
/** How far a comparison jumps. */
const REACH = 255;

/** Architectures that share a token share a part of the program. */
interface Part {
  readonly filters: readonly ArchFilter[];
  readonly syscalls: number;
  /** Instructions before the syscalls: architecture, number, and what keeps x32 apart. */
  readonly header: number;
  readonly lookup: number;
}

/** Estimates the program's size. Exact for small lists; within a few percent where long jumps come in. */
export function estimate(policy: Policy): Estimate {
  const { rules } = policy.resolved;
  const names = rules.reduce((sum, rule) => sum + rule.names.length, 0);
  const tree = loaderOf(policy.target) === 'runc' && names > TREE_ABOVE;
  const parts = partsOf(policy, tree);
  const filters = parts.flatMap((part) => part.filters);
  const chains = libseccompChains(filters, returnValue(policy.resolved.default!));
  const outcomes = outcomesOf(policy, filters);
  const own = parts.reduce((sum, part) => sum + part.header + part.lookup, 0);
  const libseccomp = 1 + own + chains.instructions + outcomes.size + steppingStones(parts, outcomes.size, tree);
  const stub = stubLength(policy);
  const total = libseccomp + stub;
  const cost = (number: number, architecture: Architecture): number | undefined =>
    costOf({ parts, tree, chains, stub }, number, architecture);
  const longest = Math.max(...filters.map((filter) => longestOf(filter, cost)));
  return { libseccomp, stub, total, exceeds: total > LONGEST_PROGRAM, tree, longest, cost };
}

function partsOf(policy: Policy, tree: boolean): readonly Part[] {
  const { architectures } = policy.resolved;
  return [...new Set(architectures.map((arch) => arch.token))].map((token) => {
    const shared = architectures.filter((arch) => arch.token === token);
    const filters = shared.map((arch) => policy.filter(arch.table)!);
    const syscalls = filters.reduce((sum, filter) => sum + filter.syscalls.size, 0);
    const apart = shared.length > 1 ? 0 : ({ x86_64: 2, x32: 1 }[shared[0]!.table as string] ?? 0);
    const loads = (apart > 0 ? 1 : 0) + (tree && syscalls > 0 ? 1 : apart === 0 && syscalls > 0 ? 1 : 0);
    return { filters, syscalls, header: 1 + apart + loads, lookup: syscalls + (tree ? innerNodes(syscalls) : 0) };
  });
}

function innerNodes(syscalls: number): number {
  return Math.max(0, Math.ceil(syscalls / LEAF) - 1);
}

/** The values that the program returns: killing for foreign architectures, the default, and those of the rules. */
function outcomesOf(policy: Policy, filters: readonly ArchFilter[]): ReadonlySet<number> {
  const values = new Set([0, returnValue(policy.resolved.default!)]);
  for (const filter of filters)
    for (const { unconditional, conditional } of filter.syscalls.values())
      for (const rule of unconditional ? [unconditional] : conditional) values.add(returnValue(rule.outcome));
  return values;
}

/** Repeated returns and jumps that bridge what a comparison does not reach. */
function steppingStones(parts: readonly Part[], outcomes: number, tree: boolean): number {
  return parts.reduce((sum, { lookup }) => {
    const windows = Math.floor(lookup / REACH);
    return sum + windows * (tree ? outcomes : 1) + (windows > 0 ? 1 : 0);
  }, 0);
}

/** What runc's part takes: an instruction for each token, a section that compares the number, and four around them. */
function stubLength(policy: Policy): number {
  const answering = policy.resolved.architectures.filter((arch) => stubDecision(policy, arch, 0xffffffff));
  const tokens = [...new Set(answering.map((arch) => arch.token))];
  const sections = tokens.map((token) => 1 + sectionLength(answering.filter((arch) => arch.token === token)));
  return tokens.length === 0 ? 0 : sections.reduce((sum, length) => sum + length, 4);
}

/** Instructions for one token (runc: `libcontainer/seccomp/patchbpf`): x32 is told apart, call 0 of s390 answered. */
function sectionLength(sharing: readonly Architecture[]): number {
  const { table } = sharing[0]!;
  if (sharing.length > 1) return 5;
  if (table === 'x86_64' || table === 'x32') return 4;
  return table === 's390x' || table === 's390' ? 5 : 3;
}

interface Weighed {
  readonly parts: readonly Part[];
  readonly tree: boolean;
  readonly chains: Chains;
  readonly stub: number;
}

/** Architecture checks on the way, the search for the number, the longest way through its conditions, and the return. */
function costOf({ parts, tree, chains, stub }: Weighed, number: number, { table }: Architecture): number | undefined {
  const at = parts.findIndex(({ filters }) => filters.some((filter) => filter.architecture.table === table));
  const part = parts[at];
  const filter = part?.filters.find((candidate) => candidate.architecture.table === table);
  if (!part || !filter) return undefined;
  const search = tree ? treeDepth(part.syscalls) + LEAF : position(part, filter, number);
  const conditions = chains.longest(filter, number);
  return (
    (stub > 0 ? 4 : 0) +
    1 +
    at +
    (part.header - (part.filters.length === 1 && table === 'x86_64' ? 1 : 0)) +
    search +
    conditions +
    1
  );
}

function treeDepth(syscalls: number): number {
  return Math.ceil(Math.log2(Math.max(1, Math.ceil(syscalls / LEAF))));
}

/** Comparisons until the number's own: those without conditions come first, lower numbers before higher ones. */
function position({ filters, syscalls }: Part, filter: ArchFilter, number: number): number {
  const found = filter.syscalls.get(number);
  if (!found) return syscalls;
  const before = filters.flatMap((each) =>
    [...each.syscalls].filter(
      ([other, { unconditional }]) =>
        (unconditional !== undefined && found.unconditional === undefined) ||
        ((unconditional === undefined) === (found.unconditional === undefined) && other < number),
    ),
  );
  return before.length + 1;
}

function longestOf(filter: ArchFilter, cost: Estimate['cost']): number {
  const { architecture, syscalls } = filter;
  const conditional = [...syscalls].filter(([, { unconditional }]) => unconditional === undefined);
  const numbers = [-1, ...conditional.map(([number]) => number)];
  return Math.max(...numbers.map((number) => cost(number, architecture) ?? 0));
}
