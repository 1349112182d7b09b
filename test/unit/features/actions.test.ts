import assert from 'node:assert/strict';
import { type Analysis, contextOf, type Reported } from '../../../server/src/checks/analyse.ts';
import type { Check, Fix } from '../../../server/src/checks/check.ts';
import { applyEdits } from '../../../server/src/checks/edits.ts';
import { CHECKS } from '../../../server/src/checks/index.ts';
import { minimalEdit } from '../../../server/src/features/actions/minimal-edit.ts';
import { type CodeActionItem, codeActions, laterEdits } from '../../../server/src/features/actions.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { findingsIn } from '../checks/harness.ts';
import { analysed, marked } from './marker.ts';

const options = { target: defaultTarget() };

/** A check that reports every occurrence of a word in the text, with the fixes given. */
function wordCheck(code: string, word: string, fixes: (start: number, end: number) => readonly Fix[]): Check {
  return {
    code,
    severity: 'warning',
    scope: 'profile',
    summary: `The word ${word} is written.`,
    explanation: '',
    example: { bad: '', good: '' },
    *find({ document: { text } }) {
      for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
        const end = start + word.length;
        yield { span: { start, end }, message: word, fixes: () => fixes(start, end) };
      }
    },
  };
}

/** The actions at the marker for the findings of some checks of the test's own. */
function actionsAt(
  source: string,
  checks: readonly Check[],
  only?: readonly string[],
  onError: (check: Check) => void = () => {},
  lazy = false,
): readonly CodeActionItem[] {
  const { text, offset } = marked(source);
  const analysis = analysed(text);
  const findings = checks.flatMap((check) =>
    [...check.find(contextOf(analysis))].map((finding): Reported => ({ ...finding, check, severity: check.severity })),
  );
  const { document, target, after, mostSevere } = analysis;
  const prepared: Analysis = { document, target, policy: undefined, findings, after, mostSevere };
  return codeActions(prepared, { start: offset, end: offset }, { ...options, onError, lazy, ...(only && { only }) });
}

const titles = (actions: readonly CodeActionItem[]): readonly string[] => actions.map((action) => action.title);

function applied(source: string, actions: readonly CodeActionItem[], title: string): string {
  const action = actions.find((candidate) => candidate.title === title);
  assert.ok(action, `${title} is not among ${titles(actions).join(', ')}`);
  return applyEdits(marked(source).text, action.edits);
}

const replace = (text: string, safe: boolean) => (start: number, end: number) => [
  { title: `Write ${text}`, edits: [{ start, end, text }], safe },
];
const safe = wordCheck('old-word', 'old', replace('new', true));
const unsafe = wordCheck('risky-word', 'risky', replace('careful', false));
const mute = wordCheck('mute-word', 'mute', () => []);

const profile = (comment: string): string =>
  `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["${comment}"], "action": "SCMP_ACT_ERRNO" }] }`;

describe('the fixes of a finding', () => {
  it('are offered where the range touches it, a safe one as preferred', () => {
    const [fix] = actionsAt(profile('ol|d'), [safe]);
    assert.deepEqual(fix, {
      title: 'Write new',
      kind: 'quickfix',
      edits: [{ start: 63, end: 66, text: 'new' }],
      finding: { code: 'old-word', span: { start: 63, end: 66 } },
      preferred: true,
    });
    assert.equal(applied(profile('ol|d'), actionsAt(profile('ol|d'), [safe]), 'Write new'), profile('new'));
  });

  it('are offered at both ends and nowhere else', () => {
    for (const here of ['|old', 'old|']) assert.equal(titles(actionsAt(profile(here), [safe]))[0], 'Write new');
    assert.deepEqual(actionsAt(profile('x| old'), [safe]), []);
  });

  it('are not preferred where they are not safe', () => {
    assert.equal(actionsAt(profile('risky|'), [unsafe])[0]?.preferred, undefined);
  });

  it('come all, the best first', () => {
    const two = wordCheck('two', 'old', (start, end) => [
      ...replace('first', true)(start, end),
      ...replace('second', true)(start, end),
    ]);
    const actions = actionsAt(profile('old|'), [two]);
    assert.deepEqual(titles(actions).slice(0, 2), ['Write first', 'Write second']);
    assert.deepEqual(
      actions.slice(0, 2).map((action) => action.preferred),
      [true, undefined],
    );
  });

  it('come once when two findings ask for the same', () => {
    const twice = [safe, wordCheck('other-word', 'old', replace('new', true))];
    const fixes = titles(actionsAt(profile('old|'), twice)).filter((title) => title === 'Write new');
    assert.equal(fixes.length, 1);
  });

  it('are lost alone when a check fails at them', () => {
    const failed: string[] = [];
    const broken = wordCheck('broken', 'old', () => {
      throw new Error('no fix');
    });
    const actions = actionsAt(profile('old|'), [broken, safe], undefined, (check) => failed.push(check.code));
    assert.ok(titles(actions).includes('Write new'));
    assert.ok(failed.includes('broken'));
  });
});

