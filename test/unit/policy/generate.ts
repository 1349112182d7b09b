import type { Call } from '../../../server/src/policy/evaluate.ts';

/** A source of chance that gives the same for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A number from 0 up to, but not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  some<T>(from: readonly T[], most: number): readonly T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.pick(from));
  }

  shuffled<T>(list: readonly T[]): readonly T[] {
    return list
      .map((item) => ({ item, key: this.below(1 << 30) }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }
}

/** The edges of 32 and 64 bits and numbers around them. */
export const EDGES: readonly bigint[] = [
  0n,
  1n,
  2n,
  5n,
  7n,
  8n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x100000005n,
  0x700000000n,
  0x8000000000000000n,
  0xffffffff00000000n,
  0xffffffffffffffffn,
];

const OPERATORS = ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ', 'EQ', 'MASKED_EQ'];
const ACTIONS = ['ALLOW', 'ALLOW', 'ERRNO', 'ERRNO', 'KILL_PROCESS', 'LOG'];
export const NAMES: readonly string[] = ['socket', 'ioctl', 'personality', 'getuid', 'lseek', 'mmap2', 'shmget'];

/** The text of a rule; numbers of 64 bits keep every digit. */
export function ruleText(chance: Chance, names: readonly string[] = NAMES): string {
  const own = [chance.pick(names), ...chance.some(names, 2)];
  const args = chance.some([0, 1, 2], 3).map((index) => conditionText(chance, index));
  const errno = chance.below(3) === 0 ? ', "errnoRet": 38' : '';
  return `{ "names": ${JSON.stringify([...new Set(own)])}, "action": "SCMP_ACT_${chance.pick(ACTIONS)}"${errno}, "args": [${args.join(', ')}] }`;
}

function conditionText(chance: Chance, index: number): string {
  const two = chance.below(2) === 0 ? `, "valueTwo": ${chance.pick(EDGES)}` : '';
  return `{ "index": ${index}, "op": "SCMP_CMP_${chance.pick(OPERATORS)}", "value": ${chance.pick(EDGES)}${two} }`;
}

/** What stands around the rules of a profile. */
export function headText(chance: Chance): string {
  const archs = ['X86_64', ...chance.some(['X86', 'X32', 'AARCH64'], 2)].map((name) => `"SCMP_ARCH_${name}"`);
  return `"defaultAction": "SCMP_ACT_${chance.pick(['ALLOW', 'ERRNO', 'KILL_PROCESS'])}", "architectures": [${archs.join(', ')}]`;
}

export function profileText(head: string, rules: readonly string[]): string {
  return `{ ${head}, "syscalls": [\n${rules.join(',\n')}\n] }`;
}

/** A profile with up to `most` rules. */
export function randomProfile(chance: Chance, most = 4): string {
  const rules = Array.from({ length: 1 + chance.below(most) }, () => ruleText(chance));
  return profileText(headText(chance), rules);
}

/** Six arguments at the edges. */
export function randomCall(chance: Chance, architecture: string, number: number): Call {
  const edge = (): bigint => BigInt.asUintN(64, chance.pick(EDGES) + BigInt(chance.below(3) - 1));
  return { architecture, number, args: Array.from({ length: 6 }, edge) };
}
