import { holds, type LoadedRule, type Test } from '../load.ts';
import { branch, type Continuation, type Fact, follow, type Graph, type NodeId, type WordTest } from './graph.ts';
import { argumentOffset, type Comparison, returnValue } from './program.ts';

/** Where and how wide the arguments of an architecture are. */
export interface Layout {
  readonly bits: 32 | 64;
  readonly endian: 'little' | 'big';
}

/** A node that tries a rule before what follows. `next` is where calls go that the rule does not match. */
export function ruleNode(graph: Graph, rule: LoadedRule, layout: Layout, next: NodeId): NodeId {
  const tests = [...rule.tests].sort((a, b) => a.index - b.index);
  const matched = graph.returning(returnValue(rule.outcome));
  const missed: Continuation = (facts) => follow(graph, next, facts);
  const from = (position: number, facts: readonly Fact[]): NodeId => {
    const test = tests[position];
    if (!test) return matched;
    return testNode(graph, test, layout, facts, (known) => from(position + 1, known), missed);
  };
  return from(0, []);
}

function testNode(
  graph: Graph,
  test: Test,
  layout: Layout,
  facts: readonly Fact[],
  yes: Continuation,
  no: Continuation,
): NodeId {
  // such an argument reads as zero: there is no seventh word to load
  if (test.index > 5) return (holds(test, 0n) ? yes : no)(facts);
  switch (test.op) {
    case 'SCMP_CMP_EQ':
      return equal(graph, test, layout, facts, yes, no);
    case 'SCMP_CMP_NE':
      return equal(graph, test, layout, facts, no, yes);
    case 'SCMP_CMP_GE':
      return above(graph, test, layout, 'jge', facts, yes, no);
    case 'SCMP_CMP_LT':
      return above(graph, test, layout, 'jge', facts, no, yes);
    case 'SCMP_CMP_GT':
      return above(graph, test, layout, 'jgt', facts, yes, no);
    case 'SCMP_CMP_LE':
      return above(graph, test, layout, 'jgt', facts, no, yes);
    case 'SCMP_CMP_MASKED_EQ':
      return masked(graph, test, layout, facts, yes, no);
    default:
      return no(facts);
  }
}

function half(test: Test, { endian }: Layout, which: 'low' | 'high', comparison: Comparison): WordTest {
  const k = which === 'low' ? low(test.value) : high(test.value);
  return { offset: argumentOffset(test.index, which, endian), mask: undefined, comparison, k };
}

function equal(
  graph: Graph,
  test: Test,
  layout: Layout,
  facts: readonly Fact[],
  yes: Continuation,
  no: Continuation,
): NodeId {
  const lower: Continuation = (known) => branch(graph, half(test, layout, 'low', 'jeq'), known, yes, no);
  return layout.bits === 32 ? lower(facts) : branch(graph, half(test, layout, 'high', 'jeq'), facts, lower, no);
}

function above(
  graph: Graph,
  test: Test,
  layout: Layout,
  comparison: 'jgt' | 'jge',
  facts: readonly Fact[],
  yes: Continuation,
  no: Continuation,
): NodeId {
  const lower: Continuation = (known) => branch(graph, half(test, layout, 'low', comparison), known, yes, no);
  if (layout.bits === 32) return lower(facts);
  const same: Continuation = (known) => branch(graph, half(test, layout, 'high', 'jeq'), known, lower, no);
  return branch(graph, half(test, layout, 'high', 'jgt'), facts, yes, same);
}

function masked(
  graph: Graph,
  test: Test,
  { bits, endian }: Layout,
  facts: readonly Fact[],
  yes: Continuation,
  no: Continuation,
): NodeId {
  const word = (which: 'low' | 'high', part: (value: bigint) => number, after: Continuation): Continuation => {
    const offset = argumentOffset(test.index, which, endian);
    return (known) => bitsNode(graph, offset, part(test.value), part(test.datum), known, after, no);
  };
  const lower = word('low', low, yes);
  return bits === 32 ? lower(facts) : word('high', high, lower)(facts);
}

function bitsNode(
  graph: Graph,
  offset: number,
  mask: number,
  datum: number,
  facts: readonly Fact[],
  yes: Continuation,
  no: Continuation,
): NodeId {
  if (mask === 0) return yes(facts);
  if (mask === 0xffffffff)
    return branch(graph, { offset, mask: undefined, comparison: 'jeq', k: datum }, facts, yes, no);
  // one instruction less than masking, and the word stays loaded
  if (datum === 0) return branch(graph, { offset, mask: undefined, comparison: 'jset', k: mask }, facts, no, yes);
  return branch(graph, { offset, mask, comparison: 'jeq', k: datum }, facts, yes, no);
}

function low(value: bigint): number {
  return Number(value & 0xffffffffn);
}

function high(value: bigint): number {
  return Number(value >> 32n);
}
