import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { linesIn } from '../../server/cli/lines.ts';
import { architecture, numberOn } from '../../server/src/catalog/index.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import { createProfile, type Recording, startRecording } from '../../server/src/record/index.ts';
import { defaultTarget } from '../../server/src/settings.ts';
import { busybox, strace as installStrace } from './root-image.ts';

const run = promisify(execFile);
const [NAME, TABLE, TOKEN] =
  process.arch === 'arm64'
    ? (['AARCH64', 'aarch64', 'c00000b7'] as const)
    : (['X86_64', 'x86_64', 'c000003e'] as const);
const target = { ...defaultTarget(), architecture: `SCMP_ARCH_${NAME}` };

/** A small program with a child: the same calls in each run. */
const PROGRAM = ['/bin/busybox', 'sh', '-c', '/bin/busybox mkdir made; /bin/busybox rmdir made; echo done > /dev/null'];

describe('one program recorded in every form', function () {
  this.timeout(120_000);
  let folder = '';
  let calls: readonly (readonly [pid: string, name: string])[] = [];
  let expected: Recording;

  before(async () => {
    await busybox();
    await installStrace();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-forms-'));
    const file = await strace(['-f'], 'base');
    expected = recordFiles([file]);
    calls = [...linesIn(file)].flatMap((line) => {
      const [, pid = '', name] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
      return name ? [[pid, name] as const] : [];
    });
    assert.ok(calls.length > 50);
  });

  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function strace(options: readonly string[], name: string): Promise<string> {
    const file = path.join(folder, name);
    await run('strace', [...options, '-o', file, ...PROGRAM], { cwd: folder });
    return file;
  }

  function recordFiles(files: readonly string[]): Recording {
    const recorder = startRecording({ format: 'auto', architecture: architecture(target.architecture)! });
    for (const file of files) recorder.add(path.basename(file), linesIn(file));
    return recorder.result();
  }

  function recordLines(lines: readonly string[]): Recording {
    const recorder = startRecording({ format: 'auto', architecture: architecture(target.architecture)! });
    recorder.add('trace', lines);
    return recorder.result();
  }

  const profile = (recording: Recording, args = false) => createProfile(recording, { target, arguments: args }).text;

  function same(recording: Recording): void {
    assert.deepEqual(recording.unknown, []);
    assert.equal(profile(recording), profile(expected));
  }

  const FORMS = [
    '-f',
    '-f -t',
    '-f -tt',
    '-f -ttt',
    '-f -r',
    '-f -T',
    '-f -n',
    '-f -i',
    '-f -y',
    '-f -yy',
    '-f -Y',
    '-f -k',
    '-f -v',
    '-f -C',
  ];
  for (const options of [...FORMS, '-f -n -i -tt -T -y'])
    it(`strace ${options} gives the same profile, in a file and on a terminal, with and without conditions`, async () => {
      const file = recordFiles([await strace(options.split(' '), 'form')]);
      same(file);
      const { stderr } = await run('strace', [...options.split(' '), ...PROGRAM], { cwd: folder, maxBuffer: 1 << 26 });
      const terminal = recordLines(stderr.split('\n'));
      same(terminal);
      // a table has no arguments
      if (options === '-f -C') return;
      for (const recording of [file, terminal]) assert.equal(profile(recording, true), profile(expected, true));
    });

  it('strace -ff gives the same profile, its files in any order', async () => {
    await strace(['-ff'], 'each');
    const files = fs
      .readdirSync(folder)
      .filter((name) => name.startsWith('each.'))
      .map((name) => path.join(folder, name));
    assert.ok(files.length > 1);
    same(recordFiles(files));
    same(recordFiles(files.toReversed()));
  });

  it('strace -c gives a profile that allows the same', async () => {
    const allowed = (text: string) =>
      parseProfile(text)
        .profile!.rules.flatMap(({ names }) => names.map(({ value }) => value))
        .sort();
    const table = recordFiles([await strace(['-f', '-c'], 'table')]);
    assert.deepEqual(table.unknown, []);
    assert.deepEqual(allowed(profile(table)), allowed(profile(expected)));
  });

  const rendered: Readonly<Record<string, (pid: string, name: string, number: number) => readonly string[]>> = {
    'audit.log': (pid, _, number) => [
      `type=SECCOMP msg=audit(1.1:1): auid=0 uid=0 gid=0 ses=1 pid=${pid} comm="sh" exe="/bin/busybox" sig=0 arch=${TOKEN} syscall=${number} compat=0 ip=0x1 code=0x7ffc0000`,
    ],
    dmesg: (pid, _, number) => [
      `[   12.3] audit: type=1326 audit(1.1:1): auid=0 uid=0 gid=0 ses=1 pid=${pid} comm="sh" exe="/bin/busybox" sig=0 arch=${TOKEN} syscall=${number} compat=0 ip=0x1 code=0x7ffc0000`,
    ],
    'the audit records of syscalls': (pid, _, number) => [
      `type=SYSCALL msg=audit(1.1:1): arch=${TOKEN} syscall=${number} success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=${pid} comm="sh" exe="/bin/busybox" key=(null)`,
      'type=PROCTITLE msg=audit(1.1:1): proctitle=7368',
    ],
    'perf trace': (pid, name) => [`     0.053 ( 0.012 ms): sh/${pid} ${name}() = 0`],
    sysdig: (pid, name) => [`1 12:00:00.1 0 sh (${pid}) > ${name} `, `2 12:00:00.1 0 sh (${pid}) < ${name} res=0 `],
  };
  for (const [form, render] of Object.entries(rendered))
    it(`${form} gives the same profile`, () =>
      same(recordLines(calls.flatMap(([pid, name]) => render(pid, name, numberOn(name, TABLE)!)))));

  it('the table of perf trace gives the same profile', () => {
    const counts = new Map<string, number>();
    for (const [, name] of calls) counts.set(name, (counts.get(name) ?? 0) + 1);
    const rows = [...counts].map(([name, count]) => `   ${name.padEnd(20)} ${count}  0  0.1  0.1  0.1  0.1  0.00%`);
    const heading = '   syscall            calls  errors  total       min       avg       max       stddev';
    same(recordLines([' Summary of events:', '', ' sh (7), 24 events, 1.0%', '', heading, ...rows, '']));
  });
});
