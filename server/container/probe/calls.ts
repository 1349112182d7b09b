import { ORDINARY } from './program.ts';
import { NEVER_PROBED } from './unsafe.ts';

/** One try of a syscall by name. */
export interface Probe {
  readonly name: string;
  readonly nr: number;
  /** What sets it apart from other tries of the same name, e.g. `AF_NETLINK`. */
  readonly detail?: string;
  readonly args: readonly (number | bigint)[];
}

/** Arguments to try a syscall with. */
export interface Variant {
  readonly detail?: string;
  readonly args: readonly (number | bigint)[];
}

const domain = (detail: string, value: number): Variant => ({ detail, args: [value, -1, 0] });

/**
 * Arguments where -1 in all six places would have an effect, or does not reach what a profile looks at. A socket type
 * of -1 is refused before a socket is made.
 */
const VARIANTS: ReadonlyMap<string, readonly Variant[]> = new Map<string, readonly Variant[]>([
  ['alarm', [{ args: [0] }]],
  ['kill', [{ args: [0x7fffffff, 0] }]],
  ['msgget', [{ args: [-1, 0] }]],
  ['semget', [{ args: [-1, -1, 0] }]],
  ['shmget', [{ args: [-1, -1, 0] }]],
  ['futex', [{ args: [-1, 1] }]],
  // with no descriptors at all it would wait
  ['poll', [{ args: [-1, -1, 0] }]],
  ['personality', [{ args: [0xffffffff] }]],
  ['nice', [{ args: [0] }]],
  // read an empty table: its errors come back as unsigned 32-bit numbers
  ['modify_ldt', [{ args: [0, -1, 0] }]],
  [
    'socket',
    [
      domain('AF_UNIX', 1),
      domain('AF_INET', 2),
      domain('AF_INET6', 10),
      domain('AF_NETLINK', 16),
      domain('AF_PACKET', 17),
      domain('AF_ALG', 38),
      domain('AF_VSOCK', 40),
    ],
  ],
]);

/** The arguments to try a syscall with, whatever a profile asks for. */
export const variantsOf = (name: string): readonly Variant[] => VARIANTS.get(name) ?? [{ args: [] }];

/**
 * The tries for these names, each name once, in the order given. Left out: names that have no number on the
 * architecture, and those that are never probed.
 */
export function probesFor(names: Iterable<string>, numberOf: (name: string) => number | undefined): readonly Probe[] {
  return [...new Set(names)].flatMap((name) => {
    const nr = numberOf(name);
    if (nr === undefined || nr < 0 || NEVER_PROBED.has(name)) return [];
    return variantsOf(name).map((variant): Probe => ({ name, nr, ...variant }));
  });
}

/** The arguments as the kernel gets them: six, unsigned. */
export const valuesOf = ({ args }: Pick<Variant, 'args'>): readonly bigint[] =>
  Array.from({ length: 6 }, (_, i) => BigInt.asUintN(64, BigInt(args[i] ?? ORDINARY)));

/** How a try is called in reports: `socket (AF_INET)`. */
export const probeLabel = ({ name, detail }: Probe): string => (detail ? `${name} (${detail})` : name);
