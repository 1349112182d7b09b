import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

interface Source {
  readonly package: string;
  readonly version: string;
  readonly sha256: string;
  readonly licence: string;
  readonly taken: string;
}

interface Provenance {
  readonly sources: readonly Source[];
  readonly files: Readonly<Record<string, string>>;
}

const data = 'server/data';
const provenance = JSON.parse(fs.readFileSync(path.join(data, 'PROVENANCE.json'), 'utf8')) as Provenance;

describe('provenance of the data', () => {
  it('lists every data file with its checksum', () => {
    const present = fs
      .readdirSync(data, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json') && file !== 'PROVENANCE.json');
    assert.deepEqual(Object.keys(provenance.files).sort(), present.sort());
    for (const [file, sha256] of Object.entries(provenance.files)) {
      const content = fs.readFileSync(path.join(data, file));
      assert.equal(createHash('sha256').update(content).digest('hex'), sha256, file);
    }
  });

  it('names package, version, checksum and licence of every source, and the notices name it too', () => {
    const notices = fs.readFileSync('THIRD-PARTY-NOTICES.md', 'utf8');
    for (const source of provenance.sources) {
      assert.match(source.version, /^\d/, source.package);
      assert.match(source.sha256, /^[0-9a-f]{64}$/, source.package);
      assert.notEqual(source.licence, '', source.package);
      assert.ok(notices.includes(`\`${source.package}\``), source.package);
    }
  });

  it('agrees with the lock of the generator', () => {
    const lock = JSON.parse(fs.readFileSync('scripts/data/sources.lock.json', 'utf8')) as Record<string, Source>;
    assert.deepEqual(
      Object.values(lock).map(({ sha256 }) => sha256),
      provenance.sources.map(({ sha256 }) => sha256),
    );
  });

  it('stays small', () => {
    const size = (folder: string) =>
      fs
        .readdirSync(folder)
        .filter((file) => file.endsWith('.json') && file !== 'PROVENANCE.json')
        .reduce((sum, file) => sum + fs.statSync(path.join(folder, file)).size, 0);
    assert.ok(size(data) <= 200_000, `${size(data)} bytes of tables`);
    assert.ok(size(path.join(data, 'profiles')) <= 45_000, `${size(path.join(data, 'profiles'))} bytes of profiles`);
  });
});
