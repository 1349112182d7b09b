import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, it } from 'mocha';
import type { Execute, Invocation } from '../../../server/container/execute.ts';
import {
  doubts,
  type RepairReport,
  repairHeadline,
  repairMarkdown,
  repairProfile,
  type SearchRequest,
  tightenMarkdown,
  tightenProfile,
} from '../../../server/container/repair/index.ts';
import { verdictOf } from '../../../server/src/policy/policy.ts';
import { policyOfText } from '../../../server/src/repair/change.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { random } from '../../differential/random.ts';
import { DOCKER, fakeExecute, missing } from './fake.ts';

const DENY = JSON.stringify({
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }],
});
const request = (more: Partial<SearchRequest> = {}): SearchRequest => ({
  profile: DENY,
  engine: { kind: 'docker' },
  image: 'program',
  ...more,
});

interface Program {
  /** Syscalls without which it fails. */
  readonly needs: readonly string[];
  /** Fails all the same, by the number of the run. */
  readonly fails?: (run: number) => boolean;
}

/** An engine that runs a program: it passes where the policy engine says that the profile allows what it needs. */
function engineWith({ needs, fails = () => false }: Program) {
  const profiles = new Map<string, string>();
  const tried: string[] = [];
  const removed: string[] = [];
  const passes = (profile: string): boolean => {
    const policy = profile === 'unconfined' ? undefined : policyOfText(profile, defaultTarget());
    return needs.every((name) => !policy || verdictOf(policy, name)?.kind === 'allowed') && !fails(tried.length);
  };
  const after = ({ args }: Invocation, option: string) => args[args.indexOf(option) + 1]!;
  const exits = new Map<string, number>();
  const engine = fakeExecute(DOCKER).execute;
  const execute: Execute = async (invocation, options) => {
    const { args } = invocation;
    const answer = { status: 0, stdout: '', stderr: '' };
    if (args[0] === 'create') {
      const seccomp = after(invocation, '--security-opt').replace('seccomp=', '');
      profiles.set(after(invocation, '--name'), seccomp === 'unconfined' ? seccomp : fs.readFileSync(seccomp, 'utf8'));
      return { ...answer, stdout: 'id\n' };
    }
    if (args[0] === 'start') {
      const profile = profiles.get(args.at(-1)!)!;
      tried.push(profile);
      exits.set(args.at(-1)!, passes(profile) ? 0 : 1);
      return { ...answer, status: exits.get(args.at(-1)!)! };
    }
    if (args.slice(0, 2).join(' ') === 'container inspect') {
      const State = { StartedAt: '2026-01-01T00:00:00Z', ExitCode: exits.get(args.at(-1)!) };
      return { ...answer, stdout: JSON.stringify([{ State }]) };
    }
    if (args.slice(0, 2).join(' ') === 'container rm') removed.push(args.at(-1)!);
    return engine(invocation, options);
  };
  return { execute, tried, removed, made: () => [...profiles.keys()] };
}

function repaired({ outcome }: RepairReport) {
  assert.ok(outcome.kind === 'repaired', outcome.kind);
  return outcome;
}

