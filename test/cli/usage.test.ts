import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { wantsColours } from '../../server/cli/io.ts';
import { root } from '../stdio/client.ts';
import { cli, folder, KILLING, TUTORIAL } from './run.ts';

const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

describe('the command line', () => {
  const file = folder();

  it('tells its version', () =>
    assert.deepEqual(cli(['--version']), { status: 0, stdout: `${version}\n`, stderr: '' }));

  it('explains itself, and each command', () => {
    for (const [args, said] of [
      [['--help'], /check FILE\.\.\.[\s\S]*explain FILE[\s\S]*compile FILE[\s\S]*diff A B/],
      [['check', '--help'], /--format[\s\S]*--fail-on[\s\S]*--fix[\s\S]*--runtime/],
      [['explain', '-h'], /--calls[\s\S]*--cap/],
      [['compile', '--help'], /--output[\s\S]*--disassemble/],
      [['diff', '--help'], /docker-default[\s\S]*--fail-on/],
      [['verify', '--help'], /--engine[\s\S]*--image[\s\S]*--option[\s\S]*--time-limit[\s\S]*--format/],
    ] as const) {
      const { status, stdout, stderr } = cli(args);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, said);
    }
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /check FILE/],
    [['chek', TUTORIAL], /Unknown command "chek"\. Did you mean check\?/],
    [['--hlep'], /Unknown option --hlep\./],
    [['check'], /at least one FILE/],
    [['check', TUTORIAL, '--fomat', 'json'], /Unknown option --fomat\. Did you mean --format\?/],
    [['check', TUTORIAL, '--format', 'jsn'], /--format takes .* not "jsn"\. Did you mean json\?/],
    [['check', TUTORIAL, '--fail-on', 'always'], /--fail-on takes error, warning, information, hint, never/],
    [['check', TUTORIAL, '--format'], /--format/],
    [['check', TUTORIAL, '--runtime', 'pdoman'], /"pdoman" is no runtime\. Did you mean podman\?/],
    [['check', TUTORIAL, '--target', 'kernl=5.4'], /no part "kernl"\. Did you mean kernel\?/],
    [['check', TUTORIAL, '--kernel', 'new'], /--kernel takes a version such as 5\.15, not "new"/],
    [['check', TUTORIAL, '--libseccomp', '2.5'], /--libseccomp takes a version/],
    [['explain', TUTORIAL, '--arch', 'x86-64'], /"x86-64" is no architecture\. Did you mean x86_64\?/],
    [['explain', TUTORIAL, '--cap', 'SYS_ADMN'], /"SYS_ADMN" is no capability\. Did you mean CAP_SYS_ADMIN\?/],
    [['explain'], /explain takes a FILE/],
    [['explain', '-', '--calls', '-'], /cannot be both/],
    [['explain', TUTORIAL, 'mkdirr'], /"mkdirr" is not a syscall; did you mean mkdir\?$/m],
    [['explain', TUTORIAL, 'mkdir(1'], /not closed/],
    [['compile', TUTORIAL, TUTORIAL], /one FILE/],
    [['diff', 'docker-default'], /two profiles/],
    [['diff', 'docker-default', 'podman-defalt'], /Cannot read podman-defalt: there is no such file/],
    [['verify'], /at least one FILE/],
    [['verify', TUTORIAL, '--engine', 'dokcer'], /--engine takes .* not "dokcer"\. Did you mean docker\?/],
    [['verify', TUTORIAL, '--time-limit', '0'], /--time-limit takes a whole number of at least 1, not "0"/],
    [['test', TUTORIAL, '--engine', 'dokcer'], /--engine takes .* not "dokcer"\. Did you mean docker\?/],
    [['verify', TUTORIAL, '--kernel', '5.15'], /verify takes no --kernel: the engine itself is the target/],
    [['check', 'examples'], /Cannot read examples: it is a folder/],
  ];
  for (const [args, said] of wrong)
    it(`refuses "${args.join(' ')}" with status 2`, () => {
      const { status, stdout, stderr } = cli(args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });

  it('reports the files that it can read beside one that it cannot', () => {
    const { status, stdout, stderr } = cli(['check', 'no-such-file.json', 'examples/allow-list.json']);
    assert.equal(status, 2);
    assert.match(stdout, /^1 file/m);
    assert.match(stderr, /^seccomp-profile: Cannot read no-such-file\.json/);
  });

  it('takes a target in one word or in parts', () => {
    const profile = file('killing.json', KILLING);
    const asked = (...args: readonly string[]) =>
      JSON.parse(cli(['explain', profile, 'read', '--json', ...args]).stdout);
    const wanted = {
      runtime: 'podman',
      architecture: 'SCMP_ARCH_AARCH64',
      kernel: '5.15',
      libseccomp: '2.5.4',
      capabilities: ['CAP_SYS_ADMIN', 'CAP_BPF'],
      noNewPrivileges: false,
    };
    const oneByOne = ['--runtime', 'podman', '--arch', 'arm64', '--kernel', '5.15', '--libseccomp', '2.5.4'];
    const caps = ['--cap', 'CAP_SYS_ADMIN', '--cap', 'bpf'];
    const inOne = 'podman,arch=aarch64,kernel=5.15,libseccomp=2.5.4,cap=CAP_SYS_ADMIN,cap=bpf';
    assert.deepEqual(asked(...oneByOne, ...caps).target, wanted);
    assert.deepEqual(asked('--target', inOne).target, wanted);
    assert.deepEqual(asked('--cap', 'none').target.capabilities, []);
  });

  it('colours only terminals, and none that asks for no colours', () => {
    assert.equal(wantsColours(true, {}), true);
    assert.equal(wantsColours(false, {}), false);
    assert.equal(wantsColours(true, { NO_COLOR: '1' }), false);
    assert.equal(wantsColours(true, { NO_COLOR: '' }), true);
    assert.equal(wantsColours(true, { TERM: 'dumb' }), false);
    assert.equal(cli(['check', TUTORIAL]).stdout.includes('\u001b'), false);
  });
});
