import type { Member, Node, StringNode, SyntaxProblem } from './tree.ts';

/** What the tree's interfaces leave readable only: these functions are the one place that changes nodes. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Moves the nodes from an index on, in place, with all inside of them. */
export function shiftNodes(nodes: readonly Node[], from: number, delta: number): void {
  if (delta === 0) return;
  for (let i = from; i < nodes.length; i++) {
    const node: Writable<Node> = nodes[i]!;
    // nearly all are strings, which need no call
    if (node.kind === 'string') {
      node.start += delta;
      node.end += delta;
    } else shift(node, delta);
  }
}

/** Moves the members from an index on, in place, with all inside of them. */
export function shiftMembers(members: readonly Member[], from: number, delta: number): void {
  if (delta === 0) return;
  for (let i = from; i < members.length; i++) {
    const member: Writable<Member> = members[i]!;
    const key: Writable<StringNode> = member.key;
    key.start += delta;
    key.end += delta;
    if (member.colon !== undefined) member.colon += delta;
    if (member.value) shift(member.value, delta);
    member.start += delta;
    member.end += delta;
  }
}

// each kind has lines of its own, since the engine writes to objects of one shape several times as fast as to any
function shift(node: Writable<Node>, delta: number): void {
  switch (node.kind) {
    case 'object':
      node.start += delta;
      node.end += delta;
      shiftMembers(node.members, 0, delta);
      break;
    case 'array':
      node.start += delta;
      node.end += delta;
      shiftNodes(node.items, 0, delta);
      break;
    case 'string':
      node.start += delta;
      node.end += delta;
      break;
    case 'number':
    case 'invalid':
      node.start += delta;
      node.end += delta;
      break;
    default:
      node.start += delta;
      node.end += delta;
  }
}

/** Moves the end of what is around a change, in place. */
export function stretch(around: Node | Member, delta: number): void {
  const written: Writable<Node | Member> = around;
  written.end += delta;
}

/** Puts another node in place of an item. */
export function replaceItem(items: readonly Node[], index: number, node: Node): void {
  (items as Node[])[index] = node;
}

/** Moves the problems from an offset on, in place; brackets that were opened before it stay where they are. */
export function shiftProblems(problems: readonly SyntaxProblem[], delta: number, from: number): void {
  for (const problem of problems as readonly Writable<SyntaxProblem>[]) {
    if (problem.start < from) continue;
    problem.start += delta;
    problem.end += delta;
    if (problem.opened !== undefined && problem.opened >= from) problem.opened += delta;
  }
}
