import assert from 'node:assert/strict';
import { type OutlineSymbol, symbols } from '../../../server/src/features/symbols.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';

/** The outline as lines, children indented: `name | detail`. */
function outline(text: string): string {
  const show = (symbol: OutlineSymbol, indent: string): readonly string[] => [
    `${indent}${symbol.name}${symbol.detail && ` | ${symbol.detail}`}`,
    ...symbol.children.flatMap((child) => show(child, `${indent}  `)),
  ];
  return symbols(parseProfile(text))
    .flatMap((symbol) => show(symbol, ''))
    .join('\n');
}

describe('the outline', () => {
  it('has the parts of a profile and a line for each rule', () =>
    assert.equal(
      outline(`{
  "defaultAction": "SCMP_ACT_ERRNO",
  "defaultErrnoRet": 38,
  "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] }],
  "syscalls": [
    { "names": ["read", "write", "open", "close", "stat"], "action": "SCMP_ACT_ALLOW", "comment": "files" },
    { "names": ["lseek"], "action": "SCMP_ACT_TRAP", "args": [{ "index": 2, "value": 7, "op": "SCMP_CMP_GT" }] },
    { "name": "mount", "action": "SCMP_ACT_KILL" },
    {}
  ]
}`),
      `defaultAction | SCMP_ACT_ERRNO
defaultErrnoRet | 38
archMap | 1
  SCMP_ARCH_X86_64 | SCMP_ARCH_X86, SCMP_ARCH_X32
syscalls | 4
  ALLOW read, write, open, … (5) | files
  TRAP lseek | whence > 7
  KILL mount
  (no action) (no names)`,
    ));

  it('joins conditions by "or" where an index repeats', () =>
    assert.match(
      outline(
        '{ "syscalls": [{ "names": ["lseek"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 0, "value": 1, "op": "SCMP_CMP_EQ" }, { "index": 0, "value": 2, "op": "SCMP_CMP_EQ" }] }] }',
      ),
      /fd = 1 or fd = 2/,
    ));

  it('leaves out members that a later one replaces', () =>
    assert.equal(outline('{ "flags": ["A"], "flags": ["B"], "other": 1 }'), 'flags | B'));

  it('shows rules that stand alone', () => {
    assert.equal(outline('{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }'), 'ALLOW read');
    assert.equal(outline('[{ "name": "read", "action": "SCMP_ACT_LOG" }]'), 'LOG read');
  });

  it('survives broken text', () => {
    assert.equal(
      outline('{ "defaultAction": "SCMP_ACT_LOG" "syscalls": [{ "names": ["re'),
      'defaultAction | SCMP_ACT_LOG\nsyscalls | 1\n  (no action) re',
    );
    assert.equal(outline(''), '');
    assert.equal(outline('[1, "x"]'), '');
  });

  it('keeps each selection inside of its symbol and names all', () => {
    const check = ({ name, span, selection, children }: OutlineSymbol): void => {
      assert.notEqual(name.trim(), '');
      assert.ok(span.start <= selection.start && selection.end <= span.end, name);
      children.forEach(check);
    };
    symbols(
      parseProfile(
        '{"syscalls":[{"names":[""],"action":""}],"archMap":[{"architecture":""},{"architecture":" "},{}],"flags":',
      ),
    ).forEach(check);
  });
});
