import assert from 'node:assert/strict';
import { defaultProfile } from '../../../server/src/catalog/index.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { type EditedProfile, editProfile } from '../../../server/src/profile/edit.ts';
import { type ProfileDocument, viewsIn, viewsOutsideRules } from '../../../server/src/profile/model.ts';
import type { TextChange } from '../../../server/src/syntax/edit.ts';
import type { Node, Span } from '../../../server/src/syntax/tree.ts';
import type { Random } from '../../differential/random.ts';

/** A change with what it puts into the text. */
export type Change = TextChange & { readonly inserted: string };

const DOCKER = defaultProfile('docker').text;

const SMALL = `{
  "defaultAction": "SCMP_ACT_ERRNO", "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] }],
  "syscalls": [
    { "names": ["clone", "ioctl"], "action": "SCMP_ACT_ALLOW", "comment": "why \\u0041",
      "args": [{ "index": 1, "value": 18446744073709551615, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ" }, { "index": 0 }],
      "includes": { "caps": ["CAP_SYS_ADMIN"], "minKernel": "4.8" }, "excludes": {} },
    { "name": "read", "action": "SCMP_ACT_KILL" },
    {}
  ],
  "flags": [true, null, -1.5e3]
}
`;

const profile = (rules: string, more = ''): string => `{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[${rules}]${more}}`;

const nested = (depth: number): string =>
  `{"names": ["read"], "x": ${'['.repeat(depth)}1${']'.repeat(depth)}, "y": ${'{"z":'.repeat(depth)}1${'}'.repeat(depth)}}`;

/** Texts of many kinds, of which each has something that an edit could get wrong. */
export const BASES: Readonly<Record<string, string>> = {
  docker: DOCKER,
  small: SMALL,
  'carriage returns': SMALL.replaceAll('\n', '\r\n'),
  minified: JSON.stringify(JSON.parse(SMALL)),
  tiny: profile('{}'),
  comments: SMALL.replaceAll(',\n', ', // a "comment", with [ and }\n').replaceAll(', "', ', /* { */ "'),
  'comments around rules': profile('/* a */{/* b */}/* c */ , // d\n{"names": []} // e\n').replaceAll(']', ']/* f */'),
  'byte order mark': `\uFEFF${SMALL}`,
  'duplicate keys': profile(
    '{"names": ["a"], "names": null, "NAMES": ["b"]}, {"action": "a", "args": [{}], "args": [{}, {}]}',
    ',"syscalls":null,"SYSCALLS":[{"names":["c"],"action":1},{"names":{"d":1}}],"syscalls":7,"archMap":[{}]',
  ),
  'duplicate keys, the last counts': profile('{"names": ["a"]}, {}', ',"syscalls":[{"names":["c"]},{"names":["d"]}]'),
  'items of other kinds': profile('null, {"names":["a"]}, 12, "x", {"name":"b"}, [{"names":["c"]}], true, {}, x'),
  'rules in wrong places': `{"rules":[{"names":["a"],"action":"b"}],"x":{"syscalls":[{"names":["a"]}]},${profile('{"syscalls":[{"names":["a"]}],"args":{"names":[]}}').slice(1)}`,
  'no commas': profile('{"names" ["a" "b"] "action" 1}{"name" "x"}{"args":[{}{}]}', '"flags" ["x" {"y" 2}]').replaceAll(
    ',',
    '',
  ),
  'commas too many': profile(',,{,"names":["a",,"b",],},,{"name":"b",,},', ',,"flags":[,],'),
  'open at the end': profile('{"names":["a"]},{"names":["b"],"args":[{"index":1'),
  'open behind rules': `{"a":[{"b":[${profile('{"names":["a"]},{"action":"b"}').slice(1, -3)}`,
  'open inside of a rule': profile(
    '{"names":["a","args":[{"index":1},"includes":{"caps":["b"},{"names":["c"]},{"names":["d"}',
  ),
  'keys missing': profile(
    '{1, {"names":["a"]}, "names":["b"], "x"}, {:, "name":: "y", z: 1}',
    ', {"syscalls":[{}]}, 1, "q"',
  ),
  'wrong words': profile("{'names':['a'], name: b, action: 0x1f, errnoRet: 01, errno: .5}, {\"names\":[yes, no]}"),
  'behind the root': `${profile('{"names":["a"]}')} x {"y": 1} ${'"long" '.repeat(60)}\n`,
  'long damage': profile(
    `{"names":["a ${'b'.repeat(300)}\n"], "x": ${'y'.repeat(300)}}, {"names":["c"]}`,
    ', // d'.repeat(90),
  ),
  'near the limit of depth': profile(`${nested(190)}, {"names":["a"]}, ${nested(197)}, {"names":["b"]}`),
  'behind the limit of depth': profile(`{"names":["a"]}, ${nested(210)}, {"names":["b"]}`),
  'escapes and odd signs': profile(
    '{"names":["\\u00e9\\n\\x\\", \u0001 \\\\"], "é\u{1F600}":"\uD800","name":"\uDC00\u0000"}, {"a":"\u2028"}',
  ),
  'a rule alone': '{"names":["a"],"action":"SCMP_ACT_ALLOW"}',
  'rules alone': '[{"names":["a"],"action":"SCMP_ACT_ALLOW"},{"names":["b"]}]',
  'no profile': '[1,2]',
  empty: '',
};