describe('repair', () => {
  it('finds what is needed in few runs, and removes each container as it ends', async () => {
    for (const needs of [
      ['mkdir'],
      ['io_uring_setup'],
      ['mkdir', 'mount'],
      ['ioctl', 'splice', 'timerfd_create', 'setns', 'epoll_wait'],
    ]) {
      const { execute, removed, made } = engineWith({ needs });
      const report = await repairProfile(request(), { execute });
      assert.deepEqual([...repaired(report).names].sort(), [...needs].sort());
      assert.deepEqual(doubts(repaired(report)), []);
      assert.ok(report.runs <= 12 + 12 * needs.length, `${needs}: ${report.runs} runs`);
      assert.deepEqual(removed.sort(), made().toSorted());
    }
  });

  it('takes fewer runs with the hints of a recording', async () => {
    const needs = ['ioctl', 'splice', 'timerfd_create', 'setns', 'epoll_wait'];
    const hints = [...needs, 'read', 'fallocate', 'no_such_call'];
    const runs = async (more: Partial<SearchRequest>) =>
      (await repairProfile(request(more), { execute: engineWith({ needs }).execute })).runs;
    const [guided, unguided] = [await runs({ hints }), await runs({})];
    assert.ok(guided < 35 && guided < unguided, `${guided} with hints, ${unguided} without`);
  });

  it('names the risk of each syscall', async () => {
    const report = await repairProfile(request(), { execute: engineWith({ needs: ['mount', 'mkdir'] }).execute });
    assert.equal(repairHeadline(report), 'With mkdir and mount allowed it passes: program');
    const text = repairMarkdown(report);
    assert.match(text, /\| `mkdir` \| create a directory \| ordinary \|/);
    assert.match(text, /\| `mount` \| mount filesystem \| breaks containment; .*needs CAP_SYS_ADMIN/);
    assert.match(text, /Confirmed by 3 runs/);
  });

  it('reports doubt about a program that fails at times', async () => {
    let doubted = 0;
    for (let seed = 0; seed < 15; seed++) {
      const numbers = random(seed);
      const { execute } = engineWith({ needs: ['mkdir', 'mount'], fails: () => numbers.chance(0.25) });
      const report = await repairProfile(request(), { execute });
      const { outcome } = report;
      if (outcome.kind === 'not-seccomp' || outcome.kind === 'not-by-allowing') continue; // failed twice in a row
      assert.ok(outcome.kind === 'repaired', outcome.kind);
      assert.ok(
        ['mkdir', 'mount'].every((name) => outcome.names.includes(name)),
        `seed ${seed}: ${outcome.names}`,
      );
      if (doubts(outcome).length === 0) continue;
      doubted++;
      assert.match(repairMarkdown(report), /\*\*In doubt\*\*/);
    }
    assert.ok(doubted >= 6, `${doubted} of 15 in doubt`);
  });

  it('says that seccomp is not the cause when it fails without a profile too', async () => {
    const report = await repairProfile(request(), { execute: engineWith({ needs: [], fails: () => true }).execute });
    assert.equal(report.outcome.kind, 'not-seccomp');
    assert.match(repairHeadline(report), /^seccomp is not the cause: it fails without a profile too \(exit status 1\)/);
    assert.equal(report.runs, 2);
  });

  it('says so when no syscall helps', async () => {
    const execute = engineWith({ needs: [], fails: (run) => run > 1 }).execute;
    const report = await repairProfile(request(), { execute });
    assert.equal(report.outcome.kind, 'not-by-allowing');
  });

  it('does not blame a profile for what happens with nothing changed', async () => {
    const report = await repairProfile(request(), {
      execute: engineWith({ needs: [], fails: (run) => run === 2 }).execute,
    });
    assert.equal(report.outcome.kind, 'unsteady');
  });

  it('gives runc no action that ends a thread before it has seen the container start', async () => {
    const profile = DENY.replace('SCMP_ACT_ERRNO', 'SCMP_ACT_KILL');
    const { execute, tried } = engineWith({ needs: ['mkdir'] });
    const report = await repairProfile(request({ profile }), { execute });
    const last = tried.length - 1;
    assert.deepEqual(
      tried.filter((text) => text.includes('"SCMP_ACT_KILL"')),
      [tried[last]],
    );
    assert.equal(tried[last], repaired(report).text);
    assert.equal(repaired(report).exact!.passed, true);
  });

  it('takes another criterion than a command', async () => {
    const attempt = { started: true, what: 'a check of its own', output: '', durationMs: 1 };
    const criterion = async () => ({
      label: 'two at once',
      programs: [],
      passes: async (seccomp: string) => {
        const policy =
          seccomp === 'unconfined' ? undefined : policyOfText(fs.readFileSync(seccomp, 'utf8'), defaultTarget());
        const passed = ['mkdir', 'chmod'].every((name) => !policy || verdictOf(policy, name)?.kind === 'allowed');
        return { ...attempt, passed };
      },
    });
    const report = await repairProfile(request({ criterion }), { execute: engineWith({ needs: [] }).execute });
    assert.deepEqual([...repaired(report).names].sort(), ['chmod', 'mkdir']);
    assert.equal(report.label, 'two at once');
    const refused = await repairProfile(request({ criterion: async () => 'no image' }), {
      execute: engineWith({ needs: [] }).execute,
    });
    assert.ok(refused.outcome.kind === 'failed' && refused.outcome.raw === 'no image');
  });

  it('tries nothing with a text that no engine loads', async () => {
    for (const profile of [
      '{',
      '{}',
      '[]',
      '{"defaultAction":"SCMP_ACT_NO"}',
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[null]}',
    ]) {
      const { execute, tried } = engineWith({ needs: [] });
      const { outcome } = await repairProfile(request({ profile }), { execute });
      assert.equal(outcome.kind, 'not-a-profile', profile);
      assert.deepEqual(tried, []);
    }
  });

  it('tries nothing with rules that the engine mixes, and says what to mend', async () => {
    const profile = DENY.replace('"syscalls"', '"syscalls":[{"names":["write"]}],"syscalls"');
    const { execute, tried } = engineWith({ needs: ['mkdir'] });
    const report = await repairProfile(request({ profile }), { execute });
    assert.equal(report.outcome.kind, 'not-a-profile');
    assert.match(repairMarkdown(report), /A key stands twice in this profile, and Docker mixes/);
    assert.deepEqual(tried, []);
  });

  it('tells an engine that is not there', async () => {
    const report = await repairProfile(request(), { execute: fakeExecute({ docker: missing }).execute });
    assert.equal(report.outcome.kind, 'no-engine');
    assert.match(repairMarkdown(report), /`docker` is not on the PATH/);
  });

  it('ends with the time, and says what passed so far', async () => {
    const { execute } = engineWith({ needs: ['mkdir', 'mount'] });
    let starts = 0;
    const slow: Execute = (invocation, options) => {
      if (invocation.args[0] !== 'start' || ++starts < 6) return execute(invocation, options);
      return new Promise((resolve) =>
        options!.signal!.addEventListener('abort', () =>
          resolve({ status: 137, stdout: '', stderr: '', stopped: 'cancelled' }),
        ),
      );
    };
    const report = await repairProfile(request({ timeLimitMs: 300 }), { execute: slow });
    assert.ok(report.outcome.kind === 'ended-early' && report.outcome.why === 'time', report.outcome.kind);
    assert.match(repairHeadline(report), /^Not finished in time\. The best so far passes with .* allowed$/);
  });
});

