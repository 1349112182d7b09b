import assert from 'node:assert/strict';
import { asRead } from '../../../server/src/policy/as-read.ts';
import { refusals } from '../../../server/src/policy/refuse.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { policy, said } from './harness.ts';

const YAJL: Partial<Target> = { runtime: 'crun', releases: { loader: '1.8.1' } };
const OLD_DOCKER: Partial<Target> = { runtime: 'docker', releases: { engine: '20.10.24', loader: '1.1.5' } };
const READERS: Readonly<Record<string, Partial<Target>>> = {
  docker: { runtime: 'docker' },
  'docker 20': OLD_DOCKER,
  podman: { runtime: 'podman' },
  runc: { runtime: 'runc' },
  crun: { runtime: 'crun' },
  'crun 1.8': YAJL,
};
const GO = ['docker', 'docker 20', 'podman', 'runc'];

const profile = (...members: string[]): string => `{"defaultAction": "SCMP_ACT_ALLOW", ${members.join(', ')}}`;
const rules = (...list: string[]): string => `"syscalls": [${list.join(', ')}]`;
const rule = (...members: string[]): string => `{"action": "SCMP_ACT_ERRNO", ${members.join(', ')}}`;
const MKDIR = '"names": ["mkdir"]';
const EIO = '"errnoRet": 5';
const equal = (value: number): string => `"args": [{"index": 1, "value": ${value}, "op": "SCMP_CMP_EQ"}]`;

/** What mkdir gets from a text, or that it is refused, by reader. */
function readings(text: string): Readonly<Record<string, string>> {
  const { profile: parsed } = parseProfile(text);
  return Object.fromEntries(
    Object.entries(READERS).map(([name, target]) => {
      const isRefused = refusals(parsed!, { ...defaultTarget(), ...target }).length > 0;
      return [name, isRefused ? 'refused' : said(policy(text, target), 'mkdir')];
    }),
  );
}

/** Asserts what readers make of a text; those that are not named must say `others`. */
function expectReadings(text: string, others: string, own: Readonly<Record<string, string>> = {}): void {
  assert.deepEqual(
    readings(text),
    Object.fromEntries(Object.keys(READERS).map((name) => [name, own[name] ?? others])),
    text,
  );
}

/** The same verdict for each of these readers. */
const each = (names: readonly string[], verdict: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, verdict]));
const CRUN = (newer: string, older = newer): Readonly<Record<string, string>> => ({ crun: newer, 'crun 1.8': older });

// measured with runc 1.1.5, Docker 20.10.24, Podman 4.3.1 and crun 1.8.1 (`test/runtimes/loading.ts`)
describe('a key that stands twice', () => {
  it('shows through where it holds objects: to Go, not to crun', () => {
    const errno = profile(rules(rule(MKDIR, EIO)), rules(rule(MKDIR)));
    expectReadings(errno, 'fails with EIO', CRUN('fails with EPERM', 'fails with EIO'));
    const names = profile(rules(rule(MKDIR, EIO)), rules(rule('"errnoRet": 6')));
    expectReadings(names, 'fails with ENXIO', CRUN('refused', 'fails with EIO'));
    const args = profile(rules(rule(MKDIR, EIO, equal(7))), rules(rule(MKDIR, EIO)));
    for (const name of GO) assert.match(readings(args)[name] ?? '', /^allowed; fails with EIO if /);
    assert.equal(readings(args).crun, 'fails with EIO');
    const parts = profile(rules(rule(MKDIR, EIO, equal(7), '"args": [{"value": 8}]')));
    for (const name of GO) assert.match(readings(parts)[name] ?? '', /^allowed; fails with EIO if .*8/);
  });

  it('shows through from every list that was there, unless an empty one or null was between', () => {
    const [long, short] = [rules('{}', rule(MKDIR, EIO)), rules(rule('"names": ["bpf"]'))];
    const again = rules(rule('"names": ["bpf"]'), rule(MKDIR));
    expectReadings(profile(long, short, again), 'fails with EIO', CRUN('fails with EPERM', 'refused'));
    for (const between of [rules(), '"syscalls": null'])
      expectReadings(profile(long, between, again), 'fails with EPERM', { 'crun 1.8': 'refused' });
  });

  it('replaces lists of texts, texts and numbers', () => {
    expectReadings(profile(rules(rule('"names": ["bpf"]', MKDIR, EIO))), 'fails with EIO', { 'crun 1.8': 'allowed' });
    expectReadings(profile(rules(rule(MKDIR, '"errnoRet": 6', EIO))), 'fails with EIO', {
      'crun 1.8': 'fails with ENXIO',
    });
    const rest = rules(rule(MKDIR, EIO));
    expectReadings(`{"defaultAction": "SCMP_ACT_KIL", "defaultAction": "SCMP_ACT_ALLOW", ${rest}}`, 'fails with EIO', {
      'crun 1.8': 'refused',
    });
  });

  it('is another key to crun in other letters', () => {
    const text = profile(rules(rule(MKDIR, '"Names": ["bpf"]', EIO)));
    expectReadings(text, 'allowed', CRUN('fails with EIO'));
  });

  it('mixes the filters of a rule', () => {
    const never = '"includes": {"caps": ["CAP_NOPE"]}';
    expectReadings(profile(rules(rule(MKDIR, EIO, never, '"includes": {"arches": ["amd64"]}'))), 'allowed', {
      ...each(['runc', 'crun', 'crun 1.8'], 'fails with EIO'),
    });
  });
});

