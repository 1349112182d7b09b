import type { Graph, NodeId, WordTest } from './graph.ts';
import { NUMBER } from './program.ts';

/** Syscall numbers from `from` up to the next range share a node. */
export interface Range {
  readonly from: number;
  readonly node: NodeId;
}

/** Ranges by number where each entry of `exact` stands alone between numbers that get `otherwise`. */
export function rangesOf(exact: ReadonlyMap<number, NodeId>, otherwise: NodeId, from = 0): readonly Range[] {
  const ranges: Range[] = [{ from, node: otherwise }];
  for (const [number, node] of [...exact].sort(([a], [b]) => a - b))
    ranges.push({ from: number, node }, { from: number + 1, node: otherwise });
  return joined(ranges);
}

/** The part of the ranges below a number, followed by others. */
export function cutAt(ranges: readonly Range[], number: number, rest: readonly Range[]): readonly Range[] {
  return joined([...ranges.filter((range) => range.from < number), ...rest]);
}

/** The same ranges with another answer for the numbers from `from` up to `to`. */
export function replaced(ranges: readonly Range[], from: number, to: number, node: NodeId): readonly Range[] {
  const next = ranges.findLast((range) => range.from <= to)!;
  const rest = ranges.filter((range) => range.from > to);
  return cutAt(ranges, from, [{ from, node }, { from: to, node: next.node }, ...rest]);
}

/** Without empty ranges, neighbours with one node merged. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const result: Range[] = [];
  for (const range of ranges) {
    if (range.from > 0xffffffff) continue;
    while (result.length > 0 && result.at(-1)!.from >= range.from) result.pop();
    if (result.at(-1)?.node !== range.node) result.push(range);
  }
  return result;
}

/** A binary search over the number: a comparison for each boundary, as many on a path as their logarithm. */
export function dispatch(graph: Graph, ranges: readonly Range[]): NodeId {
  const [first, second, third] = ranges;
  if (!second) return first!.node;
  if (ranges.length === 3 && third!.node === first!.node && third!.from === second.from + 1)
    return graph.testing(number('jeq', second.from), second.node, first!.node);
  const middle = splitAt(ranges);
  const below = dispatch(graph, ranges.slice(0, middle));
  const above = dispatch(graph, ranges.slice(middle));
  return graph.testing(number('jge', ranges[middle]!.from), above, below);
}

/** The middle, moved by one where it would part a lone number from its equal neighbours. */
function splitAt(ranges: readonly Range[]): number {
  const middle = ranges.length >> 1;
  const [before, at, after] = [ranges[middle - 1]!, ranges[middle]!, ranges[middle + 1]];
  const lone = after !== undefined && after.from === at.from + 1 && after.node === before.node;
  return lone && middle > 1 ? middle - 1 : middle;
}

function number(comparison: 'jeq' | 'jge', k: number): WordTest {
  return { offset: NUMBER, mask: undefined, comparison, k };
}
