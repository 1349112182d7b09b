import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'mocha';
import type { Engine } from '../../../server/container/engine.ts';
import { explain } from '../../../server/container/explain.ts';
import { block, code, prose, table } from '../../../server/container/markdown.ts';
import { probesFor } from '../../../server/container/probe/calls.ts';
import { renderMarkdown } from '../../../server/container/render.ts';
import {
  type RepairReport,
  repairMarkdown,
  type TightenReport,
  tightenMarkdown,
} from '../../../server/container/repair/index.ts';
import type { Outcome, ProbeReport, ProgramRun, Report } from '../../../server/container/report.ts';
import { judge } from '../../../server/container/verify/judge.ts';
import type { Verification } from '../../../server/container/verify/verify.ts';
import { architecture, numberOn } from '../../../server/src/catalog/index.ts';
import { policyOf } from '../../../server/src/policy/policy.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { ENGINE } from './fake.ts';

interface Token {
  readonly type: string;
  readonly content: string;
  readonly children: readonly Token[] | null;
}

/** What the preview of VS Code parses with, of the package that packs extensions; its options are the preview's. */
const MarkdownIt = createRequire(createRequire(import.meta.url).resolve('@vscode/vsce'))('markdown-it');
const parse = (markdown: string): readonly Token[] => new MarkdownIt({ html: true }).parse(markdown, {});

/** Kinds of the pieces of a text; of those within a line only what is markup. */
const shapeOf = (markdown: string): readonly string[] =>
  parse(markdown).flatMap(({ type, children }) => [
    type,
    ...(children ?? []).map((child) => child.type).filter((kind) => !/^(?:text|code_inline)$/.test(kind)),
  ]);

const IMAGE = '![x](https://example.org/p.png)';
/** Each has all that could be taken for markup somewhere. */
const HOSTILE: readonly string[] = [
  IMAGE,
  `[x](command:evil) ${IMAGE} <img src="https://example.org/p.png"> <https://example.org>`,
  `\`${IMAGE}\` \`\`${IMAGE}\`\` \` ${IMAGE} \``,
  `\`\`\`\n${IMAGE}\n\`\`\`\n${IMAGE}`,
  `\`${IMAGE}`,
  `\\\`${IMAGE}\\`,
  `x\n\n# ${IMAGE}\n\n<img src=x>\n\n| a | b |\n|---|---|\n| ${IMAGE} | \n- ${IMAGE}\n    ${IMAGE}`,
  `x\r\r${IMAGE}\u2028\u2029\v\f\u0085`,
  `a|b | ${IMAGE} | \\| \\\\| c`,
  `**x** _y_ ~~z~~ __a__ &lt;img&gt; &#33;`,
  `a\`b\`\`c${IMAGE}\`d\`\`${IMAGE}`,
];

const NONE = parseProfile('');
const end: ProgramRun = {
  kind: 'ended',
  exitCode: 0,
  outOfMemory: false,
  stdout: 'x',
  stderr: '',
  flooded: false,
  durationMs: 1,
};
const probe: ProbeReport = { filtered: true, tried: [], untried: [], exitCode: 0, mute: false, runs: 1, durationMs: 1 };

const report = (outcome: Outcome, more: Partial<Report> = {}): Report => ({
  outcome,
  request: { profile: { text: '', path: '/p.json' }, engine: { kind: 'docker' }, plan: () => ({ probes: [] }) },
  runId: 'x',
  engine: ENGINE,
  durationMs: 1,
  ...more,
});
const tested = (outcome: Outcome, more: Partial<Report> = {}): string =>
  renderMarkdown({ report: report(outcome, more), document: NONE });
const withEngine = (engine: Partial<Engine>): string => {
  const own = { ...ENGINE, ...engine };
  const [verified] = [verification(own)];
  return tested({ kind: 'ran', probe }, { engine: own }) + renderMarkdown(verified);
};

const TEXT = '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}';
const document = parseProfile(TEXT);
const policy = policyOf(document.profile!, defaultTarget())!;

