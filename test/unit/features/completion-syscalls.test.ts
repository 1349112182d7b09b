import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { familiesOf, syscall, syscallNames } from '../../../server/src/catalog/index.ts';
import { applyEdits } from '../../../server/src/checks/edits.ts';
import { complete, resolveCompletion } from '../../../server/src/features/completion.ts';
import { parse } from '../../../server/src/syntax/parse.ts';
import { accepted, analysed, completionAt, expectFound, expectNothing, itemAt, labelsAt } from './marker.ts';

const rule = (names: string, architectures = ''): string =>
  `{"defaultAction":"SCMP_ACT_ERRNO",${architectures}"syscalls":[{"names":[${names}],"action":"SCMP_ACT_ALLOW"}]}`;

/** Groups as the list has them, told from the item itself; in a group the order of the labels. */
function byGroup(names: string) {
  const has = new Set(names.match(/\w+(?=")/g));
  const relatives = new Set([...has].flatMap(familiesOf).flatMap(({ members }) => members));
  const related = new Set([...relatives].flatMap(({ name, through }) => (through ? [] : name)));
  const { items } = completionAt(rule(names));
  const missing = (detail: string | undefined) => /not on this/.test(detail ?? '');
  const groups = new Map(
    items.map(({ label, detail }) => [label, [missing(detail), !related.has(label)].map(Number).join('') + label]),
  );
  return (a: string, b: string): number => (groups.get(a)! < groups.get(b)! ? -1 : 1);
}

describe('completion of syscalls', () => {
  it('offers every name with its summary', () => {
    const list = completionAt(rule('|'));
    assert.deepEqual(
      list.items.map((item) => item.label),
      syscallNames(),
    );
    assert.equal(itemAt(rule('|'), 'mkdirat').detail, syscall('mkdirat')?.summary);
  });

  it('puts relatives of the neighbours first and leaves out what the rule has', () => {
    const labels = labelsAt(rule('"mkdir", "chown", |'));
    const relatives = new Set(['mkdirat', 'fchown', 'fchownat', 'lchown']);
    assert.deepEqual(new Set(labels.slice(0, relatives.size)), relatives);
    assert.deepEqual(new Set(labels), new Set(syscallNames().filter((name) => !['chown', 'mkdir'].includes(name))));
  });

  it('puts relatives of distant names behind those of neighbours', () => {
    const far = '"mkdir", "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "chown", |';
    const labels = labelsAt(rule(far));
    assert.ok(labels.indexOf('lchown') < labels.indexOf('mkdirat'));
    assert.ok(labels.indexOf('mkdirat') < labels.indexOf('accept'));
  });

  it('puts what the architectures of the profile lack behind what they have', () => {
    const arm = { architecture: 'SCMP_ARCH_AARCH64' };
    const labels = labelsAt(rule('"mkdirat", |'), arm);
    assert.ok(labels.indexOf('mkdir') > labels.indexOf('write'));
    assert.match(itemAt(rule('|'), 'mkdir', arm).detail ?? '', /not on this profile's architectures/);
    assert.doesNotMatch(itemAt(rule('|'), 'mkdir').detail ?? '', /not on/);
  });

  it('counts the further architectures of the profile', () => {
    const source = (architectures: string): string => rule('|', architectures);
    const only32 = 'fcntl64';
    assert.match(itemAt(source(''), only32).detail ?? '', /not on this profile/);
    const listed = '"architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86"],';
    assert.doesNotMatch(itemAt(source(listed), only32).detail ?? '', /not on this profile/);
  });

  it('sorts hundreds of names by their labels, and only the others by a text of their own', () => {
    for (const names of ['|', '"mkdir", "chown", |', '"_llseek", "writev", "mkdir|"']) {
      const { items } = completionAt(rule(names));
      const own = items.filter(({ sortText }) => sortText !== undefined);
      assert.ok(own.length < items.length / 2, `${own.length} of ${items.length}`);
      assert.deepEqual(labelsAt(rule(names)), items.map(({ label }) => label).toSorted(byGroup(names)));
    }
  });

  it('offers the name under the cursor all the same', () => {
    const labels = labelsAt(rule('"mkdir", "mkdi|rat"'));
    assert.equal(labels[0], 'mkdirat');
    assert.ok(!labels.includes('mkdir'));
  });

  it('asks each rule for itself', () => {
    const source = '{"syscalls":[{"names":["mkdir"]},{"names":["read",|]},{"names":["write"]}]}';
    const labels = labelsAt(source);
    assert.deepEqual(
      ['mkdir', 'read', 'write'].map((name) => labels.includes(name)),
      [true, false, true],
    );
  });

  it('offers names for the old key', () => {
    assert.equal(
      accepted('{"syscalls":[{"name":"mk|","action":"SCMP_ACT_ERRNO"}]}', 'mkdirat'),
      '{"syscalls":[{"name":"mkdirat","action":"SCMP_ACT_ERRNO"}]}',
    );
  });

  it('offers names without a default action, in a rule alone and in rules alone', () => {
    for (const source of [
      '{"syscalls":[{"names":["|"]}]}',
      '{"names":["|"],"action":"SCMP_ACT_ALLOW"}',
      '[{"names":["|"],"action":"SCMP_ACT_ALLOW"}]',
    ])
      assert.equal(labelsAt(source).length, syscallNames().length);
  });

  const places: readonly (readonly [title: string, names: string, expected: string])[] = [
    ['in an empty array', '|', '"read"'],
    ['in empty quotes', '"|"', '"read"'],
    ['in the middle of a word', '"wr|ite"', '"read"'],
    ['at the start of a word', '"|write"', '"read"'],
    ['at the end of a word', '"write|"', '"read"'],
    ['between strings', '"close", |, "write"', '"close", "read", "write"'],
    ['between strings without a comma behind', '"close", | "write"', '"close", "read", "write"'],
    ['between strings without any comma', '"close" | "write"', '"close", "read", "write"'],
    ['in quotes before a string', '"|" "write"', '"read", "write"'],
    ['on a new line', '"close",\n  |\n  "write"', '"close",\n  "read",\n  "write"'],
    ['in quotes on a new line', '"close",\r\n  "|"\r\n  "write"', '"close",\r\n  "read",\r\n  "write"'],
    ['in a bare word', '"close", re|', '"close", "read"'],
    ['in an open string before others', '"close", "re|, "write"', '"close", "read", "write"'],
    ['in an open string on its line', '"close",\n  "re|\n', '"close",\n  "read"\n'],
    ['in empty open quotes before others', '"|, "write"', '"read", "write"'],
  ];
  for (const [title, names, expected] of places)
    it(`inserts ${title}`, () => assert.equal(accepted(rule(names), 'read'), rule(expected)));

  it('works in a text that ends early', () => {
    const start = '{"syscalls":[{"names":["close", ';
    for (const [typed, expected] of [
      ['|', '"read"'],
      ['"|', '"read"'],
      ['"re|', '"read"'],
      ['re|', '"read"'],
    ] as const)
      assert.equal(accepted(start + typed, 'read'), start + expected);
  });

  it('works in the middle of broken text', () => {
    const source = '{"defaultAction":"SCMP_ACT_ALLOW" "syscalls":[{"name":"mkdir",},{"names":["|"],}{"names":[}';
    assert.equal(accepted(source, 'read'), source.replace('|', 'read'));
  });

  it('finds a name by what is typed', () => {
    for (const names of ['"mkd|"', '"mkd|xyz"', 'mkd|', '"mkd|', '"close" mkd|']) expectFound(rule(names), 'mkdirat');
  });

  it('offers nothing behind a complete string', () => {
    expectNothing(rule('"read"|'));
    expectNothing(rule('"read"|, "write"'));
  });
});

describe('the documentation of an item', () => {
  const docOf = (source: string, label: string): string => {
    const { data } = completionAt(source);
    return resolveCompletion(label, data, analysed(source.replace('|', '')));
  };

  it('is there for every item of every domain', () => {
    for (const source of [
      '{|}',
      '{"defaultAction":|}',
      '{"defaultErrnoRet":|}',
      '{"architectures":[|]}',
      '{"flags":[|]}',
      rule('|'),
      '{"syscalls":[{|}]}',
      '{"syscalls":[{"args":[{"op":|}]}]}',
      '{"syscalls":[{"includes":{"caps":[|]}}]}',
      '{"syscalls":[{"includes":{"arches":[|]}}]}',
      '{"syscalls":[{"names":["socket"],"args":[{"value":|}]}]}',
    ])
      for (const { label } of completionAt(source).items)
        assert.notEqual(docOf(source, label), '', `${source} ${label}`);
  });

  it('tells what the profile does with a syscall', () => {
    assert.match(docOf(rule('"mkdir", |'), 'mkdir'), /This profile/);
  });

  it('tells the number of a constant, and the constants of a number', () => {
    const source = '{"syscalls":[{"names":["clone"],"args":[{"value":268435456,"valueTwo":|}]}]}';
    assert.match(docOf(source, 'CLONE_NEWUSER'), /268435456.*0x10000000/);
    assert.match(docOf(source, '268435456'), /CLONE_NEWUSER/);
  });
});

describe('completion at every offset', () => {
  const texts = [
    readFileSync('examples/tutorial.json', 'utf8'),
    readFileSync('examples/conditional.json', 'utf8').replaceAll('\n', '\r\n'),
    JSON.stringify(JSON.parse(readFileSync('examples/conditional.json', 'utf8'))),
  ];

  it('never fails, and replaces text around the cursor on its line', () => {
    for (const text of texts) {
      const analysis = analysed(text);
      for (let offset = 0; offset <= text.length; offset++) {
        const list = complete(analysis, offset, { snippets: true });
        if (!list) continue;
        assert.ok(list.span.start <= offset && offset <= list.span.end, `offset ${offset}`);
        assert.doesNotMatch(text.slice(list.span.start, list.span.end), /[\r\n]/);
        assert.ok(!list.additional || list.additional.end < list.span.start, `offset ${offset}`);
      }
    }
  });

  it('leaves a valid text valid, whatever is accepted', () => {
    for (const text of texts.slice(1)) {
      const analysis = analysed(text);
      assert.deepEqual(analysis.document.tree.problems, []);
      for (let offset = 0; offset <= text.length; offset += 2) {
        const list = complete(analysis, offset, { snippets: false });
        for (const item of [list?.items[0], list?.items.at(-1)]) {
          if (!list || !item) continue;
          const after = applyEdits(text, [
            { ...list.span, text: item.insertText },
            ...(list.additional ? [list.additional] : []),
          ]);
          assert.deepEqual(parse(after).problems, [], after);
        }
      }
    }
  });

  it('never fails on a text that ends anywhere', () => {
    const text = texts[0]!;
    for (let end = 0; end <= text.length; end++)
      assert.doesNotThrow(() => complete(analysed(text.slice(0, end)), end, { snippets: true }));
  });
});
