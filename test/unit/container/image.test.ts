import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import { imageArchive } from '../../../server/container/probe/image.ts';
import { tar } from '../../../server/container/probe/tar.ts';

/** Reads a ustar archive by the letter of the standard, checksums included. */
function untar(archive: Uint8Array): ReadonlyMap<string, Buffer> {
  const all = Buffer.from(archive);
  const files = new Map<string, Buffer>();
  let at = 0;
  while (all[at] !== 0) {
    const header = Buffer.from(all.subarray(at, at + 512));
    const field = (from: number, to: number) => header.toString('latin1', from, to).replace(/[\0 ]+$/, '');
    const sum = Number.parseInt(field(148, 156), 8);
    header.fill(' ', 148, 156);
    assert.equal(
      header.reduce((total, byte) => total + byte, 0),
      sum,
    );
    assert.equal(field(257, 263), 'ustar');
    const size = Number.parseInt(field(124, 136), 8);
    files.set(field(0, 100), all.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  assert.ok(all.subarray(at).every((byte) => byte === 0) && all.length - at >= 1024);
  return files;
}

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

describe('tar', () => {
  it('holds the files as they are', () => {
    const files = untar(
      tar([
        { name: 'empty', mode: 0o600, data: new Uint8Array() },
        { name: 'a/b', mode: 0o755, data: Buffer.from('x'.repeat(513)) },
      ]),
    );
    assert.deepEqual([...files.keys()], ['empty', 'a/b']);
    assert.equal(files.get('a/b')!.toString(), 'x'.repeat(513));
  });

  it('refuses a name that does not fit', () => {
    assert.throws(() => tar([{ name: 'x'.repeat(101), mode: 0, data: new Uint8Array() }]), /too long/);
  });
});

describe('image', () => {
  const program = Buffer.from('program');
  const archive = imageArchive({ arch: 'aarch64', tag: 'localhost/x:1', labels: { a: 'b' }, program });
  const files = untar(archive);
  const manifest = JSON.parse(files.get('manifest.json')!.toString());
  const config = JSON.parse(files.get(manifest[0].Config)!.toString());

  it('has one layer with the program in it, named by its hash', () => {
    const layer = files.get(manifest[0].Layers[0])!;
    assert.deepEqual(config.rootfs.diff_ids, [`sha256:${sha256(layer)}`]);
    assert.deepEqual([...untar(layer)], [['probe', program]]);
  });

  it('says what it is for', () => {
    assert.deepEqual(manifest[0].RepoTags, ['localhost/x:1']);
    assert.equal(config.architecture, 'arm64');
    assert.deepEqual(config.config, { Entrypoint: ['/probe'], Labels: { a: 'b' } });
    assert.equal(manifest[0].Config, `${sha256(files.get(manifest[0].Config)!)}.json`);
  });

  it('is the same for the same contents', () => {
    assert.deepEqual(imageArchive({ arch: 'aarch64', tag: 'localhost/x:1', labels: { a: 'b' }, program }), archive);
  });
});
