import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../stdio/client.ts';

export const TUTORIAL = 'examples/tutorial.json';

/** What a run of the built program came to. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program in the checkout, as a process of its own. */
export function cli(args: readonly string[], input = ''): Run {
  const { status, stdout, stderr } = raw(args, input);
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** The same with the bytes of standard output as they are. */
export function raw(args: readonly string[], input = '') {
  const program = path.join(root, 'dist/cli.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    input,
    maxBuffer: 64 * 2 ** 20,
  });
  return { status, stdout, stderr };
}

/** A folder for the files of a test file, removed behind its last test. */
export function folder(): (name: string, content: object | string) => string {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-cli-'));
  after(() => fs.rmSync(at, { recursive: true, force: true }));
  return (name, content) => {
    const file = path.join(at, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return file;
  };
}

/** Docker's own profile as its release has it. */
export function dockerDefault(): string {
  const stored = JSON.parse(fs.readFileSync(path.join(root, 'server/data/profiles/docker.json'), 'utf8'));
  return JSON.stringify(stored.profile, null, 2);
}

/** A small profile with a condition, a killing default in its old spelling, and an errno. */
export const KILLING = {
  defaultAction: 'SCMP_ACT_KILL',
  architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
  syscalls: [
    { names: ['read', 'write', 'sendfile'], action: 'SCMP_ACT_ALLOW' },
    { names: ['mkdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
    {
      names: ['personality'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 8, op: 'SCMP_CMP_EQ' }],
    },
    { names: ['ptrace'], action: 'SCMP_ACT_KILL_PROCESS' },
  ],
};
