import type { Architecture } from '../../catalog/index.ts';
import { uncertain } from '../certainty.ts';
import type { ArchFilter, LoadedRule, SyscallFilter } from '../load.ts';
import { inTestOrder } from '../order.ts';
import { highestNumber, type Policy, stubDecision } from '../policy.ts';
import type { Unpredictable } from '../predictable.ts';
import { assemble } from './assemble.ts';
import { ruleNode } from './conditions.ts';
import { cutAt, dispatch, type Range, rangesOf, replaced } from './dispatch.ts';
import { type Graph, type NodeId, newGraph } from './graph.ts';
import { LONGEST_PROGRAM, type Program, returnValue, TOKEN } from './program.ts';

export interface CompileOptions {
  /** How many rules and decisions may be worked on before giving up; 200 000 by default. */
  readonly stepLimit?: number;
}

/** Why a policy has no program. */
export type CompileProblem =
  /** What libseccomp makes of these rules cannot be foretold. */
  | { readonly kind: 'unpredictable'; readonly syscalls: readonly UnpredictableSyscall[] }
  /** libseccomp takes no architectures of different byte orders into one filter (`src/db.c: db_col_merge`). */
  | { readonly kind: 'byte-order'; readonly architectures: readonly Architecture[] }
  /** Longer than the kernel accepts. */
  | { readonly kind: 'too-long'; readonly length: number; readonly limit: number }
  | { readonly kind: 'step-limit'; readonly limit: number };

export interface UnpredictableSyscall extends Unpredictable {
  readonly architecture: Architecture;
  readonly number: number;
}

export function isProgram(result: Program | CompileProblem): result is Program {
  return 'instructions' in result;
}

const X32_BIT = 0x40000000;
/** The first number that is too large for x86-64 and yet lacks the bit. */
const WITHOUT_BIT = 0x80000000;
const MINUS_ONE = 0xffffffff;
const DEFAULT_STEPS = 200_000;

/**
 * A program that returns for every call what `evaluate` answers. Takes time in proportion to the loaded rules; gives a
 * problem, never throws, when there is no such program.
 */
export function compile(policy: Policy, options: CompileOptions = {}): Program | CompileProblem {
  const { architectures } = policy.resolved;
  const { endian } = architectures[0]!;
  const others = architectures.filter((arch) => arch.endian !== endian);
  if (others.length > 0) return { kind: 'byte-order', architectures: others };
  const syscalls = architectures.flatMap((arch) => unpredictableIn(policy, policy.filter(arch.table)!));
  if (syscalls.length > 0) return { kind: 'unpredictable', syscalls };
  const limit = options.stepLimit ?? DEFAULT_STEPS;
  const graph = newGraph();
  const root = policyNode(graph, policy, limit);
  if (root === undefined) return { kind: 'step-limit', limit };
  const instructions = assemble(graph, root);
  const { length } = instructions;
  return length > LONGEST_PROGRAM
    ? { kind: 'too-long', length, limit: LONGEST_PROGRAM }
    : { endian, architectures, instructions };
}

/** The syscalls for which evaluation, too, has calls that it does not answer. */
function unpredictableIn(policy: Policy, filter: ArchFilter): readonly UnpredictableSyscall[] {
  const { architecture, syscalls } = filter;
  return [...syscalls.keys()]
    .sort((a, b) => a - b)
    .flatMap((number) => {
      const reason = uncertain(policy, filter, number);
      return reason ? [{ ...reason, architecture, number }] : [];
    });
}

/** The whole decision: first the architecture, then the number, then the arguments. Undefined beyond the limit. */
function policyNode(graph: Graph, policy: Policy, limit: number): NodeId | undefined {
  const foreign = graph.returning(returnValue({ action: 'SCMP_ACT_KILL_THREAD' }));
  const tokens = [...new Set(policy.resolved.architectures.map((arch) => arch.token))];
  let node = foreign;
  // the native one is asked for first, hence built last
  for (const token of tokens.toReversed()) {
    const ranges = tokenRanges(graph, policy, token, foreign, limit);
    if (!ranges) return undefined;
    node = graph.testing(
      { offset: TOKEN, mask: undefined, comparison: 'jeq', k: token },
      dispatch(graph, ranges),
      node,
    );
  }
  return node;
}