describe('fixing all findings of a check', () => {
  it('is offered where there are several', () => {
    const source = profile('old|, old, old');
    const actions = actionsAt(source, [safe]);
    assert.equal(applied(source, actions, 'Fix all: The word old is written'), profile('new, new, new'));
  });

  it('is not offered for one, nor for fixes that are not safe', () => {
    assert.ok(!titles(actionsAt(profile('old|'), [safe])).some((title) => title.startsWith('Fix all:')));
    assert.ok(!titles(actionsAt(profile('risky|, risky'), [unsafe])).some((title) => title.startsWith('Fix all:')));
  });

  it('leaves out what overlaps', () => {
    const wide = wordCheck('wide', 'aa', (start, end) => [
      { title: 'Cut', edits: [{ start, end, text: '' }], safe: true },
    ]);
    const source = profile('|aaa aa');
    assert.equal(applied(source, actionsAt(source, [wide]), 'Fix all: The word aa is written'), profile('a '));
  });
});

describe('silencing a finding', () => {
  const rule = 'Silence mute-word in this rule';
  const file = 'Silence mute-word in this file';
  const cases: readonly (readonly [title: string, action: string, source: string, expected: string])[] = [
    [
      'adds a comment to the rule',
      rule,
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mute|"]}]}',
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mute"], "comment": "seccomp-disable: mute-word"}]}',
    ],
    [
      'adds a comment to the file',
      file,
      '{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "flags": ["mute|"]\n}',
      '{\n  "comment": "seccomp-disable: mute-word",\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "flags": ["mute"]\n}',
    ],
    [
      'adds to a comment',
      rule,
      '{"syscalls":[{"comment":"why \\"so\\"","names":["mute|"]}]}',
      '{"syscalls":[{"comment":"why \\"so\\" seccomp-disable: mute-word","names":["mute"]}]}',
    ],
    [
      'fills an empty comment',
      rule,
      '{"syscalls":[{"comment":"","names":["mute|"]}]}',
      '{"syscalls":[{"comment":"seccomp-disable: mute-word","names":["mute"]}]}',
    ],
    [
      'adds to a directive',
      rule,
      '{"syscalls":[{"comment":"seccomp-disable: a, b; known","names":["mute|"]}]}',
      '{"syscalls":[{"comment":"seccomp-disable: a, b, mute-word; known","names":["mute"]}]}',
    ],
  ];
  for (const [title, action, source, expected] of cases)
    it(title, () => assert.equal(applied(source, actionsAt(source, [mute]), action), expected));

  it('is offered for the file alone outside of rules', () => {
    const actions = titles(actionsAt('{"flags":["mute|"]}', [mute]));
    assert.ok(actions.includes(file) && !actions.includes(rule));
  });

  it('is not offered where no comment can be written', () => {
    const actions = titles(actionsAt('{"comment": 1, "flags":["mute|"]}', [mute]));
    assert.ok(!actions.includes(file));
    assert.ok(!titles(actionsAt('["mute|"]', [mute])).some((title) => title.startsWith('Silence')));
    const long = `{"comment":"${'so '.repeat(5000)}", "flags":["mute|"]}`;
    assert.ok(!titles(actionsAt(long, [mute])).includes(file), 'each finding would write all of it anew');
  });

  it('goes into the rule of its finding, not of another', () => {
    const silenced = '{"names":["mute"], "comment": "seccomp-disable: mute-word"}';
    for (const [source, expected] of [
      ['{"syscalls":[{"names":["mute|"]},{"names":["mute"]}]}', `{"syscalls":[${silenced},{"names":["mute"]}]}`],
      ['{"syscalls":[{"names":["mute"]},{"names":["mute|"]}]}', `{"syscalls":[{"names":["mute"]},${silenced}]}`],
    ] as const)
      assert.equal(applied(source, actionsAt(source, [mute]), rule), expected);
  });

  it('silences', () => {
    const source =
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir", "mkdir"],"action":"SCMP_ACT_ERRNO"}]}';
    let silenced = 0;
    for (const finding of findingsIn(source)) {
      const { code } = finding.check;
      for (const action of codeActions(analysed(source), finding.span, options)) {
        if (!action.title.startsWith(`Silence ${code} `)) continue;
        const left = findingsIn(applyEdits(source, action.edits));
        assert.ok(countOf(left, code) < countOf(findingsIn(source), code), action.title);
        silenced++;
      }
    }
    assert.ok(silenced > 0);
  });
});

