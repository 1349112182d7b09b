import { type Architecture, architecture, architectures } from '../../catalog/index.ts';
import type { Analysis } from '../../checks/analyse.ts';
import { dialectOf, loaderOf } from '../../policy/target.ts';
import type { ArchMapEntry } from '../../profile/model.ts';
import type { Cursor } from '../context.ts';
import { firstSentence, othersThan, ruleAt, scopeOf } from './surroundings.ts';
import type { Candidate, Candidates } from './types.ts';

/**
 * Architectures for `architectures` and `archMap`: those that are not listed yet first, then those that run on the same
 * kernel as the host of the list, then those that the target's runtime accepts.
 */
export function architectureCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const key = 'key' in cursor.slot ? cursor.slot.key : '';
  const { host, present } = listAt(analysis, cursor, key);
  const companions = architecture(host)?.companions ?? [];
  const runc = loaderOf(analysis.target) === 'runc';
  const list = architectures().map((arch): Candidate => {
    const refused = runc && !arch.runc;
    const near = arch.name === host ? 0 : companions.includes(arch.name) ? 1 : 2;
    return {
      label: arch.name,
      detail: firstSentence(arch.doc) + (refused ? ' (refused by runc)' : ''),
      rank: `${present.has(arch.name) ? 1 : 0}${near}${refused ? 1 : 0}`,
      prefix: 'SCMP_ARCH_',
    };
  });
  return { source: 'architecture', kind: 'constant', quoted: true, list };
}

interface ListAt {
  /** The architecture whose companions are wanted. */
  readonly host: string;
  readonly present: ReadonlySet<string>;
}

function listAt(analysis: Analysis, cursor: Cursor, key: string): ListAt {
  const { profile } = analysis.document;
  const native = analysis.target.architecture;
  const entry = entryAt(analysis, cursor);
  if (key === 'subArchitectures') {
    const host = entry?.architecture?.value ?? native;
    return { host, present: new Set([host, ...othersThan(cursor.token, entry?.subArchitectures ?? [])]) };
  }
  if (key === 'architecture')
    return { host: native, present: othersThan(cursor.token, hostsOf(profile?.archMap ?? [])) };
  return { host: native, present: othersThan(cursor.token, profile?.architectures ?? []) };
}

function entryAt(analysis: Analysis, cursor: Cursor): ArchMapEntry | undefined {
  const node = scopeOf(cursor, 'archMapEntry');
  return analysis.document.profile?.archMap.find((entry) => entry.view.node === node);
}

function hostsOf(entries: readonly ArchMapEntry[]) {
  return entries.flatMap((entry) => entry.architecture ?? []);
}

/** Architectures in Go's spelling, as the target's dialect compares them; the host's own first. */
export function goArchitectureCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const rule = ruleAt(analysis, cursor);
  const filter = [rule?.includes, rule?.excludes].find(
    (candidate) => candidate?.view.node === scopeOf(cursor, 'filter'),
  );
  const present = othersThan(cursor.token, filter?.arches ?? []);
  const podman = dialectOf(analysis.target.runtime) === 'podman';
  const spelling = (arch: Architecture): string | undefined => (podman ? arch.podman : arch.docker);
  const list = architectures().flatMap((arch): readonly Candidate[] => {
    const label = spelling(arch);
    if (!label) return [];
    const native = arch.name === analysis.target.architecture;
    return [{ label, detail: firstSentence(arch.doc), rank: `${present.has(label) ? 1 : 0}${native ? 0 : 1}` }];
  });
  return { source: 'goArchitecture', kind: 'constant', quoted: true, list };
}
