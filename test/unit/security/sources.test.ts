import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Every source file of what users get. */
function sources(): readonly { readonly file: string; readonly text: string }[] {
  return ['server', 'client'].flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(folder, name))
      .map((file) => ({ file, text: fs.readFileSync(file, 'utf8') })),
  );
}

const using = (pattern: RegExp): readonly string[] =>
  sources()
    .filter(({ text }) => pattern.test(text))
    .map(({ file }) => file.replaceAll(path.sep, '/'));

describe('the sources', () => {
  it('run programs in three places, each by an argument list', () => {
    assert.deepEqual(using(/child_process/).toSorted(), [
      'client/src/git.ts',
      'client/src/manual.ts',
      'server/container/execute.ts',
    ]);
    for (const [, names] of sources().flatMap(({ text }) => [
      ...text.matchAll(/import \{([^}]*)\} from 'node:child_process'/g),
    ]))
      for (const name of names!.split(',').map((each) => each.trim()))
        assert.ok(['spawn', 'execFile', 'type ChildProcess'].includes(name), `${name} may start a shell`);
  });

  it('start no shell, and make no code out of text but for the bundle, which lies beside its launcher, and one fixed line', () => {
    assert.deepEqual(using(/\bshell\s*:/), []);
    assert.deepEqual(using(/node:vm|\bScript\(/).toSorted(), [
      'server/container/cases/judge.ts',
      'server/entry/launch.ts',
    ]);
    const scripts = fs.readFileSync('server/container/cases/judge.ts', 'utf8').match(/\brunIn\w+\([^']*'[^']*',/g);
    assert.deepEqual(scripts, [`runInNewContext('new RegExp(pattern, "m").test(text)',`]);
    assert.deepEqual(using(/\beval\(|new Function\(|document\.write|\.innerHTML|\.outerHTML|insertAdjacentHTML/), []);
    assert.deepEqual(using(/['"`](?:\/bin\/)?(?:ba|da|z)?sh['"`],?\s*\[?\s*['"`]-c/), []);
  });

  it('connect to nothing', () => {
    assert.deepEqual(using(/node:(?:http|https|http2|net|tls|dgram|dns)\b|\bfetch\(|XMLHttpRequest|new WebSocket/), []);
  });

  // a limit that nothing else refers to may be collected, and never ends anything (nodejs/node issue 57736)
  it('limit time by a timer that stays alive', () => {
    assert.deepEqual(using(/AbortSignal\s*\.\s*(?:any|timeout)\s*\(/), []);
  });

  it('make no text trusted that an editor would run commands from', () => {
    assert.deepEqual(using(/isTrusted\s*[:=]\s*(?:true|\{)|supportHtml/), []);
    assert.deepEqual(using(/enableCommandUris|enableScripts:\s*true/), ['client/src/policy-table.ts']);
    const page = fs.readFileSync('client/src/policy-table.ts', 'utf8');
    assert.match(page, /default-src 'none'/);
    assert.doesNotMatch(page, /unsafe-inline|unsafe-eval|enableCommandUris/);
  });

  it('show notifications, progress and input boxes in one place, which makes no links of what is in a text', () => {
    const shown =
      /\bshow(?:Information|Warning|Error)Message\b|\bwithProgress\b|\bshowInputBox\b|validationMessage\s*[=:]|\.report\(/;
    assert.deepEqual(
      using(shown).filter((file) => file.startsWith('client/')),
      ['client/src/notify.ts'],
    );
  });

  it('link to the web by https alone', () => {
    const schemes = sources().flatMap(({ text }) =>
      [...text.matchAll(/\b([a-z][a-z0-9+.-]*):\/\/[a-z]/g)].map(([, scheme]) => scheme),
    );
    assert.deepEqual(
      [...new Set(schemes)].filter((scheme) => !['https', 'unix', 'tcp', 'ssh', 'npipe', 'file'].includes(scheme!)),
      [],
    );
  });
});

describe('a workspace that is not trusted', () => {
  const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  const settings: readonly string[] = [manifest.contributes.configuration]
    .flat()
    .flatMap(({ properties }: { readonly properties: object }) => Object.keys(properties));

  it('sets nothing that decides what is run', () => {
    assert.equal(supported, 'limited');
    // a limit of time starts nothing
    const harmless = new Set(['seccomp.container.timeLimit']);
    const running = settings.filter((key) => key.startsWith('seccomp.container.') && !harmless.has(key));
    assert.ok(running.length > 0);
    for (const key of running) assert.ok(restrictedConfigurations.includes(key), `${key} is not restricted`);
  });

  it('restricts only settings that exist', () => {
    for (const key of restrictedConfigurations) assert.ok(settings.includes(key), key);
  });

  it('is refused by every command that runs something, which is shown in an editor by test/ui/scenes/untrusted.mjs', async () => {
    const harmless = [
      ...['newProfile', 'showReport', 'createTests', 'applyProposal', 'explain', 'showPolicyTable', 'fixAll'],
      ...['compareWithDefault', 'compareWithDocker', 'compareWithPodman', 'compareProfiles', 'importTrace'],
      ...['selectTarget', 'selectImage', 'selectRuntime', 'treatAsProfile', 'treatAsJson'],
      ...['openDocumentation', 'restartServer', 'showOutput'],
    ];
    const { REFUSED } = await import(pathToFileURL(path.resolve('test/ui/scenes/untrusted.mjs')).href);
    const commands: readonly { readonly command: string; readonly title: string }[] = manifest.contributes.commands;
    const running = commands.filter(({ command }) => !harmless.includes(command.replace('seccomp.', '')));
    assert.deepEqual(
      running.map(({ title }) => `Seccomp: ${title}`).toSorted(),
      // the palette does not offer it there, and the scene takes another way
      [...Object.keys(REFUSED), 'Seccomp: Run Tests of this Profile'].toSorted(),
    );
  });

  it('has no other setting that names a program, a path or an address', () => {
    const free = settings.filter((key) => !restrictedConfigurations.includes(key));
    assert.deepEqual(
      free.filter((key) => /program|path|command|env|image|host|url|socket|option|args$/i.test(key)),
      [],
    );
  });
});