/** A verification of a profile whose rule for mkdir has no effect. */
function verification(engine: Engine, words = 'x'): Verification {
  const { table: arch } = architecture('SCMP_ARCH_X86_64')!;
  const [made] = probesFor(['mkdir'], (name) => numberOn(name, arch));
  const result = { kind: 'errno', errno: 14 } as const;
  const tried = [{ probe: made!, underProfile: result, unconfined: result, verdict: 'same' as const }];
  const found = { ...probe, tried };
  const judged = judge(policy, undefined, found);
  const span = { start: 0, end: 1 };
  return {
    report: report({ kind: 'ran', probe: found }, { engine }),
    document,
    denied: [],
    verified: {
      text: TEXT,
      policy,
      judged,
      differences: judged.map((each) => ({ judged: each, explanation: words })),
      refusal: { message: words, span, explanation: words },
      spared: new Map(),
    },
  };
}

const attempt = (text: string) => ({ passed: false, started: false, what: text, output: text, durationMs: 1 });
const search = { label: 'l', runs: 1, durationMs: 1, engine: ENGINE };
const repaired = (outcome: RepairReport['outcome'], more: Partial<RepairReport> = {}): string =>
  repairMarkdown({ ...search, outcome, ...more });
const tightened = (outcome: TightenReport['outcome']): string => tightenMarkdown({ ...search, outcome });

const inLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const inWord = (text: string): string => text.replaceAll(/\s+/g, '');

/** What an engine says, with what it quotes of a profile. */
const SAID: readonly ((text: string) => string)[] = [
  (text) => `string ${inWord(text)} is not a valid action`,
  (text) => `invalid seccomp action \`${text.replaceAll('`', '')}\``,
  (text) => `string ${inLine(text)} is not a valid operator`,
  (text) => `string ${inLine(text)} is not a valid arch`,
  (text) => `syscall ${inWord(text)}: file exists`,
  (text) => `flag ${inWord(text)} is not known`,
  (text) => `unknown seccomp option ${inWord(text)}`,
  (text) => `invalid kernel version: "${text.replaceAll('"', '')}"`,
  (text) => `unknown errno ${inWord(text)}`,
  (text) => `cannot unmarshal ${inLine(text)} into Go struct field ${inWord(text)} of type ${inWord(text)}`,
];

const notStarted = (said: string): string => {
  const cause = explain(said);
  return tested({ kind: 'not-started', message: said, raw: said, ...(cause !== undefined && { cause }) });
};

const problems = (text: string) => [{ kind: 'docker', reason: 'unknown', message: text, raw: text }] as const;
const left = (text: string) => ({ containers: 1, images: 1, left: [{ thing: 'image', id: text }] as const });