function countOf(findings: readonly Reported[], code: string): number {
  return findings.filter((finding) => finding.check.code === code).length;
}

describe('the documentation of a finding', () => {
  it('is offered once for each check', () => {
    const actions = actionsAt(profile('mute|mute'), [mute]).filter((action) => action.documentation);
    assert.deepEqual(
      actions.map((action) => [action.title, action.documentation, action.edits]),
      [['Show documentation for mute-word', 'mute-word', []]],
    );
  });
});

describe('kinds of actions', () => {
  const kinds = (only?: readonly string[]): ReadonlySet<string> =>
    new Set(actionsAt(profile('old|", "a'), [safe], only).map((action) => action.kind));

  it('are narrowed to what is asked for, with all below it', () => {
    assert.deepEqual(kinds(['quickfix']), new Set(['quickfix']));
    assert.deepEqual(kinds(['refactor']), new Set(['refactor.rewrite']));
    assert.deepEqual(kinds(['source.organizeImports']), new Set());
    assert.deepEqual(kinds(), new Set(['quickfix', 'refactor.rewrite']));
  });
});

describe('rewriting names', () => {
  const names = (list: string): string => `{"syscalls":[{"names":${list},"action":"SCMP_ACT_ALLOW"}]}`;
  const cases: readonly (readonly [title: string, action: string, before: string, after: string])[] = [
    ['sorts in one line', 'Sort names', '["write", "read|"]', '["read", "write"]'],
    ['sorts minified text', 'Sort names', '["b","a|"]', '["a","b"]'],
    [
      'keeps the layout',
      'Sort names',
      '[\r\n  "write|", "stat",\r\n\r\n  "read"\r\n]',
      '[\r\n  "read", "stat",\r\n\r\n  "write"\r\n]',
    ],
    ['sorts capitals and digits by code', 'Sort names', '["b", "a|2", "a10", "B"]', '["B", "a10", "a2", "b"]'],
    ['removes what repeats', 'Remove duplicate names', '["b", "a", |"b", "a"]', '["b", "a"]'],
  ];
  for (const [title, action, before, after] of cases)
    it(title, () => assert.equal(applied(names(before), actionsAt(names(before), []), action), names(after)));

  it('is not offered where it changes nothing', () => {
    assert.deepEqual(actionsAt(names('["a", "b|"]'), []), []);
    assert.deepEqual(actionsAt(names('[|]'), []), []);
  });

  it('is not offered elsewhere, nor for lists that hold something else', () => {
    assert.deepEqual(actionsAt('{"syscalls":[{"names":["b","a"],"action":"|"}]}', []), []);
    assert.deepEqual(actionsAt('{"flags":["b","a|"]}', []), []);
    assert.deepEqual(actionsAt(names('["b", 1, "a|"]'), []), []);
    assert.deepEqual(actionsAt('{"syscalls":[{"names":["b","a|"', []), []);
  });
});

