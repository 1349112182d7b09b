import assert from 'node:assert/strict';
import { parse } from '../../../server/src/syntax/parse.ts';
import { type Member, type Node, type ProblemKind, pathAt, type SyntaxTree } from '../../../server/src/syntax/tree.ts';

/** Each problem as `kind "text it spans" @start`. */
function problems(text: string): readonly string[] {
  return parse(text).problems.map(
    ({ kind, start, end }) => `${kind} ${JSON.stringify(text.slice(start, end))} @${start}`,
  );
}

/** The value that a tree stands for, with invalid text as `!text`. */
function plain(node: Node | undefined): unknown {
  switch (node?.kind) {
    case 'object':
      return Object.fromEntries(node.members.map((member) => [member.key.value, plain(member.value)]));
    case 'array':
      return node.items.map(plain);
    case 'string':
    case 'boolean':
      return node.value;
    case 'number':
      return Number(node.text);
    case 'null':
      return null;
    case 'invalid':
      return `!${node.text}`;
    default:
      return undefined;
  }
}

function* spans(node: Node | Member | undefined): Iterable<Node | Member> {
  if (!node) return;
  yield node;
  if (!('kind' in node)) {
    yield* spans(node.key);
    yield* spans(node.value);
  } else if (node.kind === 'object') for (const member of node.members) yield* spans(member);
  else if (node.kind === 'array') for (const item of node.items) yield* spans(item);
}

/** Ranges lie in the text, children in their parents, siblings one after the other. */
function assertOrdered(text: string, tree: SyntaxTree): void {
  for (const node of spans(tree.root)) {
    assert.ok(
      0 <= node.start && node.start <= node.end && node.end <= text.length,
      `range outside of the text: ${text}`,
    );
    const children =
      'kind' in node ? (node.kind === 'object' ? node.members : node.kind === 'array' ? node.items : []) : [];
    let from = node.start;
    for (const child of children) {
      assert.ok(from <= child.start && child.end <= node.end, `children out of order: ${text}`);
      from = child.end;
    }
  }
  for (const { start, end, opened } of tree.problems) {
    assert.ok(0 <= start && start <= end && end <= text.length, `problem outside of the text: ${text}`);
    assert.ok(opened === undefined || '[{'.includes(text[opened]!), `no bracket was opened there: ${text}`);
  }
}

