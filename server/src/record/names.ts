import {
  type Architecture,
  architecture,
  architectures,
  isSyscall,
  libcAlias,
  nameOf,
  numberOn,
} from '../catalog/index.ts';

/** How tracers call syscalls that the catalogue names otherwise (strace `src/linux/ARCH/syscallent.h`, sysdig's event table). */
const SPELLINGS: Readonly<Record<string, string>> = {
  oldselect: 'select',
  oldumount: 'umount',
  old_mmap: 'mmap',
  newstat: 'stat',
  newlstat: 'lstat',
  newfstat: 'fstat',
  newuname: 'uname',
  newselect: '_newselect',
};

/**
 * The catalogue's name for a syscall as a tracer writes it; undefined for what is none. A name that exists elsewhere only is
 * taken for that of the architecture's own call: `umount` on x86_64 is `umount2`.
 */
export function catalogueName(written: string, { table }: Architecture): string | undefined {
  const number = /^syscall_(0x[0-9a-f]+|\d+)$/.exec(written)?.[1];
  if (number) return nameOf(Number(number), table);
  const name = SPELLINGS[written] ?? written;
  if (isSyscall(name)) return numberOn(name, table) === undefined ? (twoOf(name, table) ?? name) : name;
  const alias = libcAlias(name);
  return alias?.length === 1 ? alias[0] : undefined;
}

/** The second version of a call, where the architecture has that alone. */
function twoOf(name: string, table: Architecture['table']): string | undefined {
  return numberOn(`${name}2`, table) === undefined ? undefined : `${name}2`;
}

/** The architecture and those whose programs run on the same machine, the most likely first. */
export function related({ name, companions }: Architecture): readonly Architecture[] {
  return [name, ...companions].flatMap((each) => architecture(each) ?? []);
}

/** The architecture among the related ones that has the name; the given one where none or several of them do. */
export function architectureWith(name: string, given: Architecture): Architecture {
  if (numberOn(name, given.table) !== undefined) return given;
  return related(given).find(({ table }) => numberOn(name, table) !== undefined) ?? given;
}

const X32_BIT = 0x40000000;

/** The architecture behind an audit token (`linux/audit.h`) and a number: x32 shares its token with x86_64. */
export function architectureOfToken(token: number, number: number): Architecture | undefined {
  const found = architectures().filter((each) => each.token === token);
  const x32 = found.find(({ table }) => table === 'x32');
  return x32 && number >= X32_BIT ? x32 : found.find((each) => each !== x32);
}