describe('tightening', () => {
  const profile = JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [
      { names: ['execve', 'futex', 'mkdir', 'mount', 'ptrace', 'chown32', 'splice'], action: 'SCMP_ACT_ALLOW' },
    ],
  });

  it('drops what is not needed, and nothing that is kept without a trial', async () => {
    const report = await tightenProfile(request({ profile }), { execute: engineWith({ needs: ['mkdir'] }).execute });
    assert.ok(report.outcome.kind === 'tightened');
    assert.deepEqual(JSON.parse(report.outcome.text).syscalls[0].names, ['execve', 'futex', 'mkdir', 'chown32']);
    assert.match(tightenMarkdown(report), /Dropped: `splice`, `ptrace`, `mount`\./);
    assert.match(tightenMarkdown(report), /need them to start: `execve`, `futex`/);
  });

  it('says so when there is nothing to drop', async () => {
    const needs = ['mkdir', 'mount', 'ptrace', 'splice'];
    const report = await tightenProfile(request({ profile }), { execute: engineWith({ needs }).execute });
    assert.ok(report.outcome.kind === 'tightened');
    assert.deepEqual(report.outcome.names, []);
    assert.equal(report.outcome.text, profile);
  });
});

describe('what is judged', () => {
  it('is what the options of the containers make of the profile', async () => {
    const rule = (names: readonly string[], more: object) => ({ names, action: 'SCMP_ACT_ALLOW', ...more });
    const syscalls = [rule(['read'], {}), rule(['mount'], { includes: { caps: ['CAP_SYS_ADMIN'] } })];
    const profile = JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });
    const allowed = async (...options: readonly string[]) => {
      const { execute, tried } = engineWith({ needs: ['mkdir'] });
      await repairProfile(request({ profile, options }), { execute });
      const everything = JSON.parse(tried[2]!).syscalls[0].names;
      return everything.includes('mount');
    };
    assert.equal(await allowed(), true);
    assert.equal(await allowed('--cap-add=SYS_ADMIN'), false, 'it is allowed already');
  });
});
