import type { ArchFilter, LoadedRule, Test } from '../load.ts';
import { inTestOrder } from '../order.ts';
import { chainOf, isOrdered } from '../relations.ts';
import { entriesUsed } from './assemble.ts';
import { type Graph, type NodeId, newGraph, type WordTest } from './graph.ts';
import { argumentOffset, returnValue } from './program.ts';

/** How libseccomp's blocks for arguments count: all together, and the longest way through those of each syscall. */
export interface Chains {
  /** Instructions of all blocks, equal ones counted once. */
  readonly instructions: number;
  /** Instructions on the longest path for one syscall; 0 without conditions. */
  longest(filter: ArchFilter, number: number): number;
}

/**
 * Weighs the argument checks in libseccomp's shape: a tree for each syscall in which rules share their first steps, both
 * halves always looked at, masks applied even where they are empty, equal blocks stored once (`src/gen_bpf.c`).
 */
export function libseccompChains(filters: readonly ArchFilter[], fallback: number): Chains {
  const graph = newGraph();
  const roots = new Map<ArchFilter, Map<number, NodeId>>();
  for (const filter of filters) roots.set(filter, rootsOf(graph, filter, fallback));
  const entries = entriesUsed(
    graph,
    [...roots.values()].flatMap((found) => [...found.values()]),
  );
  const weight = (id: NodeId): number => {
    const node = graph.nodes[id]!;
    if (node.kind === 'return') return 0;
    return 1 + (entries.get(id)?.full ? 1 + (node.test.mask === undefined ? 0 : 1) : 0);
  };
  let instructions = 0;
  for (const id of entries.keys()) instructions += weight(id);
  const paths: number[] = [];
  graph.nodes.forEach((node, id) => {
    paths.push(weight(id) + (node.kind === 'return' ? 0 : Math.max(paths[node.yes]!, paths[node.no]!)));
  });
  return { instructions, longest: (filter, number) => paths[roots.get(filter)?.get(number) ?? -1] ?? 0 };
}

function rootsOf(graph: Graph, filter: ArchFilter, fallback: number): Map<number, NodeId> {
  const roots = new Map<number, NodeId>();
  for (const [number, { unconditional, conditional }] of filter.syscalls) {
    if (unconditional || conditional.length === 0) continue;
    const tree = treeOf(inTestOrder(conditional, filter.architecture.bits), filter);
    roots.set(number, levelNode(graph, tree, filter.architecture.endian, graph.returning(fallback)));
  }
  return roots;
}

/** Alternatives in order; rules that begin alike share a branch. */
type Level = Map<string, Branch>;

interface Branch {
  readonly step: Step;
  readonly held: End;
  readonly missed: End;
}

/** What follows one result of a step; the next alternative where there is nothing. */
interface End {
  outcome: number | undefined;
  readonly next: Level;
}

/** A comparison of a whole argument, or of one half. NE, LT and LE are EQ, GE and GT that miss. */
interface Step {
  readonly test: Test;
  readonly part: 'high' | 'low' | 'both';
  readonly comparison: 'jeq' | 'jge' | 'jgt';
}

const COMPARISONS: Readonly<Record<string, Step['comparison']>> = {
  SCMP_CMP_EQ: 'jeq',
  SCMP_CMP_NE: 'jeq',
  SCMP_CMP_MASKED_EQ: 'jeq',
  SCMP_CMP_GE: 'jge',
  SCMP_CMP_LT: 'jge',
  SCMP_CMP_GT: 'jgt',
  SCMP_CMP_LE: 'jgt',
};
const MISSING = new Set(['SCMP_CMP_NE', 'SCMP_CMP_LT', 'SCMP_CMP_LE']);

function treeOf(rules: readonly LoadedRule[], { architecture: { bits } }: ArchFilter): Level {
  const root: Level = new Map();
  for (const rule of rules) insert(root, chainOf(rule), returnValue(rule.outcome), bits);
  return root;
}

function insert(level: Level, [test, ...rest]: readonly Test[], outcome: number, bits: 32 | 64): void {
  for (const end of endsOf(level, test!, bits)) {
    if (rest.length > 0) insert(end.next, rest, outcome, bits);
    else end.outcome ??= outcome;
  }
}

/** Where the calls arrive for which a test holds. */
function endsOf(level: Level, test: Test, bits: 32 | 64): readonly End[] {
  const end = MISSING.has(test.op) ? 'missed' : 'held';
  if (bits === 32) return [branchAt(level, test, 'low')[end]];
  if (isOrdered(test)) return [branchAt(level, test, 'both')[end]];
  const high = branchAt(level, test, 'high');
  const low = branchAt(high.held.next, test, 'low');
  return end === 'held' ? [low.held] : [high.missed, low.missed];
}

function branchAt(level: Level, test: Test, part: Step['part']): Branch {
  const step: Step = { test, part, comparison: COMPARISONS[test.op] ?? 'jeq' };
  const { k, mask, offset } = wordTest(step, part === 'both' ? 'low' : part, 'little');
  const key = `${offset} ${part} ${step.comparison} ${mask} ${k} ${part === 'both' ? test.value >> 32n : ''}`;
  const branch = level.get(key) ?? { step, held: nowhere(), missed: nowhere() };
  level.set(key, branch);
  return branch;
}

function nowhere(): End {
  return { outcome: undefined, next: new Map() };
}

function levelNode(graph: Graph, level: Level, endian: Endian, otherwise: NodeId): NodeId {
  return [...level.values()].reduceRight((next, { step, held, missed }) => {
    const after = ({ outcome, next: deeper }: End): NodeId =>
      outcome === undefined ? levelNode(graph, deeper, endian, next) : graph.returning(outcome);
    return stepNode(graph, step, endian, after(held), after(missed));
  }, otherwise);
}

type Endian = 'little' | 'big';

function stepNode(graph: Graph, step: Step, endian: Endian, held: NodeId, missed: NodeId): NodeId {
  if (step.part !== 'both') return graph.testing(wordTest(step, step.part, endian), held, missed);
  const low = graph.testing(wordTest(step, 'low', endian), held, missed);
  const equal = graph.testing(wordTest({ ...step, comparison: 'jeq' }, 'high', endian), low, missed);
  return graph.testing(wordTest({ ...step, comparison: 'jgt' }, 'high', endian), held, equal);
}

function wordTest({ test, comparison }: Step, half: 'high' | 'low', endian: Endian): WordTest {
  const cut = (word: bigint): number => Number(half === 'high' ? word >> 32n : word & 0xffffffffn);
  const masked = test.op === 'SCMP_CMP_MASKED_EQ';
  const mask = masked && cut(test.value) !== 0xffffffff ? cut(test.value) : undefined;
  return {
    offset: argumentOffset(test.index, half, endian),
    mask,
    comparison,
    k: cut(masked ? test.datum : test.value),
  };
}
