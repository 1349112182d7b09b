import assert from 'node:assert/strict';
import fs from 'node:fs';

/** Licences that let a package be part of the bundles: they ask for no more than to be named. */
const ALLOWED = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', '0BSD', 'Apache-2.0']);

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  fs.readFileSync('package-lock.json', 'utf8'),
);

const all = Object.entries(packages).flatMap(([place, locked]) =>
  place === '' ? [] : [{ name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length), ...locked }],
);

/** What ends up in the bundles. */
const shipped = all.filter(({ dev, devOptional }) => !dev && !devOptional);

describe('packages that others wrote', () => {
  it('are under licences that allow to bundle them', () => {
    assert.ok(shipped.length > 5);
    for (const { name, license } of shipped) assert.ok(license && ALLOWED.has(license), `${name}: ${license}`);
  });

  it('are named with their licence in THIRD-PARTY-NOTICES.md', () => {
    const notices = fs.readFileSync('THIRD-PARTY-NOTICES.md', 'utf8');
    const headings = notices.split('\n').filter((line) => line.startsWith('### '));
    const named = new Set(headings.flatMap((line) => line.slice(4).split(/, /)));
    for (const { name } of shipped) assert.ok(named.has(name), `${name} has no licence text`);
  });

  it('come from the registry that npm is set to, with a checksum', () => {
    for (const { name, resolved, integrity } of all) {
      assert.match(resolved ?? 'https://registry.npmjs.org/', /^https:\/\/registry\.npmjs\.org\//, name);
      assert.match(integrity ?? '', /^sha512-/, name);
    }
  });

  it('run nothing when they are installed for users', () => {
    assert.deepEqual(
      shipped.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name),
      [],
    );
  });
});