describe('the parser', () => {
  it('reads strict JSON as JSON.parse does and finds nothing wrong', () => {
    for (const text of [
      '{"a": [1, -2.5e3, true, false, null, "x\\u0041\\n\\"", {}, []], "b": {"c": {}}}',
      ' [ ] ',
      '"text"',
      '0',
      '{"a":1,\r\n\t"b":2}\r\n',
    ]) {
      const tree = parse(text);
      assert.deepEqual(plain(tree.root), JSON.parse(text));
      assert.deepEqual(tree.problems, []);
      assertOrdered(text, tree);
    }
  });

  it('keeps the exact text of numbers', () => {
    const { root } = parse('[18446744073709551615, 9007199254740993, -1, 1.0]');
    assert.deepEqual(root?.kind === 'array' && root.items.map((item) => item.kind === 'number' && item.text), [
      '18446744073709551615',
      '9007199254740993',
      '-1',
      '1.0',
    ]);
  });

  const cases: readonly (readonly [ProblemKind, string, readonly string[], unknown])[] = [
    ['missing-comma', '[1 2]', ['missing-comma "" @2'], [1, 2]],
    ['missing-comma', '{"a":1 "b":2}', ['missing-comma "" @6'], { a: 1, b: 2 }],
    ['trailing-comma', '[1,]', ['trailing-comma "," @2'], [1]],
    ['extra-comma', '[1,,2]', ['extra-comma "," @3'], [1, 2]],
    ['extra-comma', '[,1]', ['extra-comma "," @1'], [1]],
    ['comment', '[1 /* x */]', ['comment "/* x */" @3'], [1]],
    ['comment', '// x\n[]', ['comment "// x" @0'], []],
    ['unterminated-string', '["a', ['unterminated-string "\\"a" @1', 'unclosed "" @3'], ['a']],
    ['invalid-escape', '["\\d"]', ['invalid-escape "\\"\\\\d\\"" @1'], ['']],
    ['control-character', '["\t"]', ['control-character "\\"\\t\\"" @1'], ['\t']],
    ['invalid-value', '[yes]', ['invalid-value "yes" @1'], ['!yes']],
    ['invalid-value', "['a']", ['invalid-value "\'a\'" @1'], ["!'a'"]],
    ['invalid-number', '[0x1f]', ['invalid-number "0x1f" @1'], ['!0x1f']],
    ['invalid-number', '[007]', ['invalid-number "007" @1'], ['!007']],
    ['invalid-number', '[1/2]', ['invalid-number "1/2" @1'], ['!1/2']],
    ['comment', '[1// one\n]', ['comment "// one" @2'], [1]],
    [
      'comment',
      '[1/*one*/, off/*two*/]',
      ['comment "/*one*/" @2', 'invalid-value "off" @11', 'comment "/*two*/" @14'],
      [1, '!off'],
    ],
    ['missing-colon', '{"a" 1}', ['missing-colon "" @4'], { a: 1 }],
    ['missing-value', '{"a":}', ['missing-value ":" @4'], { a: undefined }],
    ['missing-value', '{"a":,"b":1}', ['missing-value ":" @4'], { a: undefined, b: 1 }],
    ['missing-key', '{1}', ['missing-key "1" @1'], {}],
    ['unquoted-key', '{a: 1}', ['unquoted-key "a" @1'], { a: 1 }],
    ['unclosed', '[1', ['unclosed "" @2'], [1]],
    ['unclosed', '{"a": [1}', ['unclosed "" @8'], { a: [1] }],
    ['stray', '["a": 1]', ['missing-comma "" @4', 'stray ":" @4', 'missing-comma "" @5'], ['a', 1]],
    ['after-root', '[] []', ['after-root "[]" @3'], []],
    ['byte-order-mark', '\uFEFF[]', ['byte-order-mark "\uFEFF" @0'], []],
    ['empty', '', ['empty "" @0'], undefined],
    ['empty', ' \n', ['empty " \\n" @0'], undefined],
  ];
  for (const [kind, text, expected, value] of cases)
    it(`reports ${kind} in ${JSON.stringify(text)} and keeps the rest`, () => {
      assert.ok(expected.some((line) => line.startsWith(kind)));
      assert.deepEqual(problems(text), expected);
      assert.deepEqual(plain(parse(text).root), value);
      assertOrdered(text, parse(text));
    });

  it('names the bracket that was never closed, inner ones first', () => {
    const { problems: found } = parse('{"a": [');
    assert.deepEqual(
      found.map(({ kind, opened }) => [kind, opened]),
      [
        ['unclosed', 6],
        ['unclosed', 0],
      ],
    );
  });

  it('gives up behind too many brackets instead of exhausting the stack', () => {
    const text = '['.repeat(100_000);
    const tree = parse(text);
    assert.deepEqual(
      tree.problems.filter(({ kind }) => kind === 'too-deep').map(({ start }) => start),
      [200],
    );
  });

  it('finds the nodes around an offset, outermost first', () => {
    const text = '{"a": [1, "b"]}';
    const path = pathAt(parse(text), text.indexOf('b'));
    assert.deepEqual(
      path.map((node) => text.slice(node.start, node.end)),
      [text, '"a": [1, "b"]', '[1, "b"]', '"b"'],
    );
    assert.deepEqual(pathAt(parse(' [] '), 0), []);
  });

  it('survives any text: it ends, and ranges stay in order', () => {
    const random = sequence(7);
    const alphabet = '{}[]:,,"""\'\\#/*\n\r\t 019-+.exSCMP_"a"true null\uFEFFé';
    for (let round = 0; round < 400; round++) {
      const length = Math.floor(random() * 200);
      const text = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
      assertOrdered(text, parse(text));
    }
    const large = Array.from({ length: 10_000 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
    assertOrdered(large, parse(large));
  });

  it('survives every cut and every deleted character of a profile', () => {
    const text =
      '{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "syscalls": [{ "names": ["a", "b"], "args": [{ "value": 1 }] }]\n}';
    for (let i = 0; i <= text.length; i++) {
      assertOrdered(text.slice(0, i), parse(text.slice(0, i)));
      const without = text.slice(0, i) + text.slice(i + 1);
      assertOrdered(without, parse(without));
    }
  });

  it('takes time in proportion to the text', () => {
    const time = (text: string): number => {
      const started = process.cpuUsage();
      parse(text);
      return process.cpuUsage(started).user / 1000;
    };
    for (const piece of ['"a" ', '{"a"', '[1,}', ': ', ',', '#', 'x:']) {
      time(piece.repeat(1000));
      const small = Math.min(...[1, 2, 3].map(() => time(piece.repeat(5000))));
      const large = Math.min(...[1, 2, 3].map(() => time(piece.repeat(50_000))));
      assert.ok(
        large < Math.max(small, 1) * 60,
        `${JSON.stringify(piece)}: ${small} ms, ten times as long ${large} ms`,
      );
    }
  });
});

/** Numbers from 0 to 1 that are the same in each run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
