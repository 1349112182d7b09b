import { type Architecture, nameOf } from '../catalog/index.ts';
import { architectureWith, catalogueName, related } from './names.ts';

/** In which mode each traced process runs, as strace tells it. */
export interface Modes {
  /** The process that a line is about: lines without an id are about the only one that is left. */
  processOf(pid: number | undefined): number | undefined;
  /** `[ Process PID=7 runs in 32 bit mode. ]` */
  change(pid: number, words: string): void;
  ended(pid: number | undefined): void;
  /** The architecture of a call, of which `strace -n` tells the number. */
  architectureOf(pid: number | undefined, name: string, number: number | undefined): Architecture;
}

/** A process that is new is in the mode of the one before it until strace tells otherwise (strace: `update_personality`). */
export function followModes(base: Architecture, only: number | undefined): Modes {
  const known = new Map<number | undefined, Architecture>();
  const alive = new Set<number>(only === undefined ? [] : [only]);
  let last = base;
  return {
    processOf(pid) {
      if (pid !== undefined) alive.add(pid);
      return pid ?? (alive.size === 1 ? [...alive][0] : undefined);
    },
    change(pid, words) {
      last = inWords(words, base) ?? last;
      known.set(pid, last);
      if (alive.size === 0) known.set(undefined, last);
    },
    ended(pid) {
      if (pid !== undefined) alive.delete(pid);
      known.delete(pid);
    },
    architectureOf(pid, name, number) {
      const mode = known.get(pid) ?? last;
      known.set(pid, mode);
      last = mode;
      const byNumber =
        number === undefined ? undefined : related(base).find(({ table }) => nameOf(number, table) === name);
      if (byNumber) return byNumber;
      const own = catalogueName(name, mode);
      return own === undefined ? mode : architectureWith(own, mode);
    },
  };
}

/** `64 bit`, `32 bit`, `x32`, as strace names the modes of one machine. */
export function inWords(words: string, base: Architecture): Architecture | undefined {
  const machine = related(base);
  if (/x32|n32/.test(words)) return machine.find(({ table }) => table === 'x32' || table === 'mips64n32');
  const bits = /\d\d/.exec(words)?.[0] === '64' ? 64 : 32;
  return machine.find((each) => each.bits === bits && each.table !== 'x32' && each.table !== 'mips64n32');
}
