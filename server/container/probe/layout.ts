/** Architectures that the probe program exists for, by libseccomp's name. */
export type ProbeArch = 'x86_64' | 'aarch64';

/**
 * What the machine code needs to know of the data beside it.
 *
 * The table has one entry of {@link ENTRY_BYTES} for each call: number, six arguments, address of its output line (eight
 * 64-bit words). A line ends in a field of blanks that the program overwrites with the result, right-aligned.
 */
export interface Layout {
  readonly count: number;
  /** Address of the table. */
  readonly table: number;
  /** Address of the line that says that the end was reached. */
  readonly endLine: number;
  /** Bytes of every line, its newline included; below 4096. */
  readonly lineBytes: number;
}

export const ENTRY_BYTES = 64;

/**
 * How the program runs: `isolated` makes each call in a child of its own, so that a kill ends the child alone; it needs
 * `clone`. `direct` makes them in the one process.
 */
export type Mode = 'isolated' | 'direct';

/** Exit statuses of the program beside 0. */
export const EXIT = {
  /** A result could not be written: `write` is denied. */
  mute: 100,
  /** `isolated` was asked for and `clone` failed. */
  noChild: 101,
} as const;
