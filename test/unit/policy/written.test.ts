import assert from 'node:assert/strict';
import { defaultProfiles, numberOn } from '../../../server/src/catalog/index.ts';
import { writtenDiffersFromLoaded } from '../../../server/src/checks/policy/written-differs-from-loaded.ts';
import { uncertain } from '../../../server/src/policy/certainty.ts';
import { evaluate, isPredicted } from '../../../server/src/policy/evaluate.ts';
import { type Policy, verdictOf } from '../../../server/src/policy/policy.ts';
import { sameOutcome } from '../../../server/src/policy/resolve.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { witnesses } from '../../../server/src/policy/witness.ts';
import { outcomeInWords } from '../../../server/src/policy/words.ts';
import { writtenFor, writtenRules } from '../../../server/src/policy/written.ts';
import { findingsIn, fixed } from '../checks/harness.ts';
import { Chance, NAMES, randomCall, randomProfile } from './generate.ts';
import { policy } from './harness.ts';

const allowing = (...syscalls: object[]) => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
const errno = (names: string[], args: object[] = []) => ({ names, action: 'SCMP_ACT_ERRNO', args });
const is = (index: number, op: string, value: number, valueTwo?: number) => ({
  index,
  op: `SCMP_CMP_${op}`,
  value,
  ...(valueTwo === undefined ? {} : { valueTwo }),
});

/** What is written for a call on x86-64. */
function written(of: Policy, name: string, ...args: bigint[]): string {
  const rules = writtenRules(of, of.native.architecture).get(numberOn(name, 'x86_64')!) ?? [];
  return writtenFor(of, rules, args).outcomes.map(outcomeInWords).join(' or ');
}

/** `split socket(5): allowed, not fails with EPERM`. */
function proofs(profile: object, target: Partial<Target> = {}): readonly string[] {
  return [...witnesses(policy(profile, target))].map(
    ({ cause, name, call, written: { outcomes }, loaded }) =>
      `${cause} ${name}(${call.args[0]}): ${outcomeInWords(loaded.outcome)}, not ${outcomes.map(outcomeInWords).join(' or ')}`,
  );
}

describe('what is written for a call', () => {
  it('is the default where no rule holds', () => assert.equal(written(policy(allowing()), 'socket', 1n), 'allowed'));

  it('asks that all conditions of a rule hold, also those on one argument', () => {
    const range = policy(allowing(errno(['socket'], [is(0, 'GE', 3), is(0, 'LE', 5)])));
    assert.equal(written(range, 'socket', 4n), 'fails with EPERM');
    assert.equal(written(range, 'socket', 6n), 'allowed');
  });

  it('lets a rule with conditions count before one without', () => {
    const special = { ...errno(['socket'], [is(0, 'EQ', 1)]), errnoRet: 38 };
    assert.equal(written(policy(allowing(errno(['socket']), special)), 'socket', 1n), 'fails with ENOSYS');
    assert.equal(written(policy(allowing(errno(['socket']), special)), 'socket', 2n), 'fails with EPERM');
  });

  it('is open where rules contradict each other', () => {
    const both = policy(allowing(errno(['socket']), { ...errno(['socket']), errnoRet: 38 }));
    assert.equal(written(both, 'socket', 1n), 'fails with EPERM or fails with ENOSYS');
  });
});

describe('witnesses', () => {
  it('are absent where the filter does what is written', () => {
    assert.deepEqual(proofs(allowing(errno(['socket'], [is(0, 'EQ', 1)]), errno(['bpf']))), []);
    assert.deepEqual(proofs(allowing(errno(['socket'], [is(0, 'MASKED_EQ', 7, 1)]))), []);
  });

  it('show a repeated index', () =>
    assert.deepEqual(proofs(allowing(errno(['socket'], [is(0, 'GE', 3), is(0, 'LE', 5)]))), [
      'split socket(0): fails with EPERM, not allowed',
    ]));

  it('show a mask that its value exceeds', () =>
    assert.deepEqual(proofs(allowing(errno(['socket'], [is(0, 'MASKED_EQ', 1, 3)]))), [
      'mask socket(1): fails with EPERM, not allowed',
    ]));

  it('show a condition that another rule erases', () => {
    const special = { ...errno(['socket'], [is(0, 'EQ', 1)]), errnoRet: 38 };
    assert.deepEqual(proofs(allowing(special, errno(['socket']))), [
      'erased socket(1): fails with EPERM, not fails with ENOSYS',
    ]);
  });

  it('show a denial that equals the default and is skipped', () => {
    const allow = { names: ['socket'], action: 'SCMP_ACT_ALLOW' };
    const profile = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [allow, errno(['socket'], [is(0, 'EQ', 1)])] };
    assert.deepEqual(proofs(profile), ['skipped socket(1): allowed, not fails with EPERM']);
  });

  it('show a number that a 32-bit architecture cuts', () =>
    assert.deepEqual(
      proofs({
        ...allowing(errno(['lseek'], [is(1, 'EQ', 2 ** 32 + 5)])),
        architectures: ['SCMP_ARCH_X86'],
      }),
      ['cut lseek(0): fails with EPERM, not allowed'],
    ));

  it('show where runc answers instead of a default that kills', () => {
    const killing = {
      defaultAction: 'SCMP_ACT_KILL_PROCESS',
      syscalls: [{ names: ['write'], action: 'SCMP_ACT_ALLOW' }],
    };
    assert.equal(proofs(killing).length, 1);
    assert.match(proofs(killing)[0] ?? '', /^stub .*: fails with ENOSYS, not kills the process$/);
    assert.deepEqual(proofs(killing, { runtime: 'podman' }), []);
  });
});

