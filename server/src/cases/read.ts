import { parse } from '../syntax/parse.ts';
import type { ArrayNode, Node, ObjectNode, Span } from '../syntax/tree.ts';
import type { CasesDocument, CaseView, Expectations, Mount, OutputExpectation, Placed, TestCase } from './model.ts';
import { type CaseObject, caseKey, DEFAULT_TIME_LIMIT } from './schema.ts';

/** Reads a file of test cases tolerantly: never throws, and keeps every case of which anything is left. */
export function readCases(text: string): CasesDocument {
  const tree = parse(text);
  const views: CaseView[] = [];
  if (tree.root) collect(tree.root, rootKind(tree.root), views);
  const file = views.find(({ kind }) => kind === 'file');
  return {
    text,
    tree,
    views,
    profile: file && textAt(file.node, 'profile'),
    cases: views.filter(({ kind }) => kind === 'case').map(({ node }, index) => readCase(node, index)),
  };
}

/** A list of cases may stand alone. */
const rootKind = (root: Node): CaseObject => (root.kind === 'array' ? 'case' : 'file');

/** Objects where the format has objects, in the order of the text. */
function collect(node: Node, kind: CaseObject, views: CaseView[]): void {
  if (node.kind === 'array') for (const item of node.items) if (item.kind === 'object') collect(item, kind, views);
  if (node.kind !== 'object') return;
  const members = node.members.map((member) => ({ member, spec: caseKey(kind, member.key.value) }));
  views.push({ kind, node, members });
  for (const { member, spec } of members) {
    if (spec?.type.kind === 'object' && member.value?.kind === 'object') collect(member.value, spec.type.of, views);
    if (spec?.type.kind === 'objects' && member.value?.kind === 'array') collect(member.value, spec.type.of, views);
  }
}

function readCase(node: ObjectNode, index: number): TestCase {
  const capabilities = objectAt(node, 'capabilities');
  const seconds = numberIn(valueAt(node, 'timeLimit'), 3600) ?? DEFAULT_TIME_LIMIT;
  const { start, end } = node;
  return {
    span: { start, end },
    name: textAt(node, 'name') ?? { value: `case ${index + 1}`, start, end: start + 1 },
    image: textAt(node, 'image')?.value,
    command: textsAt(node, 'command').map(({ value }) => value),
    capabilities: { add: capabilityNames(capabilities, 'add'), drop: capabilityNames(capabilities, 'drop') },
    user: textAt(node, 'user')?.value,
    environment: textsByKey(objectAt(node, 'environment')),
    workdir: textAt(node, 'workdir')?.value,
    mounts: arrayAt(node, 'mounts').flatMap(readMount),
    network: textAt(node, 'network')?.value === 'bridge' ? 'bridge' : 'none',
    readOnly: flagAt(node, 'readOnly') ?? false,
    noNewPrivileges: flagAt(node, 'noNewPrivileges') ?? false,
    timeLimitMs: seconds * 1000,
    expect: readExpectations(objectAt(node, 'expect')),
  };
}

/** `CAP_SYS_ADMIN`, however it is written. */
const capabilityNames = (node: ObjectNode | undefined, key: string): readonly string[] =>
  textsAt(node, key).map(({ value }) => capabilityName(value));

/** A capability's full name, or `ALL`. */
export function capabilityName(text: string): string {
  const upper = text.toUpperCase();
  return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}

function readMount(node: Node): readonly Mount[] {
  if (node.kind !== 'object') return [];
  const source = textAt(node, 'source');
  const target = textAt(node, 'target');
  return source && target ? [{ source, target: target.value, readOnly: flagAt(node, 'readOnly') ?? true }] : [];
}

function readExpectations(node: ObjectNode | undefined): Expectations {
  const calls = (wanted: 'denied' | 'allowed') => textsAt(node, wanted).map((call) => ({ wanted, call }));
  return {
    exit: readExit(valueAt(node, 'exit')),
    output: [...readOutput(node, 'stdout'), ...readOutput(node, 'stderr')],
    calls: [...calls('denied'), ...calls('allowed')],
  };
}

function readExit(node: Node | undefined): Expectations['exit'] {
  const number = numberIn(node, 255);
  if (node && number !== undefined) return placed(node, number);
  return node?.kind === 'string' && node.value === 'nonzero' ? placed(node, 'nonzero') : undefined;
}

function readOutput(expect: ObjectNode | undefined, stream: OutputExpectation['stream']): readonly OutputExpectation[] {
  const node = valueAt(expect, stream);
  if (node?.kind === 'string') return [{ stream, kind: 'contains', wanted: placed(node, node.value) }];
  if (node?.kind !== 'object') return [];
  return (['contains', 'matches'] as const).flatMap((kind) =>
    textsAt(node, kind).map((wanted) => ({ stream, kind, wanted })),
  );
}

/** The value of a key; the last counts where it is there twice. */
export function valueAt(node: ObjectNode | undefined, key: string): Node | undefined {
  return node?.members.findLast((member) => member.key.value === key)?.value;
}

function objectAt(node: ObjectNode | undefined, key: string): ObjectNode | undefined {
  const value = valueAt(node, key);
  return value?.kind === 'object' ? value : undefined;
}

function arrayAt(node: ObjectNode | undefined, key: string): ArrayNode['items'] {
  const value = valueAt(node, key);
  return value?.kind === 'array' ? value.items : [];
}

function textAt(node: ObjectNode, key: string): Placed<string> | undefined {
  const value = valueAt(node, key);
  return value?.kind === 'string' && value.value !== '' ? placed(value, value.value) : undefined;
}

/** The texts of a list; of one text where it stands alone. */
function textsAt(node: ObjectNode | undefined, key: string): readonly Placed<string>[] {
  const value = valueAt(node, key);
  const items = value?.kind === 'array' ? value.items : value ? [value] : [];
  return items.flatMap((item) => (item.kind === 'string' ? [placed(item, item.value)] : []));
}

function flagAt(node: ObjectNode, key: string): boolean | undefined {
  const value = valueAt(node, key);
  return value?.kind === 'boolean' ? value.value : undefined;
}

function textsByKey(node: ObjectNode | undefined): Readonly<Record<string, string>> {
  const entries = node?.members.flatMap(({ key, value }) =>
    value?.kind === 'string' ? [[key.value, value.value]] : [],
  );
  return Object.fromEntries(entries ?? []);
}

/** A whole number from 0 to `most`. */
export function numberIn(node: Node | undefined, most: number): number | undefined {
  if (node?.kind !== 'number' || !/^\d+$/.test(node.text)) return undefined;
  const number = Number(node.text);
  return number <= most ? number : undefined;
}

const placed = <T>({ start, end }: Span, value: T): Placed<T> => ({ value, start, end });
