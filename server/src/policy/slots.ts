import { type Architecture, numberOn, syscall } from '../catalog/index.ts';
import type { Test } from './load.ts';
import { multiplexed } from './multiplex.ts';
import { compareVersions } from './target.ts';

/** What libseccomp makes of a name on one architecture, whatever the rule. */
export interface Slot {
  /** Why the name leaves no trace in the filter. */
  readonly dropped: 'unknown-name' | 'too-new' | 'absent' | undefined;
  /** The architecture's number for it. */
  readonly number: number | undefined;
  /** Where the call is also made through `socketcall` or `ipc`: their number, and how they tell it from others. */
  readonly through: { readonly number: number; readonly selector: Test } | undefined;
  /** libseccomp takes its rules although it has no number; where calls are multiplexed, only their members have such an entry (libseccomp: `src/syscalls.c`). */
  readonly numberless: boolean;
  /** The number that libseccomp gives when asked for one architecture: below zero (-1 here) for members of a multiplexer too, and for names that it does not know. */
  readonly plainNumber: number;
}

/** Finds the slot of a name. */
export type SlotOf = (name: string) => Slot;

const UNKNOWN: Slot = {
  dropped: 'unknown-name',
  number: undefined,
  through: undefined,
  numberless: false,
  plainNumber: -1,
};

const KNOWN = new Map<string, SlotOf>();

/**
 * The slots of an architecture in a release of libseccomp, each worked out once for all profiles: a filter is looked up
 * here name by name, several times for each version of a text. Names that no release has are not kept.
 */
export function slotsOn(architecture: Architecture, libseccomp: string): SlotOf {
  const key = `${architecture.table} ${libseccomp}`;
  const known = KNOWN.get(key) ?? remembering(architecture, libseccomp);
  KNOWN.set(key, known);
  return known;
}

function remembering(architecture: Architecture, libseccomp: string): SlotOf {
  const slots = new Map<string, Slot>();
  return (name) => {
    const known = slots.get(name);
    if (known) return known;
    const found = syscall(name);
    if (!found) return UNKNOWN;
    const slot = slotOf(name, architecture, compareVersions(found.libseccomp, libseccomp) > 0);
    // the catalogue's name: the given one can be a slice of a text, which it would keep in memory
    slots.set(found.name, slot);
    return slot;
  };
}

function slotOf(name: string, { table, multiplexes }: Architecture, tooNew: boolean): Slot {
  const number = numberOn(name, table);
  const call = multiplexed(name, table);
  const through = call && numberOn(call.through, table);
  const dropped = tooNew ? 'too-new' : number === undefined && !call ? 'absent' : undefined;
  return {
    dropped,
    number,
    through: call && through !== undefined ? { number: through, selector: selector(call.number) } : undefined,
    numberless: multiplexes ? !dropped && number === undefined : dropped === 'absent',
    plainNumber: call || tooNew ? -1 : (number ?? -1),
  };
}

function selector(call: number): Test {
  return { index: 0, op: 'SCMP_CMP_EQ', value: BigInt(call), datum: 0n };
}
