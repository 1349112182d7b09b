import { isPredicted } from '../../src/policy/evaluate.ts';
import { ENGINE_NAME } from '../cli.ts';
import type { Engine } from '../engine.ts';
import type { Judged } from './judge.ts';
import type { Verified } from './verify.ts';

/** How syscalls fared; each counts once, whatever its arguments were. */
export interface Tally {
  /** Syscalls of which something was seen. */
  readonly seen: number;
  /** Those of which every call got what the profile says. */
  readonly asWritten: number;
  /** Names of those that got something else. */
  readonly different: readonly string[];
  /** Names for which the policy engine foretells nothing, so that the measured answer is the only one. */
  readonly measuredOnly: readonly string[];
}

export function tallyOf({ judged }: Verified): Tally {
  const names = (which: (each: Judged) => boolean): ReadonlySet<string> =>
    new Set(judged.filter(which).map(({ tried }) => tried.probe.name));
  const seen = names((each) => each.seen.kind !== 'unseen');
  const different = names(({ agrees }) => !agrees);
  const measuredOnly = names(({ expected }) => !isPredicted(expected));
  return {
    seen: seen.size,
    asWritten: seen.size - different.size,
    different: [...different],
    measuredOnly: [...measuredOnly],
  };
}

/** `Verified in Docker 28.2 · runc 1.3 · kernel 6.18: 471 of 471 as written`. */
export function verifiedHeadline(verified: Verified, engine: Engine): string {
  const { seen, asWritten } = tallyOf(verified);
  return `Verified in ${engineInShort(engine)}: ${asWritten} of ${seen} as written`;
}

function engineInShort({ kind, version, runtime, kernel }: Engine): string {
  const made = [runtime.name, short(runtime.version)].filter(Boolean).join(' ');
  return `${ENGINE_NAME[kind]} ${short(version)} · ${made} · kernel ${short(kernel)}`;
}

/** `28.2.2` is 28.2; what is no version stays. */
const short = (version: string | undefined): string | undefined =>
  version && (/^\d+\.\d+/.exec(version)?.[0] ?? version);
