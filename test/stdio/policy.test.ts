import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CodeLens, InlayHint } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { defaultProfile } from '../../server/src/catalog/index.ts';
import type {
  CompareResult,
  EngineTarget,
  ExplainResult,
  PolicyTable,
  ProfileTemplate,
  TargetChoices,
  TextRange,
} from '../../server/src/protocol.ts';
import { type Editor, killServers, MODERN, startEditor } from './client.ts';

const DOCKER = defaultProfile('docker').text;
const folders: string[] = [];

afterEach(() => {
  killServers();
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

const RULE = `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["clone"],
      "action": "SCMP_ACT_ERRNO",
      "errnoRet": 13,
      "args": [{ "index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`;

const slice = (text: string, range: TextRange | undefined): string | undefined =>
  range && TextDocument.create('a', 'seccomp', 1, text).getText(range);

describe('inlay hints', () => {
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const hints = async (editor: Editor, uri: string, range = whole) => {
    const found = await editor.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri }, range });
    return found.map(({ label, position }) => `${label}@${position.line}`);
  };

  it('name arguments, values and errors', async () => {
    const editor = await startEditor();
    assert.ok(editor.initialized.capabilities.inlayHintProvider);
    const uri = editor.open(RULE);
    assert.deepEqual(await hints(editor, uri), ['EACCES@6', 'flags@7', 'CLONE_NEWUSER@7', 'CLONE_NEWUSER@7']);
    assert.deepEqual(await hints(editor, uri, { ...whole, end: { line: 6, character: 99 } }), ['EACCES@6']);
    await editor.close();
  });

  for (const [setting, left] of [
    ['argumentNames', ['EACCES@6', 'CLONE_NEWUSER@7', 'CLONE_NEWUSER@7']],
    ['argumentValues', ['EACCES@6', 'flags@7']],
    ['errnoNames', ['flags@7', 'CLONE_NEWUSER@7', 'CLONE_NEWUSER@7']],
  ] as const)
    it(`leave a kind out when inlayHints.${setting} is off, and say so at once`, async () => {
      const inlayHint = { refreshSupport: true };
      const capabilities = { ...MODERN, workspace: { ...MODERN.workspace, inlayHint } };
      const editor = await startEditor({ capabilities });
      const uri = editor.open(RULE);
      editor.configure({ inlayHints: { [setting]: false } });
      await editor.askedFor('workspace/inlayHint/refresh');
      assert.deepEqual(await hints(editor, uri), left);
      await editor.close();
    });
});