describe('null behind a value', () => {
  it('empties lists and errnos, and leaves texts', () => {
    expectReadings(profile(rules(rule(MKDIR, EIO)), '"syscalls": null'), 'allowed', CRUN('allowed', 'fails with EIO'));
    expectReadings(profile(rules(rule(MKDIR, EIO, '"names": null'))), 'allowed', CRUN('refused', 'fails with EIO'));
    expectReadings(profile(rules(rule(MKDIR, EIO, '"errnoRet": null'))), 'fails with EPERM', {
      'crun 1.8': 'fails with EIO',
    });
    expectReadings(
      profile(rules(rule(MKDIR, EIO, '"action": null'))),
      'fails with EIO',
      CRUN('refused', 'fails with EIO'),
    );
  });

  it('empties a filter for the Docker of today alone, and what is in a filter for all that read it', () => {
    const filtered = (...filter: string[]) => profile(rules(rule(MKDIR, EIO, ...filter)));
    const bare = each(['runc', 'crun', 'crun 1.8'], 'fails with EIO');
    const never = '"includes": {"caps": ["CAP_NOPE"]}';
    expectReadings(filtered(never, '"includes": null'), 'allowed', { ...bare, docker: 'fails with EIO' });
    expectReadings(filtered('"includes": {"caps": ["CAP_NOPE"], "caps": null}'), 'fails with EIO');
  });

  it('leaves a kernel version where it is an empty text instead', () => {
    const versions = (...list: string[]) =>
      policy(profile(rules(rule(MKDIR, EIO, `"includes": {${list.join(', ')}}`))), { kernel: [6, 1] });
    assert.equal(said(versions('"minKernel": "99.1"', '"minKernel": ""'), 'mkdir'), 'allowed');
    assert.equal(said(versions('"minKernel": "99.1"', '"minKernel": null'), 'mkdir'), 'fails with EIO');
    assert.equal(said(versions('"minKernel": "99.1"', '"minKernel": "4.8"'), 'mkdir'), 'fails with EIO');
  });
});

describe('null among texts', () => {
  it('is an empty text, which only some lists take, or to Go what stood at its place', () => {
    const among = profile(rules(rule('"names": ["mkdir", null]', EIO)));
    expectReadings(among, 'fails with EIO', each(['docker', 'docker 20', 'runc'], 'refused'));
    const instead = profile(rules(rule(MKDIR, EIO, '"names": [null]')));
    expectReadings(instead, 'fails with EIO', { crun: 'allowed' });
    expectReadings(profile('"architectures": [null]', rules(rule(MKDIR, EIO))), 'refused');
    expectReadings(profile('"architectures": [5]', rules(rule(MKDIR, EIO))), 'refused');
    expectReadings(profile(rules(rule('"names": ["mkdir", 5]', EIO))), 'refused', CRUN('fails with EIO'));
    const noArchitecture = profile('"archMap": [null]', rules(rule(MKDIR, EIO)));
    expectReadings(noArchitecture, 'fails with EIO');
  });
});

