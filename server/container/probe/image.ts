import { createHash } from 'node:crypto';
import type { ProbeArch } from './layout.ts';
import { tar } from './tar.ts';

const GO_ARCH: Record<ProbeArch, string> = { x86_64: 'amd64', aarch64: 'arm64' };
const PROGRAM = 'probe';

/** What an image made by {@link imageArchive} is. */
export interface ImageSpec {
  readonly arch: ProbeArch;
  /** Name and tag; with a registry part (`localhost/...`), which every engine takes as it is. */
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The only file, and what a container of the image runs: a static executable. */
  readonly program: Uint8Array;
}

/**
 * An image of one file in the form of `docker save`, which `docker load`, `podman load` and `nerdctl load` all read.
 * Source of the format: the Docker Image Specification v1.2.
 */
export function imageArchive({ arch, tag, labels, program }: ImageSpec): Uint8Array {
  const layer = tar([{ name: PROGRAM, mode: 0o755, data: program }]);
  const config = Buffer.from(
    JSON.stringify({
      architecture: GO_ARCH[arch],
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: { Entrypoint: [`/${PROGRAM}`], Labels: labels },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
      history: [{ created: '1970-01-01T00:00:00Z', created_by: 'Seccomp Profiles' }],
    }),
  );
  const configName = `${sha256(config)}.json`;
  const manifest = JSON.stringify([{ Config: configName, RepoTags: [tag], Layers: ['layer.tar'] }]);
  return tar([
    { name: 'manifest.json', mode: 0o644, data: Buffer.from(manifest) },
    { name: configName, mode: 0o644, data: config },
    { name: 'layer.tar', mode: 0o644, data: layer },
  ]);
}

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
