import type { Comparison } from './program.ts';

/** A comparison of one 32-bit word of the call, after `and` with the mask where there is one. */
export interface WordTest {
  readonly offset: number;
  readonly mask: number | undefined;
  readonly comparison: Comparison;
  readonly k: number;
}

/** Position of a node in its graph; nodes only lead to earlier ones. */
export type NodeId = number;

export type GraphNode =
  | { readonly kind: 'return'; readonly value: number }
  | { readonly kind: 'test'; readonly test: WordTest; readonly yes: NodeId; readonly no: NodeId };

/** A decision graph under construction: equal nodes are stored once. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  returning(value: number): NodeId;
  testing(test: WordTest, yes: NodeId, no: NodeId): NodeId;
}

export function newGraph(): Graph {
  const nodes: GraphNode[] = [];
  const known = new Map<string, NodeId>();
  const store = (key: string, node: GraphNode): NodeId => {
    const old = known.get(key);
    if (old !== undefined) return old;
    known.set(key, nodes.length);
    return nodes.push(node) - 1;
  };
  return {
    nodes,
    returning: (value) => store(`${value}`, { kind: 'return', value }),
    testing: (test, yes, no) => {
      if (yes === no) return yes;
      const { offset, mask, comparison, k } = test;
      return store(`${offset} ${mask} ${comparison} ${k} ${yes} ${no}`, { kind: 'test', test, yes, no });
    },
  };
}

/** What is known on a path: tests made before, and how they ended. */
export interface Fact {
  readonly test: WordTest;
  readonly held: boolean;
}

export type Continuation = (facts: readonly Fact[]) => NodeId;

/** A node for a test whose ends may use its result; none when the facts already decide it. */
export function branch(
  graph: Graph,
  test: WordTest,
  facts: readonly Fact[],
  yes: Continuation,
  no: Continuation,
): NodeId {
  const known = decided(test, facts);
  if (known !== undefined) return known ? yes(facts) : no(facts);
  return graph.testing(test, yes([...facts, { test, held: true }]), no([...facts, { test, held: false }]));
}

/** Goes on from a node as far as the facts decide its tests. */
export function follow(graph: Graph, from: NodeId, facts: readonly Fact[]): NodeId {
  let id = from;
  for (;;) {
    const node = graph.nodes[id]!;
    if (node.kind === 'return') return id;
    const known = decided(node.test, facts);
    if (known === undefined) return id;
    id = known ? node.yes : node.no;
  }
}

function decided(test: WordTest, facts: readonly Fact[]): boolean | undefined {
  for (const fact of facts) {
    if (fact.test.offset !== test.offset) continue;
    const { mask, comparison, k } = fact.test;
    if (mask === test.mask && comparison === test.comparison && k === test.k) return fact.held;
    if (fact.held && comparison === 'jeq' && mask === undefined) return compare(test, k);
    if (fact.held && test.comparison === 'jeq' && mask === test.mask && !compareWord(comparison, test.k, k))
      return false;
  }
  return undefined;
}

function compare({ mask, comparison, k }: WordTest, word: number): boolean {
  return compareWord(comparison, mask === undefined ? word : (word & mask) >>> 0, k);
}

/** The comparison as BPF makes it, on unsigned 32-bit numbers. */
export function compareWord(comparison: Comparison, word: number, k: number): boolean {
  switch (comparison) {
    case 'jeq':
      return word === k;
    case 'jgt':
      return word > k;
    case 'jge':
      return word >= k;
    case 'jset':
      return (word & k) !== 0;
  }
}
