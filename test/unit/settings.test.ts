import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { joinWords, splitWords } from '../../client/src/words.ts';
import { CHECKS } from '../../server/src/checks/index.ts';
import { defaultTarget, readSettings, SEVERITIES } from '../../server/src/settings.ts';
import { settingsTable } from '../../server/src/settings-table.ts';

describe('settings', () => {
  it('have the defaults of the table when nothing is set', () => {
    const { target, severities, codeLens, container } = readSettings(undefined);
    assert.deepEqual(target, defaultTarget());
    assert.deepEqual(severities, {});
    assert.equal(codeLens, true);
    assert.deepEqual(container, {
      engine: 'auto',
      program: '',
      environment: {},
      image: '',
      command: [],
      options: [],
      timeLimitMs: 60_000,
      memory: '256m',
      pids: 1024,
    });
  });

  it('are read as objects in each other or under keys with dots', () => {
    const nested = { target: { runtime: 'podman', kernel: '5.15.0-91' }, container: { timeLimit: 9 } };
    const dotted = { 'target.runtime': 'podman', target: { kernel: '5.15' }, 'container.timeLimit': 9 };
    for (const raw of [nested, dotted]) {
      const { target, container } = readSettings(raw);
      assert.equal(target.runtime, 'podman');
      assert.deepEqual(target.kernel, [5, 15]);
      assert.equal(container.timeLimitMs, 9000);
    }
  });

  it('take severities of known checks only', () => {
    const [check] = CHECKS;
    const severity = { [check!.code]: 'off', 'no-such-check': 'error', [CHECKS[1]!.code]: 'loud' };
    assert.deepEqual(readSettings({ diagnostics: { severity } }).severities, { [check!.code]: 'off' });
    assert.deepEqual(readSettings({ 'diagnostics.severity': severity }).severities, { [check!.code]: 'off' });
  });

  it('replace the capabilities as a whole', () => {
    const { target } = readSettings({ target: { capabilities: ['CAP_SYS_ADMIN'] } });
    assert.deepEqual([...target.capabilities], ['CAP_SYS_ADMIN']);
    assert.deepEqual([...readSettings({ target: { capabilities: [] } }).target.capabilities], []);
  });

  it('fall back to the default for every value that is not as the table wants it', () => {
    const usual = readSettings(undefined);
    const bad: readonly unknown[] = [null, 1.5, -1, 'no such thing', true, [1], { a: 1 }, Number.NaN, [[]]];
    for (const { key, schema } of settingsTable())
      for (const value of bad) {
        const fits = typeof value === schema.type && schema.type !== 'object';
        const isFreeText = schema.type === 'string' && !schema.enum && !schema.pattern;
        if (fits && (isFreeText || schema.type === 'boolean')) continue;
        assert.deepEqual(readSettings({ [key]: value }), usual, `${key}: ${JSON.stringify(value)}`);
      }
  });

  it('are not found in what objects have by nature', () => {
    const usual = readSettings(undefined);
    for (const raw of ['text', 7, [], null, JSON.parse('{"__proto__":{"codeLens":{"enabled":false}}}')])
      assert.deepEqual(readSettings(raw), usual);
  });

  it('have defaults that are valid', () => {
    const raw = Object.fromEntries(settingsTable().map(({ key, schema }) => [key, schema.default]));
    assert.deepEqual(readSettings(raw), readSettings(undefined));
  });
});

describe('the manifest', () => {
  const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  const { contributes } = manifest;
  const commands: readonly string[] = contributes.commands.map(({ command }: { command: string }) => command);

  it('is what follows from the sources', () => {
    assert.match(execFileSync('node', ['scripts/manifest.mjs', '--check'], { encoding: 'utf8' }), /up to date/);
  });

  it('has a setting for the severity of every check', () => {
    const sections: readonly { properties: Record<string, { properties?: object }> }[] = contributes.configuration;
    const severity = sections.flatMap(({ properties }) => properties['seccomp.diagnostics.severity'] ?? [])[0];
    const offered = severity?.properties as Record<string, { enum: readonly string[]; default: string }>;
    assert.deepEqual(
      Object.keys(offered),
      CHECKS.map(({ code }) => code),
    );
    for (const { code, severity: usual } of CHECKS) {
      assert.deepEqual(offered[code]?.enum, SEVERITIES);
      assert.equal(offered[code]?.default, usual);
    }
  });

  it('lets only trusted workspaces say what is run', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const key of ['engine', 'program', 'environment', 'image', 'command', 'options'])
      assert.ok(restrictedConfigurations.includes(`seccomp.container.${key}`), key);
  });

  it('declares every command that the client registers, and no other', () => {
    const sources = fs.readdirSync('client/src').map((name) => fs.readFileSync(`client/src/${name}`, 'utf8'));
    const protocol = fs.readFileSync('server/src/protocol.ts', 'utf8');
    const registered = [
      ...sources.flatMap((text) => [...text.matchAll(/register(?:Command)?\(\s*'(seccomp\.\w+)'/g)]),
      ...protocol.matchAll(/_COMMAND = '(seccomp\.\w+)'/g),
    ].map(([, name]) => name);
    assert.deepEqual(registered.sort(), [...commands].sort());
  });

  it('names commands that exist in its menus', () => {
    const menus: readonly (readonly { command?: string; submenu?: string }[])[] = Object.values(contributes.menus);
    const submenus: readonly { id: string }[] = contributes.submenus;
    for (const { command, submenu } of menus.flat()) {
      if (submenu) assert.ok(submenus.some(({ id }) => id === submenu) && contributes.menus[submenu], submenu);
      else assert.ok(command && commands.includes(command), command);
    }
  });

  it('names files that exist', () => {
    const [language] = contributes.languages;
    const files = [
      manifest.icon,
      language.configuration,
      ...Object.values(language.icon),
      contributes.grammars[0].path,
      contributes.snippets[0].path,
    ];
    for (const file of files) assert.ok(fs.existsSync(file), file);
  });
});

describe('words of a command', () => {
  const LINES: Readonly<Record<string, readonly string[]>> = {
    '': [],
    '  nginx   -t ': ['nginx', '-t'],
    'sh -c "echo a; echo b"': ['sh', '-c', 'echo a; echo b'],
    'echo \'a "b"\'': ['echo', 'a "b"'],
    'a"b c"d': ['ab cd'],
    'echo ""': ['echo', ''],
    'echo "a': ['echo', '"a'],
    'echo $(id) `id` ; |': ['echo', '$(id)', '`id`', ';', '|'],
  };
  for (const [line, words] of Object.entries(LINES))
    it(`of ${JSON.stringify(line)}`, () => assert.deepEqual(splitWords(line), words));

  it('are the same after they were joined', () => {
    for (const words of [...Object.values(LINES), ['"', "'", 'a\'b"c', ' ', '\t', '"\'"']])
      assert.deepEqual(splitWords(joinWords(words)), words);
  });
});
