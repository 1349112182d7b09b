import type { Engine } from '../../../server/container/engine.ts';
import type { Execute, Invocation, Output } from '../../../server/container/execute.ts';

/** What a fake program answers, by the start of its command line (`docker version`). The longest match counts. */
export type Answers = Readonly<Record<string, Partial<Output> | ((line: string) => Partial<Output>)>>;

/** Runs nothing; keeps what it was asked to run. A command without an answer succeeds in silence. */
export function fakeExecute(answers: Answers): { readonly execute: Execute; readonly asked: readonly Invocation[] } {
  const asked: Invocation[] = [];
  const starts = Object.keys(answers).toSorted((a, b) => b.length - a.length);
  const execute: Execute = async (invocation) => {
    asked.push(invocation);
    const line = [invocation.program, ...invocation.args].join(' ');
    const start = starts.find((each) => line.startsWith(each));
    const answer = start === undefined ? {} : answers[start]!;
    return { status: 0, stdout: '', stderr: '', ...(typeof answer === 'function' ? answer(line) : answer) };
  };
  return { execute, asked };
}

export const missing: Partial<Output> = { status: 127, stopped: 'missing' };

export const DOCKER_VERSION = JSON.stringify({
  Client: { Version: '28.2.2' },
  Server: {
    Version: '28.5.2',
    Arch: 'amd64',
    Components: [
      { Name: 'Engine', Version: '28.5.2' },
      { Name: 'runc', Version: '1.3.6' },
    ],
  },
});
export const DOCKER_INFO = JSON.stringify({
  KernelVersion: '6.18.4',
  Architecture: 'x86_64',
  DefaultRuntime: 'runc',
  SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
});

/** A Docker engine that answers. */
export const DOCKER: Answers = {
  'docker version': { stdout: DOCKER_VERSION },
  'docker info': { stdout: DOCKER_INFO },
  'docker context': { stdout: '"unix:///run/docker.sock"\n' },
};

/** Today's Docker. */
export const ENGINE: Engine = {
  kind: 'docker',
  program: 'docker',
  env: {},
  version: '28.5.2',
  runtime: { name: 'runc', version: '1.3.6' },
  kernel: '6.18.4',
  machine: 'x86_64',
  probeArch: 'x86_64',
  rootless: false,
  seccomp: true,
  remote: false,
};
