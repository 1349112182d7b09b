import type { Graph, GraphNode, NodeId, WordTest } from './graph.ts';
import { CODE, type Instruction } from './program.ts';

/** The farthest that a comparison can jump. */
const REACH = 255;

/** The instructions of a graph, from its root on. Every path is as in the graph; jumps beyond reach get a stepping stone. */
export function assemble(graph: Graph, root: NodeId): readonly Instruction[] {
  const loads = entriesUsed(graph, [root]);
  const writer = backwardWriter(graph.nodes);
  // children have lower ids, so that everything a node jumps to is already behind it
  for (let id = 0; id <= root; id++) {
    const entry = loads.get(id);
    if (entry) writer.write(id, entry.full);
  }
  return writer.finish();
}

export interface Entry {
  /** Some path arrives without the word that the test compares. */
  full: boolean;
}

/** The nodes that can be reached from the roots, which start with nothing loaded, and how. */
export function entriesUsed(graph: Graph, roots: readonly NodeId[]): ReadonlyMap<NodeId, Entry> {
  const entries = new Map<NodeId, Entry>(roots.map((root) => [root, { full: true }]));
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    const node = graph.nodes[id]!;
    if (node.kind === 'return' || !entries.has(id)) continue;
    for (const child of [node.yes, node.no]) {
      const entry = entries.get(child) ?? { full: false };
      entries.set(child, entry);
      entry.full ||= !arrivesLoaded(node.test, graph.nodes[child]!);
    }
  }
  return entries;
}

/** Whether the word that a test leaves behind is the one that the next node compares. */
function arrivesLoaded(left: WordTest, next: GraphNode): boolean {
  return next.kind === 'test' && next.test.offset === left.offset && next.test.mask === left.mask;
}

interface Writer {
  write(id: NodeId, full: boolean): void;
  finish(): readonly Instruction[];
}

/** Places of a node's instructions, counted from the end of the program; stepping stones replace what they lead to. */
interface Places {
  /** Where the word is loaded. */
  full: number;
  /** Where it is compared. */
  loaded: number;
}

function backwardWriter(nodes: readonly GraphNode[]): Writer {
  const written: Instruction[] = [];
  const places: Places[] = [];
  const put = (code: number, k: number, jt = 0, jf = 0): number => written.push({ code, jt, jf, k }) - 1;

  /** Brings a target within reach of the next instruction. */
  const near = (id: NodeId, how: keyof Places, reach: number): void => {
    const distance = written.length - places[id]![how] - 1;
    if (distance <= reach) return;
    const node = nodes[id]!;
    const at = node.kind === 'return' ? put(CODE.ret, node.value) : put(CODE.jump, distance);
    places[id]![how] = at;
  };
  const compare = (test: WordTest, yes: NodeId, no: NodeId): number => {
    const how = (id: NodeId): keyof Places => (arrivesLoaded(test, nodes[id]!) ? 'loaded' : 'full');
    near(yes, how(yes), REACH - 1);
    near(no, how(no), REACH);
    const skip = (id: NodeId): number => written.length - places[id]![how(id)] - 1;
    return put(CODE[test.comparison], test.k, skip(yes), skip(no));
  };
  return {
    write: (id, full) => {
      const node = nodes[id]!;
      if (node.kind === 'return') {
        const at = put(CODE.ret, node.value);
        places[id] = { full: at, loaded: at };
        return;
      }
      const { test } = node;
      const loaded = compare(test, node.yes, node.no);
      if (full && test.mask !== undefined) put(CODE.and, test.mask);
      places[id] = { loaded, full: full ? put(CODE.load, test.offset) : -1 };
    },
    finish: () => written.toReversed(),
  };
}