describe('lenses about the policy', () => {
  const lenses = (editor: Editor, uri: string) =>
    editor.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  const resolve = async (editor: Editor, lens: CodeLens) =>
    (await editor.request<CodeLens>('codeLens/resolve', lens)).command?.title;

  it('say of each rule what it adds, when it comes into view', async () => {
    const editor = await startEditor();
    const uri = editor.open(RULE);
    const open = (await lenses(editor, uri)).filter(({ command }) => !command);
    assert.deepEqual(
      open.map(({ range }) => range.start.line),
      [3],
    );
    assert.match((await resolve(editor, open[0]!)) ?? '', /^denies clone.* for some arguments$/);
    await editor.close();
  });

  it('are left away from rules when codeLens.rules is off', async () => {
    const settings = { codeLens: { rules: false } };
    const editor = await startEditor({ settings, initializationOptions: { settings } });
    const uri = editor.open(RULE);
    assert.ok((await lenses(editor, uri)).every(({ command }) => command));
    await editor.close();
  });

  it('compare the whole with the default, by text alone where the client has no commands', async () => {
    const editor = await startEditor();
    const uri = editor.open('{ "defaultAction": "SCMP_ACT_ALLOW" }');
    const found = await lenses(editor, uri);
    assert.match(found[1]?.command?.title ?? '', /^allowed \d+ · conditional 0 · denied 0$/);
    assert.match(found[2]?.command?.title ?? '', /^\d+ looser than Docker's default: /);
    assert.equal(found[2]?.command?.command, '');
    await editor.close();
  });

  it('run commands where the client has them', async () => {
    const editor = await startEditor({ initializationOptions: { clientCommands: true } });
    const uri = editor.open('{ "defaultAction": "SCMP_ACT_ALLOW" }');
    const [, totals, difference] = await lenses(editor, uri);
    assert.deepEqual(totals?.command?.command, 'seccomp.showPolicyTable');
    assert.deepEqual(difference?.command?.arguments, [uri, 'docker']);
    await editor.close();
  });

  for (const data of [undefined, 7, { uri: 'file:///nowhere', rule: 0 }, { uri: 1 }])
    it(`with data ${JSON.stringify(data)}, which is none of its own, stay empty`, async () => {
      const editor = await startEditor();
      const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
      assert.equal(await resolve(editor, { range, data }), '');
      assert.deepEqual(editor.logged, []);
      await editor.close();
    });
});

describe('seccomp/explain', () => {
  const ask = (editor: Editor, params: unknown) => editor.request<ExplainResult>('seccomp/explain', params);

  it('answers a call and gives the place that decides', async () => {
    const editor = await startEditor();
    const uri = editor.open(RULE);
    const denied = await ask(editor, { uri, call: 'clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD)' });
    assert.ok(denied.kind === 'answer', JSON.stringify(denied));
    assert.match(denied.text, /fails with EACCES \(rule 1, line 4\)/);
    assert.equal(slice(RULE, denied.range), '"clone"');
    const allowed = await ask(editor, { uri, call: 'clone(flags=SIGCHLD)' });
    assert.ok(allowed.kind === 'answer');
    assert.match(allowed.text, /allowed \(defaultAction\)/);
    assert.equal(slice(RULE, allowed.range), '"SCMP_ACT_ALLOW"');
    await editor.close();
  });

  it('says what is wrong with a question', async () => {
    const editor = await startEditor();
    const uri = editor.open(RULE);
    const misspelt = await ask(editor, { uri, call: 'mkdirr' });
    assert.ok(misspelt.kind === 'refused' && /mkdir/.test(misspelt.message));
    const broken = await ask(editor, { uri: editor.open('{ "syscalls": [] }'), call: 'read' });
    assert.ok(broken.kind === 'refused' && /defaultAction/.test(broken.message));
    for (const params of [{ uri: 'file:///nowhere', call: 'read' }, { uri }, {}, null])
      assert.equal((await ask(editor, params)).kind, 'refused');
    await editor.close();
  });
});

describe('seccomp/policyTable', () => {
  const ask = (editor: Editor, params: unknown) => editor.request<PolicyTable | null>('seccomp/policyTable', params);

  it('has every syscall with its verdict and the place that decides', async () => {
    const editor = await startEditor();
    const table = await ask(editor, { uri: editor.open(DOCKER) });
    assert.ok(table);
    assert.deepEqual([table.runtime, table.architecture], ['Docker', 'SCMP_ARCH_X86_64']);
    assert.deepEqual(table.architectures, ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    assert.ok(table.rows.length > 350);
    const row = (name: string) => table.rows.find((each) => each.name === name);
    assert.equal(row('read')?.verdict, 'allowed');
    assert.equal(slice(DOCKER, row('read')?.range), '"read"');
    assert.equal(row('mount')?.verdict, 'denied');
    assert.equal(row('mount')?.danger, 1);
    assert.equal(row('clone')?.verdict, 'conditional');
    assert.match(row('clone')?.condition ?? '', /flags has none of/);
    await editor.close();
  });

  it('is of the architecture that is asked for, if the profile covers it', async () => {
    const editor = await startEditor();
    const uri = editor.open(DOCKER);
    assert.ok((await ask(editor, { uri, architecture: 'SCMP_ARCH_X86' }))?.rows.some(({ name }) => name === 'waitpid'));
    const other = await ask(editor, { uri, architecture: 'SCMP_ARCH_S390X' });
    assert.equal(other?.architecture, 'SCMP_ARCH_X86_64');
    await editor.close();
  });

  it('follows edits', async () => {
    const editor = await startEditor();
    const uri = editor.open(RULE);
    editor.change(uri, 2, [{ text: '{ "defaultAction": "SCMP_ACT_ERRNO" }' }]);
    const table = await ask(editor, { uri });
    assert.ok(table?.rows.every(({ verdict }) => verdict === 'denied'));
    await editor.close();
  });

  it('is null where no engine loads the profile, or there is none', async () => {
    const editor = await startEditor();
    const uri = editor.open('{ "syscalls": [] }');
    for (const params of [{ uri }, { uri: 'file:///nowhere' }, {}, null]) assert.equal(await ask(editor, params), null);
    await editor.close();
  });

  it('is announced anew when settings change, to clients that show it', async () => {
    const editor = await startEditor({ initializationOptions: { clientCommands: true } });
    const announced = new Promise<void>((done) => editor.connection.onNotification('seccomp/policyChanged', done));
    editor.configure({ target: { runtime: 'podman' } });
    await announced;
    assert.equal((await ask(editor, { uri: editor.open(RULE) }))?.runtime, 'Podman');
    await editor.close();
  });
});

describe('seccomp/compare', () => {
  const ask = (editor: Editor, params: unknown) => editor.request<CompareResult>('seccomp/compare', params);
  const text = (value: string, label = 'old.json') => ({ kind: 'text', text: value, label });

  it('tells what is looser than a default, the dangerous calls first', async () => {
    const editor = await startEditor();
    const uri = editor.open('{ "defaultAction": "SCMP_ACT_ALLOW" }');
    const result = await ask(editor, {
      before: { kind: 'default', engine: 'docker' },
      after: { kind: 'document', uri, label: 'mine.json' },
    });
    assert.ok(result.kind === 'report', JSON.stringify(result));
    assert.equal(result.title, "mine.json next to Docker's default");
    assert.match(result.headline, /\d+ looser/);
    const [first = '', second = ''] = result.markdown.split('\n').filter((line) => line.startsWith('| `'));
    for (const line of [first, second])
      assert.match(line, /^\| `[a-z_]+` \| fails with \w+ \([^|]+\) \| allowed \(defaultAction\) \| \S/);
    assert.ok(result.markdown.indexOf('`mount`') < result.markdown.indexOf('`acct`'));
    await editor.close();
  });

  it('shows a call where arguments make the difference', async () => {
    const editor = await startEditor();
    const before = text('{ "defaultAction": "SCMP_ACT_ALLOW" }');
    const result = await ask(editor, {
      before,
      after: { kind: 'document', uri: editor.open(RULE), label: 'new.json' },
    });
    assert.ok(result.kind === 'report');
    assert.match(result.headline, /: \d tighter$/);
    assert.match(
      result.markdown,
      /\| `clone\(flags=CLONE_NEWUSER\)` \| allowed \(defaultAction\) \| fails with EACCES \(rule 1, line 4\) \|/,
    );
    await editor.close();
  });

  it('finds nothing between a default and its text', async () => {
    const editor = await startEditor();
    const result = await ask(editor, {
      before: { kind: 'default', engine: 'docker' },
      after: text(DOCKER, 'copy.json'),
    });
    assert.ok(result.kind === 'report');
    assert.equal(result.headline, "copy.json does the same as Docker's default");
    assert.doesNotMatch(result.markdown, /^\|/m);
    await editor.close();
  });

  it('lets no text of a label be markup', async () => {
    const editor = await startEditor();
    const result = await ask(editor, { before: text(RULE, '[a](http://b)<img src=x>'), after: text(RULE) });
    assert.ok(result.kind === 'report');
    assert.doesNotMatch(result.markdown, /(?<!\\)<img|\[a\]\(/);
    await editor.close();
  });

  it('says why there is nothing to compare', async () => {
    const editor = await startEditor();
    const after = text(RULE);
    const broken = await ask(editor, { before: text('{', 'broken.json'), after });
    assert.ok(broken.kind === 'refused' && /broken\.json/.test(broken.message));
    const closed = await ask(editor, {
      before: { kind: 'document', uri: 'file:///nowhere', label: 'gone.json' },
      after,
    });
    assert.ok(closed.kind === 'refused' && /gone\.json is not open/.test(closed.message));
    for (const params of [{}, null, { before: after }]) assert.equal((await ask(editor, params)).kind, 'refused');
    await editor.close();
  });
});

describe('templates', () => {
  it('cover the architecture of the target', async () => {
    const settings = { target: { architecture: 'SCMP_ARCH_AARCH64' } };
    const editor = await startEditor({ initializationOptions: { settings } });
    const found = await editor.request<readonly ProfileTemplate[]>('seccomp/templates', null);
    assert.equal(found[0]?.text, DOCKER);
    assert.match(found.at(-1)?.text ?? '', /"SCMP_ARCH_AARCH64",\s*"SCMP_ARCH_ARM"/);
    await editor.close();
  });
});

describe('the target', () => {
  it('can be any architecture with any capabilities', async () => {
    const editor = await startEditor();
    const { architectures, capabilities } = await editor.request<TargetChoices>('seccomp/targetChoices', null);
    assert.ok(architectures.some(({ name }) => name === 'SCMP_ARCH_AARCH64'));
    assert.ok(capabilities.some(({ name, description }) => name === 'CAP_SYS_ADMIN' && description !== ''));
    await editor.close();
  });

  const FEATURES = JSON.stringify({ annotations: { 'io.github.seccomp.libseccomp.version': '2.5.4' } });
  const INFO = JSON.stringify({
    KernelVersion: '5.15.0-91-generic',
    Architecture: 'aarch64',
    DefaultRuntime: 'runc',
    Runtimes: { runc: { path: 'runc', status: { 'org.opencontainers.runtime-spec.features': FEATURES } } },
  });

  /** An editor whose settings name a stand-in for Docker. */
  async function editorWith(script: string, more: object = {}): Promise<Editor> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-profiles-test-'));
    folders.push(folder);
    const program = path.join(folder, 'docker');
    fs.writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const settings = { container: { engine: 'docker', program } };
    return startEditor({ settings, initializationOptions: { settings, ...more } });
  }

  const read = (editor: Editor) => editor.request<EngineTarget>('seccomp/readTarget', null);

  it('is read from what the engine says of itself', async () => {
    const editor = await editorWith(`case "$1" in
info) cat <<'END'
${INFO}
END
;;
version) echo '{"Server":{"Version":"28.5.2"}}';;
esac`);
    const found = await read(editor);
    assert.ok(found.kind === 'target', JSON.stringify(found));
    assert.match(found.label, /^Docker 28\.5\.2/);
    assert.deepEqual(found.settings, {
      runtime: 'docker',
      architecture: 'SCMP_ARCH_AARCH64',
      kernel: '5.15',
      libseccomp: '2.5.4',
    });
    await editor.close();
  });

  it('has the capabilities that Podman grants', async () => {
    const info = {
      host: {
        arch: 'amd64',
        kernel: '6.12.1-1-amd64',
        ociRuntime: { name: 'crun', version: 'crun version 1.28' },
        security: { capabilities: 'CAP_CHOWN,CAP_SYS_CHROOT', seccompEnabled: true },
      },
    };
    const editor = await editorWith(`[ "$1" = info ] && echo '${JSON.stringify(info)}' || echo '{}'`);
    const found = await read(editor);
    assert.ok(found.kind === 'target', JSON.stringify(found));
    assert.deepEqual(found.settings, {
      runtime: 'podman',
      architecture: 'SCMP_ARCH_X86_64',
      kernel: '6.12',
      capabilities: ['CAP_CHOWN', 'CAP_SYS_CHROOT'],
    });
    await editor.close();
  });

  it('is not read where no engine answers, or the workspace is not trusted', async () => {
    const dead = await editorWith(
      'echo "Cannot connect to the Docker daemon. Is the docker daemon running?" >&2; exit 1',
    );
    const none = await read(dead);
    assert.ok(none.kind === 'none' && none.problems.length === 1);
    await dead.close();
    const untrusted = await editorWith('exit 1', { trusted: false });
    assert.equal((await read(untrusted)).kind, 'refused');
    await untrusted.close();
  });
});
