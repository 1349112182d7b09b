import assert from 'node:assert/strict';
import { defaultProfiles } from '../../../server/src/catalog/index.ts';
import { analyse, fixAll } from '../../../server/src/checks/analyse.ts';
import { applyEdits } from '../../../server/src/checks/edits.ts';
import { CHECKS } from '../../../server/src/checks/index.ts';
import { compare } from '../../../server/src/policy/compare.ts';
import { type Policy, policyOf } from '../../../server/src/policy/policy.ts';
import { refusals } from '../../../server/src/policy/refuse.ts';
import { conditionGroups, coveredArchitectures, type Resolved, resolve } from '../../../server/src/policy/resolve.ts';
import { loaderOf, type RuntimeName, type Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { Chance, headText, NAMES, profileText, randomProfile, ruleText } from './generate.ts';
import { messyProfile } from './messy.ts';

const RUNTIMES: readonly RuntimeName[] = ['docker', 'podman', 'containerd', 'runc', 'crun'];
const targetFor = (runtime: RuntimeName): Target => ({ ...defaultTarget(), runtime });

/** The policy of a text that the target loads; undefined where it is refused or filters nothing. */
function policyIn(text: string, target: Target): Policy | undefined {
  const { profile, tree } = parseProfile(text);
  if (!profile || tree.problems.length > 0 || refusals(profile, target).length > 0) return undefined;
  return policyOf(profile, target);
}

/** The calls that fare differently, what cannot be told in either left out. */
function differences(a: Policy, b: Policy): readonly string[] {
  const { syscalls, unnamed } = compare(a, b);
  const told = syscalls
    .filter(({ change }) => change !== 'unpredictable')
    .map(({ name, change }) => `${change} ${name}`);
  return unnamed ? [...told, 'unnamed'] : told;
}

describe('the policy', function () {
  this.timeout(120_000);

  it('does not depend on the order of rules for unrelated syscalls', () => {
    const chance = new Chance(21);
    for (let round = 0; round < 60; round++) {
      const target = targetFor(chance.pick(RUNTIMES));
      const own = NAMES.filter((name) => !['shmget', 'socket'].includes(name)).map((name) => ruleText(chance, [name]));
      const head = headText(chance);
      const [a, b] = [own, chance.shuffled(own)].map((rules) => policyIn(profileText(head, rules), target));
      if (a && b) assert.deepEqual(compare(a, b).syscalls, [], profileText(head, own));
      else assert.equal(a, b);
    }
  });

  it('is no different from itself', () => {
    const chance = new Chance(22);
    const random = Array.from({ length: 60 }, () => randomProfile(chance, 5));
    const builtIn = defaultProfiles().map(({ text }) => text);
    for (const text of [...random, ...builtIn]) {
      const target = targetFor(chance.pick(RUNTIMES));
      const [a, b] = [policyIn(text, target), policyIn(text, target)];
      if (a && b) assert.deepEqual(compare(a, b), { syscalls: [], unnamed: undefined }, text);
    }
  });

  it('covers the architectures that are found without its rules', () => {
    const chance = new Chance(26);
    const spelled = (text: string): string =>
      chance.below(3) === 0 ? text.replace('"architectures"', '"Architectures"') : text;
    const random = Array.from({ length: 100 }, () => spelled(messyProfile(chance)));
    for (const text of [...random, ...defaultProfiles().map((each) => each.text)])
      for (const runtime of RUNTIMES) {
        const { profile } = parseProfile(text);
        const target = targetFor(runtime);
        assert.deepEqual(coveredArchitectures(profile!, target), resolve(profile!, target).architectures, text);
      }
  });

  it('is the same after a runtime has read it, written it down for the next one, and that one reads it', () => {
    const chance = new Chance(23);
    const random = Array.from({ length: 60 }, () => messyProfile(chance));
    const builtIn = defaultProfiles().map(({ text }) => text);
    let seen = 0;
    for (const text of [...random, ...builtIn])
      for (const runtime of RUNTIMES) {
        const target = targetFor(runtime);
        const first = policyIn(text, target);
        if (!first || first.resolved.unconfined) continue;
        const next = { ...target, runtime: loaderOf(target) };
        const written = print(first.resolved, runtime);
        const second = policyIn(written, next);
        assert.ok(second, `${runtime}: ${written}`);
        assert.deepEqual(differences(first, second), [], `${runtime}: ${text}\n${written}`);
        assert.equal(print(second.resolved, next.runtime), written);
        seen++;
      }
    assert.ok(seen > 60, `only ${seen} profiles load`);
  });
});

describe('a safe fix', function () {
  this.timeout(120_000);

  const chance = new Chance(24);
  const messy = Array.from({ length: 80 }, () => messyProfile(chance));
  const texts = [...CHECKS.flatMap(({ example }) => [example.bad, example.good]), ...messy];

  it('gives no call another verdict, each alone and all together', () => {
    const mended = new Set<string>();
    const wrong: string[] = [];
    for (const text of texts)
      for (const runtime of RUNTIMES) {
        const target = targetFor(runtime);
        const before = policyIn(text, target);
        if (!before) continue;
        const same = (after: string, what: string): void => {
          const policy = policyIn(after, target);
          const told = policy ? differences(before, policy) : ['refused'];
          if (told.length > 0)
            wrong.push(`${told.slice(0, 3).join(', ')} by ${what} for ${runtime}:\n${text}\n${after}`);
        };
        for (const { check, fixes } of analyse(parseProfile(text), { target }).findings)
          for (const fix of fixes?.() ?? []) {
            if (!fix.safe) continue;
            mended.add(check.code);
            same(applyEdits(text, fix.edits), `${check.code}: ${fix.title}`);
          }
        same(fixAll(text, { target }), 'all');
      }
    assert.deepEqual(wrong, []);
    assert.ok(mended.size >= 10, `only ${[...mended].join(' ')}`);
  });
});

/** The OCI profile that a runtime hands to the next one, with all that it has decided. */
function print({ default: otherwise, architectures, rules }: Resolved, runtime: RuntimeName): string {
  const outcome = (named: string, errno: string, { action, errno: value }: { action: string; errno?: number }) =>
    `"${named}": "${action}"${value === undefined ? '' : `, "${errno}": ${value}`}`;
  const listed = rules.map(({ rule, names, outcome: own }) => {
    const conditions = conditionGroups(rule, loaderOf({ runtime })).flat();
    const args = conditions.map(
      ({ index, op, value, valueTwo }) =>
        `{ "index": ${index?.value ?? 0}, "value": ${value?.value ?? 0}, "valueTwo": ${valueTwo?.value ?? 0}, "op": "${op?.value}" }`,
    );
    return `{ "names": ${JSON.stringify(names.map(({ value }) => value))}, ${outcome('action', 'errnoRet', own)}, "args": [${args.join(', ')}] }`;
  });
  return `{ ${outcome('defaultAction', 'defaultErrnoRet', otherwise!)}, "architectures": ${JSON.stringify(architectures.map(({ name }) => name))}, "syscalls": [\n${listed.join(',\n')}\n] }`;
}
