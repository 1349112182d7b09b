import type { ArchFilter, LoadedRule, Test } from '../load.ts';
import { inTestOrder } from '../order.ts';
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
    roots.set(number, levelNode(graph, tree, filter, graph.returning(fallback)));
  }
  return roots;
}

/** Alternatives in order; rules that begin alike share a branch. */
type Level = Map<string, Branch>;

interface Branch {
  readonly step: Step;
  outcome: number | undefined;
  readonly next: Level;
}

/** A test of a whole argument, or of one half. */
interface Step {
  readonly test: Test;
  readonly part: 'high' | 'low' | 'both';
}

const BY_HALVES = new Set(['SCMP_CMP_EQ', 'SCMP_CMP_NE', 'SCMP_CMP_MASKED_EQ']);

function treeOf(rules: readonly LoadedRule[], { architecture: { bits } }: ArchFilter): Level {
  const root: Level = new Map();
  for (const rule of rules) {
    let level = root;
    const steps = [...rule.tests].sort((a, b) => a.index - b.index).flatMap((test) => stepsOf(test, bits));
    steps.forEach((step, i) => {
      const branch = level.get(keyOf(step)) ?? { step, outcome: undefined, next: new Map() };
      level.set(keyOf(step), branch);
      if (i === steps.length - 1) branch.outcome ??= returnValue(rule.outcome);
      level = branch.next;
    });
  }
  return root;
}

function stepsOf(test: Test, bits: 32 | 64): readonly Step[] {
  if (bits === 32) return [{ test, part: 'low' }];
  // not equal has no common upper half: its ends are the other way round
  if (test.op === 'SCMP_CMP_NE' || !BY_HALVES.has(test.op)) return [{ test, part: 'both' }];
  return [
    { test, part: 'high' },
    { test, part: 'low' },
  ];
}

function keyOf({ test: { index, op, value, datum }, part }: Step): string {
  const cut = (word: bigint): bigint => (part === 'high' ? word >> 32n : part === 'low' ? word & 0xffffffffn : word);
  return `${index} ${part} ${op} ${cut(value)} ${cut(datum)}`;
}

function levelNode(graph: Graph, level: Level, filter: ArchFilter, otherwise: NodeId): NodeId {
  return [...level.values()].reduceRight((next, { step, outcome, next: deeper }) => {
    const yes = outcome === undefined ? levelNode(graph, deeper, filter, next) : graph.returning(outcome);
    return stepNode(graph, step, filter, yes, next);
  }, otherwise);
}

function stepNode(graph: Graph, { test, part }: Step, filter: ArchFilter, yes: NodeId, no: NodeId): NodeId {
  const { endian } = filter.architecture;
  const { op } = test;
  const inverse = op === 'SCMP_CMP_NE' || op === 'SCMP_CMP_LT' || op === 'SCMP_CMP_LE';
  const [held, missed] = inverse ? [no, yes] : [yes, no];
  const node = (which: 'high' | 'low', comparison: WordTest['comparison']): ((yes: NodeId) => NodeId) => {
    const test = wordTest(which, comparison);
    return (then) => graph.testing(test, then, missed);
  };
  const wordTest = (which: 'high' | 'low', comparison: WordTest['comparison']): WordTest => {
    const cut = (word: bigint): number => Number(which === 'high' ? word >> 32n : word & 0xffffffffn);
    const masked = op === 'SCMP_CMP_MASKED_EQ';
    const mask = masked && cut(test.value) !== 0xffffffff ? cut(test.value) : undefined;
    return {
      offset: argumentOffset(test.index, which, endian),
      mask,
      comparison,
      k: cut(masked ? test.datum : test.value),
    };
  };
  if (BY_HALVES.has(op))
    return part === 'both' ? node('high', 'jeq')(node('low', 'jeq')(held)) : node(part, 'jeq')(held);
  const comparison = op === 'SCMP_CMP_GE' || op === 'SCMP_CMP_LT' ? 'jge' : 'jgt';
  const lower = node('low', comparison)(held);
  if (part !== 'both') return lower;
  return graph.testing(wordTest('high', 'jgt'), held, node('high', 'jeq')(lower));
}