describe('fixing everything that is safe', () => {
  const broken = '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"mkdir","action":"SCMP_ACT_ERRNO"},]}';
  const title = 'Fix all safe problems in this file';
  const whole = { start: 0, end: broken.length };

  it('is a source action with a single edit that leaves nothing safe to mend', () => {
    const actions = codeActions(analysed(broken), whole, { ...options, only: ['source.fixAll'] });
    assert.deepEqual(
      actions.map((action) => [action.title, action.kind, action.edits.length]),
      [[title, 'source.fixAll.seccomp', 1]],
    );
    const mended = applyEdits(broken, actions[0]!.edits);
    assert.doesNotThrow(() => JSON.parse(mended));
    assert.deepEqual(codeActions(analysed(mended), whole, { ...options, only: ['source.fixAll'] }), []);
  });

  it('is offered in the light bulb of a finding with a safe fix too', () => {
    const at = broken.lastIndexOf(',');
    const actions = codeActions(analysed(broken), { start: at, end: at + 1 }, { ...options, only: ['quickfix'] });
    assert.ok(titles(actions).includes(title));
  });
});

describe('actions whose edits come later', () => {
  const lazy = { ...options, lazy: true };

  it('are the same, with the same edits, as those that bring them along', () => {
    let later = 0;
    const texts = CHECKS.map(({ example }) => [example.bad, 0, example.bad.length] as const);
    const names = '{"syscalls":[{"names":["b","a","b"],"action":"SCMP_ACT_ALLOW"}]}';
    for (const [text, start, end] of [...texts, [names, 25, 25] as const, [names, 23, 30] as const]) {
      const analysis = analysed(text);
      const range = { start, end };
      const resolved = codeActions(analysis, range, lazy).map(({ later: left, ...action }) => {
        if (!left) return action;
        later++;
        return { ...action, edits: laterEdits(analysis, left, options) };
      });
      assert.deepEqual(resolved, codeActions(analysis, range, options));
    }
    assert.ok(later > 20);
  });

  it('are looked for no further than it takes to offer them', () => {
    let asked = 0;
    const counting = wordCheck('old-word', 'old', (start, end) => {
      asked++;
      return replace('new', true)(start, end);
    });
    const source = profile(`|${'old '.repeat(50)}`);
    const { text } = marked(source);
    const actions = actionsAt(source, [counting], undefined, () => {}, true);
    assert.ok(asked < 10, `${asked}`);
    const { later } = actions.find(({ title }) => title.startsWith('Fix all: '))!;
    assert.deepEqual(later, { of: 'check', code: 'old-word' });
    const findings = [...counting.find(contextOf(analysed(text)))].map(
      (finding): Reported => ({ ...finding, check: counting, severity: 'warning' }),
    );
    const prepared: Analysis = { ...analysed(text), findings };
    assert.equal(applyEdits(text, laterEdits(prepared, later!, lazy)), text.replaceAll('old', 'new'));
  });
});

describe('the smallest edit between two texts', () => {
  const cases: readonly (readonly [before: string, after: string, start: number, end: number, text: string])[] = [
    ['abc', 'abc', 0, 0, ''],
    ['abc', 'axc', 1, 2, 'x'],
    ['abc', 'ac', 1, 2, ''],
    ['ac', 'abc', 1, 1, 'b'],
    ['aa', 'aaa', 2, 2, 'a'],
    ['', 'a', 0, 0, 'a'],
    ['a', '', 0, 1, ''],
    ['a\r\nb', 'a\rb', 1, 3, '\r'],
    ['a\nb', 'a\r\nb', 1, 2, '\r\n'],
    ['\u{1f600}', '\u{1f601}', 0, 2, '\u{1f601}'],
  ];
  for (const [before, after, start, end, text] of cases)
    it(JSON.stringify([before, after]), () => {
      const edits = minimalEdit(before, after);
      assert.deepEqual(edits, before === after ? [] : [{ start, end, text }]);
      assert.equal(applyEdits(before, edits), after);
    });
});