/**
 * All numbers under a token. The kernel gives x32 calls that of x86-64: bit 30 of the number tells them apart for runc's
 * part, their size for libseccomp's.
 */
function tokenRanges(
  graph: Graph,
  policy: Policy,
  token: number,
  foreign: NodeId,
  limit: number,
): readonly Range[] | undefined {
  const modes = policy.resolved.architectures.filter((arch) => arch.token === token);
  const shares = modes.some((arch) => arch.table === 'x86_64' || arch.table === 'x32');
  if (!shares) return modeRanges(graph, policy, modes[0]!, 0, limit);
  const [lower, upper] = ['x86_64', 'x32'].map((table) => modes.find((arch) => arch.table === table));
  const below = lower ? modeRanges(graph, policy, lower, 0, limit) : [{ from: 0, node: foreign }];
  const above = upper ? modeRanges(graph, policy, upper, X32_BIT, limit) : bareRanges(graph, policy, foreign);
  if (!below || !above) return undefined;
  const stub = lower && stubDecision(policy, lower, MINUS_ONE);
  const beyond = upper ? graph.returning(returnValue(policy.resolved.default!)) : foreign;
  const large = stub ? graph.returning(returnValue(stub.outcome)) : beyond;
  return replaced(cutAt(below, X32_BIT, above), WITHOUT_BIT, WITHOUT_BIT + X32_BIT, large);
}

/** x32 numbers without x32: killed, but -1 falls to the default (libseccomp: `src/gen_bpf.c`). */
function bareRanges(graph: Graph, policy: Policy, foreign: NodeId): readonly Range[] {
  return [
    { from: X32_BIT, node: foreign },
    { from: MINUS_ONE, node: graph.returning(returnValue(policy.resolved.default!)) },
  ];
}

function modeRanges(
  graph: Graph,
  policy: Policy,
  mode: Architecture,
  from: number,
  limit: number,
): readonly Range[] | undefined {
  const otherwise = graph.returning(returnValue(policy.resolved.default!));
  const exact = new Map<number, NodeId>();
  let steps = 0;
  // the same program whatever the order of the rules
  for (const [number, filter] of [...policy.filter(mode.table)!.syscalls].sort(([a], [b]) => a - b)) {
    steps += 1 + filter.conditional.length;
    if (steps + graph.nodes.length > limit) return undefined;
    exact.set(number, syscallNode(graph, filter, mode, otherwise));
  }
  return withStub(graph, policy, mode, rangesOf(exact, otherwise, from));
}

function syscallNode(
  graph: Graph,
  { unconditional, conditional }: SyscallFilter,
  mode: Architecture,
  otherwise: NodeId,
): NodeId {
  if (unconditional) return graph.returning(returnValue(unconditional.outcome));
  const rules: readonly LoadedRule[] = inTestOrder(conditional, mode.bits);
  return rules.reduceRight((next, rule) => ruleNode(graph, rule, mode, next), otherwise);
}

/** runc's own answer above the highest number that the profile names, put in front of the filter. */
function withStub(graph: Graph, policy: Policy, mode: Architecture, ranges: readonly Range[]): readonly Range[] {
  const stub = stubDecision(policy, mode, MINUS_ONE);
  if (!stub) return ranges;
  const above = highestNumber(policy, mode.table) + 1;
  const node = graph.returning(returnValue(stub.outcome));
  // setup(2) on s390
  const below = stubDecision(policy, mode, 0) ? replaced(ranges, 0, 1, node) : ranges;
  return cutAt(below, above, [{ from: above, node }]);
}