describe('witnesses on random profiles', () => {
  it('are true, and no call that differs goes without one', () => {
    const chance = new Chance(21);
    let differing = 0;
    for (let round = 0; round < 250; round++) {
      const text = randomProfile(chance);
      const of = policy(text);
      const found = [...witnesses(of)];
      for (const { call, written: expected, loaded } of found) {
        const answer = evaluate(of, call);
        assert.ok(answer && isPredicted(answer) && sameOutcome(answer.outcome, loaded.outcome), text);
        assert.ok(!expected.outcomes.some((outcome) => sameOutcome(outcome, loaded.outcome)), text);
      }
      for (let probe = 0; probe < 40; probe++) {
        const arch = chance.pick(of.resolved.architectures);
        const name = chance.pick(NAMES);
        const number = numberOn(name, arch.table);
        if (number === undefined) continue;
        const { args, ...call } = randomCall(chance, arch.name, number);
        const narrowed = arch.bits === 32 ? args.map((value) => value & 0xffffffffn) : args;
        const answer = evaluate(of, { ...call, args: narrowed });
        if (!answer || !isPredicted(answer) || answer.reason.kind === 'stub') continue;
        if (uncertain(of, of.filter(arch.table)!, number)) continue;
        const { outcomes } = writtenFor(of, writtenRules(of, arch).get(number) ?? [], narrowed);
        if (outcomes.some((outcome) => sameOutcome(outcome, answer.outcome))) continue;
        differing++;
        const known = found.some((one) => one.architecture === arch && one.call.number === number);
        assert.ok(known, `${name}(${narrowed}) on ${arch.name}\n${text}`);
      }
    }
    assert.ok(differing > 100, `only ${differing} calls differed`);
  });

  it('are each told by a finding on the rule', () => {
    const chance = new Chance(22);
    const told = new Set([
      'written-differs-from-loaded',
      'repeated-argument-index',
      'shadowed-condition',
      'conflicting-rules',
      'mask-value-mismatch',
      'mask-zero',
      'value-wider-than-argument',
    ]);
    let shown = 0;
    for (let round = 0; round < 250; round++) {
      const text = randomProfile(chance);
      const findings = findingsIn(text).filter(({ check }) => told.has(check.code));
      for (const { cause, rule, name, architecture: arch } of witnesses(policy(text))) {
        shown++;
        const node = rule?.rule.view.node;
        const known = findings.some(({ span }) => !node || (node.start <= span.start && span.end <= node.end));
        assert.ok(known, `${cause} ${name} on ${arch.name}, rule ${rule?.rule.position}\n${text}`);
      }
    }
    assert.ok(shown > 100, `only ${shown} witnesses`);
  });
});

describe('written-differs-from-loaded', () => {
  const told = (profile: object | string, target: Partial<Target> = {}) =>
    findingsIn(typeof profile === 'string' ? profile : JSON.stringify(profile), target)
      .filter(({ check }) => check.code === 'written-differs-from-loaded')
      .map(({ severity, message }) => `${severity}: ${message}`);

  it('is silent on the built-in profiles', () => {
    for (const { text } of defaultProfiles())
      for (const runtime of ['docker', 'podman', 'containerd'] as const) assert.deepEqual(told(text, { runtime }), []);
  });

  it('shows the call, what is written for it and what it gets', () => {
    const [message] = told({
      ...allowing(errno(['lseek'], [is(1, 'EQ', 2 ** 32 + 5)])),
      architectures: ['SCMP_ARCH_X86'],
    });
    assert.match(
      message ?? '',
      /^warning: lseek\(offset=5\) is not treated as written: the profile says "allowed", the filter under Docker on SCMP_ARCH_X86 "fails with EPERM", because libseccomp keeps only the lower 32 bits/,
    );
  });

  it('is an information where the call is refused either way', () =>
    assert.match(
      told({
        defaultAction: 'SCMP_ACT_KILL_PROCESS',
        syscalls: [{ names: ['write'], action: 'SCMP_ACT_ALLOW' }],
      }).join(),
      /^information: .*"kills the process".*"fails with ENOSYS", because runc answers so/,
    ));

  it('offers to remove what is skipped, which changes no verdict', () => {
    const text = JSON.stringify({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [errno(['socket', 'bind'], [is(0, 'EQ', 1)]), { names: ['socket'], action: 'SCMP_ACT_KILL_PROCESS' }],
    });
    const after = fixed(writtenDiffersFromLoaded, text, {}, /^Remove "socket" from this rule/);
    assert.deepEqual(JSON.parse(after).syscalls[0].names, ['bind']);
    const verdict = (of: string) => outcomeInWords(verdictOf(policy(of), 'socket')!.otherwise.outcome);
    assert.equal(verdict(after), verdict(text));
  });

  it('leaves causes to the checks that name them', () => {
    assert.deepEqual(told(allowing(errno(['socket'], [is(0, 'GE', 3), is(0, 'LE', 5)]))), []);
    assert.deepEqual(told(allowing(errno(['socket'], [is(0, 'MASKED_EQ', 1, 3)]))), []);
    assert.deepEqual(told(allowing({ ...errno(['socket'], [is(0, 'EQ', 1)]), errnoRet: 38 }, errno(['socket']))), []);
  });
});