/** Reports with a text of others in each of their fields. */
const FIELDS: Readonly<Record<string, (text: string) => string>> = {
  'the path of the profile': (text) => {
    const { request } = report({ kind: 'cancelled' });
    return tested({ kind: 'cancelled' }, { request: { ...request, profile: { text: '', path: text } } });
  },
  'the engine’s version': (text) => withEngine({ version: text }),
  'the engine’s kernel': (text) => withEngine({ kernel: text }),
  'the engine’s machine': (text) => withEngine({ machine: text }),
  'the engine’s address': (text) => withEngine({ remote: true, endpoint: text }),
  'the engine’s program': (text) => withEngine({ program: text, env: { A: text, [text]: 'b' } }),
  'the runtime’s name and version': (text) => withEngine({ runtime: { name: text, version: text } }),
  'the runtime of a profile that does not start': (text) =>
    renderMarkdown({
      report: report({ kind: 'not-started', message: '', raw: '' }, { engine: { ...ENGINE, runtime: { name: text } } }),
      document: NONE,
      denied: ['capset', text],
    }),
  'an image and its command': (text) =>
    tested({
      kind: 'ran',
      probe,
      program: { image: text, command: [text, text], underProfile: end, unconfined: end },
    }),
  'the output of a program': (text) =>
    tested({
      kind: 'ran',
      probe,
      program: {
        image: 'i',
        command: [],
        underProfile: { ...end, kind: 'ended', stdout: `x${text}`, stderr: text },
        unconfined: { kind: 'refused', message: `x${text}`, raw: text, cause: text },
      },
    }),
  'why there is no engine': (text) => tested({ kind: 'no-engine', problems: problems(text) }),
  'a message and what lies behind it': (text) => tested({ kind: 'failed', message: text, raw: `x${text}` }),
  'what was not tried': (text) => tested({ kind: 'not-tried', message: text }),
  'the output up to the limit': (text) =>
    tested({ kind: 'timeout', limitMs: 1, container: 'running', output: `x${text}` }),
  'what was not removed': (text) => tested({ kind: 'cancelled' }, { cleanup: left(text) }),
  ...Object.fromEntries(SAID.map((say, i) => [`what the engine said, ${i}`, (text: string) => notStarted(say(text))])),
  'a refusal and a difference': (text) => renderMarkdown(verification(ENGINE, text)),
  'what had to pass': (text) => repaired({ kind: 'passes-already' }, { label: text }),
  'what an attempt came to': (text) => repaired({ kind: 'not-by-allowing', attempt: attempt(`x${text}`) }),
  'what an attempt came to, explained': (text) =>
    SAID.map((say) => repaired({ kind: 'not-by-allowing', attempt: attempt(explain(say(text)) ?? 'x') })).join('\n'),
  'why there is no recording': (text) =>
    repaired({ kind: 'passes-already' }, { recording: { kind: 'missing', why: text } }),
  'what recorded': (text) =>
    repaired({ kind: 'passes-already' }, { recording: { kind: 'recorded', way: text, names: [], containers: 2 } }),
  'what a search could not remove': (text) => repaired({ kind: 'passes-already' }, { cleanup: left(text) }),
  'what a search lacks': (text) => repaired({ kind: 'no-engine', problems: problems(text) }),
  'why a search failed': (text) => repaired({ kind: 'failed', message: text, raw: `x${text}` }),
  'why nothing was dropped': (text) => tightened({ kind: 'not-a-profile', message: text }),
  'a doubt about a result': (text) =>
    tightened({
      kind: 'tightened',
      text: '',
      names: [text],
      needs: { names: [text], confirmed: { passed: 3, of: 3 }, doubtful: [] },
      change: { besides: [] } as never,
      expected: [text],
      startup: [text],
      foreign: [text],
      exact: attempt(`x${text}`),
    }),
};

describe('text of others in a report', () => {
  it('fences text with any number of backticks', () => {
    const text = '` '.repeat(300_000);
    assert.equal(block(text), `\`\`\`\n${text}\n\`\`\``);
    assert.ok(code(text).startsWith('`` '));
  });

  for (const [field, render] of Object.entries(FIELDS))
    it(`is only text: ${field}`, () => {
      const wanted = shapeOf(render('x'));
      for (const text of HOSTILE) {
        const markdown = render(text);
        assert.deepEqual(shapeOf(markdown), wanted, markdown);
      }
    });

  it('is there to the letter, as code', () => {
    for (const text of HOSTILE) {
      const [, inline] = parse(`a ${code(text)} b`);
      const shown = inline!.children!.find(({ type }) => type === 'code_inline')!.content;
      assert.equal(shown.trim(), text.replaceAll(/\s+/g, ' ').trim());
    }
  });

  it('is there to the letter, in a sentence', () => {
    for (const text of HOSTILE) {
      const [, inline] = parse(`a${prose(text)}b`);
      const shown = inline!.children!.map(({ content }) => content).join('');
      const bare = (words: string): string => words.replaceAll(/[\s`]+/g, '');
      assert.equal(bare(shown), bare(`a${text}b`));
    }
  });

  it('keeps the code of a sentence of ours', () => {
    assert.equal(prose('`SCMP_ACT_X` is a_b'), '`SCMP_ACT_X` is a\\_b');
  });

  it('cannot end a block or a cell', () => {
    for (const text of HOSTILE) {
      assert.deepEqual(shapeOf(block(text)), ['fence']);
      const cells = table(['a', 'b'], [[code(text), prose(text)]]);
      assert.deepEqual(shapeOf(cells), shapeOf(table(['a', 'b'], [['x', 'x']])));
    }
  });
});