const PIECES = [
  ...[
    '"',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '//',
    '/*',
    '*/',
    '/',
    '#',
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    '\u0000',
  ],
  ...['\uD800', '\uDC00', '\uFEFF', '\u2028', 'é', '1', '-', '.', 'e', 'x', 'null', 'true', '\\u00', '\\"', "'", '},{'],
  ...['"names":', '"args":[{}],', '"includes":{}', '"a",', '{}', '[]', '{"', '"]}', '"name"', '"syscalls":[{', 'null,'],
];

/** A change of 1 to 20 characters, rather inside of a rule than elsewhere, with what it puts there. */
export function randomEdit({ text, rules }: ProfileDocument, random: Random): Change {
  const kind = random.below(4);
  let inserted = '';
  if (kind !== 0)
    for (let i = random.chance(0.7) ? 1 : random.below(5) + 1; i > 0; i--) inserted += random.pick(PIECES);
  // letters do no harm, so that a text does not only become worse
  if (kind === 3) inserted = 'abcdefghijklmnopqrst'.slice(0, random.chance(0.7) ? 1 : random.below(20) + 1);
  const around = rules.length > 0 && random.chance(0.8) ? random.pick(rules).view.node : { start: 0, end: text.length };
  const start = placeIn(text, around, random);
  const removed = kind === 0 || random.chance(0.4) ? random.below(random.chance(0.7) ? 2 : 20) + 1 : 0;
  return { start, end: Math.min(start + removed, text.length), length: inserted.length, inserted };
}

/** Anywhere, or at one of the signs that make up JSON. */
function placeIn(text: string, { start, end }: Span, random: Random): number {
  const at = start + random.below(end - start + 1);
  if (random.chance(0.6)) return at;
  const sign = text.slice(at, end).search(/[{}[\],:"]/);
  return sign < 0 ? at : at + sign + random.below(2);
}

/** The text after a change. */
export function changed(text: string, { start, end, inserted }: Change): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

/** Changes the document of a text, where that is possible; whatever way it goes, the outcome must be that of a new parse. */
export function applied(document: ProfileDocument, change: Change): EditedProfile | undefined {
  const text = changed(document.text, change);
  const others = document.rules;
  const edited = editProfile(document, text, change);
  if (!edited) {
    // untouched, so it is still that of its own text
    assertSame(document, parseProfile(document.text));
    return undefined;
  }
  assertSame(edited.document, parseProfile(text));
  edited.document.rules.forEach((rule, i) => {
    assert.equal(rule, i === edited.before.position ? edited.after : others[i]);
  });
  return edited;
}

/** Changes a document many times; gives how many of the changes were taken over. */
export function playEdits(base: string, steps: number, random: Random): number {
  let document = parseProfile(base);
  let count = 0;
  for (let step = 0; step < steps; step++) {
    const change = randomEdit(document, random);
    const edited = applied(document, change);
    if (edited) count++;
    if (edited) document = edited.document;
    // most others are undone, since the text would soon be no profile any more
    else if (random.chance(0.2)) document = parseProfile(changed(document.text, change));
  }
  return count;
}

/** The same contents, and each object in all the places where that of the other document is. */
export function assertSame(document: ProfileDocument, expected: ProfileDocument): void {
  const { viewOf, ruleOf, ...contents } = document;
  const { viewOf: expectedViewOf, ruleOf: expectedRuleOf, ...expectedContents } = expected;
  const partners = new Map<unknown, unknown>();
  assertAlike(contents, expectedContents, partners);
  assert.deepEqual([viewOf.size, ruleOf.size], [expectedViewOf.size, expectedRuleOf.size]);
  for (const [node, view] of expectedViewOf) assert.equal(viewOf.get(partners.get(node) as Node), partners.get(view));
  for (const [node, rule] of expectedRuleOf) assert.equal(ruleOf.get(partners.get(node) as Node), partners.get(rule));
  const views = [...viewsOutsideRules(document), ...document.rules.flatMap(viewsIn)];
  assert.ok(views.length === document.views.length && views.every((view, i) => view === document.views[i]));
}

/** Remembers which object stands for which: a library's comparison would look at a node again wherever it is found. */
function assertAlike(actual: unknown, expected: unknown, partners: Map<unknown, unknown>): void {
  if (Object.is(actual, expected)) partners.set(expected, actual);
  else if (partners.has(expected)) assert.equal(actual, partners.get(expected));
  else if (isObject(actual) && isObject(expected)) {
    partners.set(expected, actual);
    const keys = Object.keys(expected);
    assert.deepEqual(new Set(Object.keys(actual)), new Set(keys));
    assert.equal(Array.isArray(actual), Array.isArray(expected));
    for (const key of keys) assertAlike(actual[key], expected[key], partners);
  } else assert.fail(`${String(actual)} instead of ${String(expected)}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