describe('null among objects', () => {
  const args = (...lists: string[]): string => lists.map((list) => `"args": [${list}]`).join(', ');
  const equals = '{"index": 1, "value": 7, "op": "SCMP_CMP_EQ"}';

  it('is refused where a rule that counts has it, also from a list below', () => {
    const below = profile(rules(rule(MKDIR, EIO, args('null'))), rules('{}'));
    expectReadings(below, 'refused', { crun: 'refused' });
    expectReadings(profile(rules(rule(MKDIR, EIO, args('null', '')))), 'fails with EIO', { 'crun 1.8': 'refused' });
    expectReadings(profile(rules('null'), rules(rule(MKDIR, EIO))), 'fails with EIO', { 'crun 1.8': 'refused' });
  });

  it('leaves a value, and takes what is behind a pointer', () => {
    const kept = readings(profile(rules(rule(MKDIR, EIO, args(equals, 'null')))));
    for (const name of ['docker', 'runc']) assert.match(kept[name] ?? '', /^allowed; fails with EIO if /, name);
    for (const name of ['docker 20', 'podman']) assert.equal(kept[name], 'refused', name);
    const again = readings(profile(rules(rule(MKDIR, EIO)), rules('null')));
    assert.deepEqual([again.runc, again.docker, again.podman], ['fails with EIO', 'refused', 'refused']);
  });

  it('does no harm in a rule that is left out', () => {
    const out = rule(MKDIR, args('null'), '"includes": {"caps": ["CAP_NOPE"]}');
    expectReadings(profile(rules(out)), 'allowed', {
      runc: 'refused',
      crun: 'fails with EPERM',
      'crun 1.8': 'refused',
    });
  });
});

describe('an entry that is no object', () => {
  it('is refused, but by newer releases of crun', () => {
    expectReadings(profile(rules('5', rule(MKDIR, EIO))), 'refused', { crun: 'fails with EIO' });
    expectReadings(profile(rules(rule(MKDIR, EIO, '"args": [5]'))), 'refused', { crun: 'fails with EIO' });
  });
});

describe('a number that Go does not read', () => {
  it('is cut by newer releases of crun, and refused by older ones', () => {
    const at = (value: string, target: Partial<Target>) => {
      const text = profile(rules(rule(MKDIR, EIO, `"args": [{"index": 1, "value": ${value}, "op": "SCMP_CMP_EQ"}]`)));
      const { profile: parsed } = parseProfile(text);
      if (refusals(parsed!, { ...defaultTarget(), ...target }).length > 0) return 'refused';
      return asRead(parsed!, { ...defaultTarget(), ...target }).rules[0]?.conditions[0]?.value?.value;
    };
    const newer: Partial<Target> = { runtime: 'crun' };
    assert.deepEqual([at('-1', newer), at('-1', YAJL)], [2n ** 64n - 1n, 2n ** 64n - 1n]);
    const large = '18446744073709551616';
    assert.deepEqual([at(large, newer), at(large, YAJL)], [2n ** 64n - 1n, 'refused']);
    assert.deepEqual([at(`-${large}`, newer), at(`-${large}`, YAJL)], [2n ** 63n, 'refused']);
    const small = '-9223372036854775809';
    assert.deepEqual([at(small, newer), at(small, YAJL)], [2n ** 63n, 2n ** 63n - 1n]);
  });
});

describe('what is read as it is written', () => {
  const target = (runtime: Target['runtime']): Target => ({ ...defaultTarget(), runtime });

  it('stays the same object, and so does each rule of a profile that is not', () => {
    const { profile: plain } = parseProfile(profile(rules(rule(MKDIR, EIO))));
    assert.equal(asRead(plain!, target('crun')), plain);
    const { profile: spelt } = parseProfile(profile(rules(rule('"Names": ["mkdir"]'), rule(MKDIR))));
    assert.equal(asRead(spelt!, target('docker')), spelt);
    const read = asRead(spelt!, target('crun'));
    assert.notEqual(read, spelt);
    assert.deepEqual(
      read.rules.map((each, i) => each === spelt!.rules[i]),
      [false, true],
    );
    assert.equal(asRead(spelt!, target('crun')), read, 'it is read once');
    assert.equal(asRead(read, target('crun')), read);
  });
});
