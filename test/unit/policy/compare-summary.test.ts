import assert from 'node:assert/strict';
import { defaultProfile } from '../../../server/src/catalog/index.ts';
import { looserThanDefault } from '../../../server/src/checks/policy/looser-than-default.ts';
import { type Comparison, compare } from '../../../server/src/policy/compare.ts';
import { policyOf } from '../../../server/src/policy/policy.ts';
import {
  againstDefault,
  againstDefaultInWords,
  changedNames,
  effectInWords,
  effectOf,
} from '../../../server/src/policy/summary.ts';
import { findingsOf } from '../checks/harness.ts';
import { Chance, randomProfile } from './generate.ts';
import { policy } from './harness.ts';

const docker = defaultProfile('docker').text;

describe('next to the default profile', () => {
  it('the default itself is neither looser nor tighter', () => {
    assert.deepEqual(againstDefault(policy(docker)).syscalls, []);
    assert.equal(againstDefaultInWords(policy(docker)), '');
  });

  it('is counted alike by the lens and by the check', () => {
    const text = JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] });
    const counted = /^(\d+) looser/.exec(againstDefaultInWords(policy(text)))?.[1];
    const [finding] = findingsOf(looserThanDefault, text);
    assert.match(finding?.message ?? '', new RegExp(`looser for ${counted} syscalls`));
    const grantedAnyway = changedNames(againstDefault(policy(text)), 'looser').includes('chroot');
    assert.equal(grantedAnyway, false, "Docker's usual capabilities allow chroot");
  });

  it('a deny-list is looser', () => {
    const of = policy({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['read'], action: 'SCMP_ACT_ERRNO' }],
    });
    const looser = changedNames(againstDefault(of), 'looser');
    assert.ok(looser.includes('bpf') && looser.includes('mount') && !looser.includes('write'));
    assert.deepEqual(changedNames(againstDefault(of), 'tighter'), ['read']);
    assert.match(againstDefaultInWords(of), /^\d+ looser than Docker's default: \w+, \w+, \w+, …; 1 tighter$/);
  });

  it('counts what is only tighter', () => {
    const profile = JSON.parse(docker) as { syscalls: { names: string[] }[] };
    const names = profile.syscalls[0]!.names;
    names.splice(names.indexOf('mkdir'), 1);
    assert.equal(againstDefaultInWords(policy(profile)), "1 tighter than Docker's default");
  });
});

describe('the effect of a rule', () => {
  const allow = (names: string[], args: object[] = []) => ({ names, action: 'SCMP_ACT_ALLOW', args });
  const deny = (names: string[]) => ({ names, action: 'SCMP_ACT_ERRNO' });
  const newest = 'rseq_slice_yield';
  const effect = (rules: object[], at: number, defaultAction = 'SCMP_ACT_ERRNO'): string => {
    const of = policy({ defaultAction, syscalls: rules });
    return effectInWords(effectOf(of, of.profile.rules[at]!));
  };

  it('is what it allows or denies', () => {
    assert.equal(effect([allow(['write', newest]), allow(['read'])], 1), 'allows read');
    assert.equal(effect([allow(['write', newest]), allow(['read', 'bpf', 'open'])], 1), 'allows 3 syscalls');
    assert.equal(effect([deny(['bpf', 'mount'])], 0, 'SCMP_ACT_ALLOW'), 'denies bpf and mount');
    const some = allow(['ioctl'], [{ index: 1, value: 1, op: 'SCMP_CMP_EQ' }]);
    assert.equal(effect([allow(['write', newest]), some], 1), 'allows ioctl for some arguments');
  });

  it('is none for a rule that repeats, is skipped or is overruled', () => {
    assert.equal(effect([allow(['write', newest]), allow(['write'])], 1), 'no effect');
    assert.equal(effect([allow(['write', newest]), deny(['write'])], 1), 'no effect');
    assert.equal(
      effect([{ ...allow(['write', newest]) }, { ...allow(['read']), includes: { caps: ['CAP_X'] } }], 1),
      'no effect',
    );
  });

  it('counts the answer to newer calls that it changes', () => {
    const words = effect([allow(['write']), allow(['close_range'])], 1);
    assert.match(words, /^allows close_range; changes how \d+ syscalls fail$/);
  });

  it('leaves the multiplexer out where the call has a number of its own', () => {
    const of = policy({
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [allow(['write', newest]), allow(['socket'])],
    });
    assert.equal(effectInWords(effectOf(of, of.profile.rules[1]!)), 'allows socket');
  });

  it('is what the whole profile loses without the rule', () => {
    const chance = new Chance(31);
    const told = ({ syscalls }: Comparison) =>
      syscalls
        .map(({ name, change, whole }) => `${change} ${name} ${whole}`)
        .filter((line) => !/socketcall|ipc/.test(line));
    for (let round = 0; round < 60; round++) {
      const text = randomProfile(chance);
      const of = policy(text);
      for (const rule of of.profile.rules) {
        const rules = of.profile.rules.filter((other) => other !== rule);
        const without = policyOf({ ...of.profile, rules }, of.target)!;
        assert.deepEqual(told(effectOf(of, rule)).toSorted(), told(compare(without, of)).toSorted(), text);
      }
    }
  });
});
