import { type Cli, ENGINE_NAME } from './cli.ts';
import type { Output } from './execute.ts';

/** Why an engine cannot be used. */
export interface EngineProblem {
  readonly kind: Cli['kind'];
  readonly reason:
    | 'not-installed'
    | 'not-running'
    | 'no-permission'
    | 'unreachable'
    | 'bad-context'
    | 'no-answer'
    | 'cancelled'
    | 'unknown';
  /** What is wrong and what to do, in a sentence or two. */
  readonly message: string;
  /** What the program said. */
  readonly raw: string;
}

interface Pattern {
  readonly test: RegExp;
  readonly reason: EngineProblem['reason'];
  readonly message: (name: string, cli: Cli) => string;
}

const PATTERNS: readonly Pattern[] = [
  {
    test: /permission denied/i,
    reason: 'no-permission',
    message: (name) =>
      `${name} is running, but this user may not use it. Add the user to the group that owns its socket (often ` +
      '`docker`) and log in again, or use a rootless engine.',
  },
  {
    test: /context .*not found|unable to resolve docker endpoint|invalid context/i,
    reason: 'bad-context',
    message: (name) =>
      `${name}'s context does not exist. \`docker context ls\` lists the ones that do; check DOCKER_CONTEXT and the settings.`,
  },
  {
    test: /ssh: |stderr=ssh|no such host|i\/o timeout|no route to host|connection timed out|tls: |x509: /i,
    reason: 'unreachable',
    message: (name, cli) =>
      `${name} is set to an engine on another machine${host(cli)}, and that machine cannot be reached. Check the ` +
      'connection, DOCKER_HOST and the context.',
  },
  {
    test: /cannot connect to the docker daemon|is the docker daemon running|connection refused|unable to connect to podman|failed to dial|cannot access containerd socket|docker_engine|docker desktop is/i,
    reason: 'not-running',
    message: (name, cli) =>
      `${name} is installed but its engine does not answer${host(cli)}. Start it (${START[cli.kind]}) and try again.`,
  },
];

const START: Readonly<Record<Cli['kind'], string>> = {
  docker: 'Docker Desktop, or `sudo systemctl start docker`',
  podman: '`podman machine start` on macOS and Windows',
  nerdctl: '`sudo systemctl start containerd`',
};

/** Whether the program says that the engine went away while it was at work. */
export const wasLost = (stderr: string): boolean =>
  /cannot connect to the docker daemon|error during connect|unexpected EOF|connection (?:refused|reset)|broken pipe|daemon is shutting down|unable to connect to podman|transport is closing/i.test(
    stderr,
  );

/** What keeps the engine from answering, judged by what its program said; undefined when it answered. */
export function problemOf(cli: Cli, output: Output): EngineProblem | undefined {
  const name = ENGINE_NAME[cli.kind];
  const problem = (reason: EngineProblem['reason'], message: string): EngineProblem => ({
    kind: cli.kind,
    reason,
    message,
    raw: output.stderr.trim(),
  });
  if (output.stopped === 'missing') return problem('not-installed', notInstalled(cli));
  if (output.stopped === 'cancelled') return problem('cancelled', `The search for ${name} was cancelled.`);
  if (output.stopped === 'timeout')
    return problem('no-answer', `${name} did not answer in time${host(cli)}. Check that its engine is not stuck.`);
  if (output.status === 0 && !output.stopped) return undefined;
  const pattern = PATTERNS.find(({ test }) => test.test(output.stderr));
  if (pattern) return problem(pattern.reason, pattern.message(name, cli));
  return problem('unknown', `${name} failed: ${output.stderr.trim() || `exit status ${output.status}`}`);
}

function notInstalled({ kind, program }: Cli): string {
  const what = program === kind ? `\`${program}\` is not on the PATH` : `There is no program \`${program}\``;
  return `${what}. Install ${ENGINE_NAME[kind]}, or set the path of its command-line program.`;
}

function host({ kind, env }: Cli): string {
  const set = kind === 'docker' ? (env.DOCKER_HOST ?? process.env.DOCKER_HOST) : undefined;
  return set ? ` (DOCKER_HOST is ${set})` : '';
}
