/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** An integer from 0 to `below - 1`. */
  below(limit: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Some elements, in random order, none twice. */
  sample<T>(list: readonly T[], count: number): readonly T[];
  /** 64 random bits. */
  bits64(): bigint;
}

/** Starts a sequence; two seeds that differ by one give unrelated ones. */
export function random(seed: number): Random {
  let state = mix(seed >>> 0);
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state);
  };
  const below = (limit: number): number => Math.floor((next() / 0x1_0000_0000) * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  return {
    below,
    pick,
    chance: (probability) => next() / 0x1_0000_0000 < probability,
    sample: (list, count) => {
      const left = [...list];
      return Array.from({ length: Math.min(count, left.length) }, () => left.splice(below(left.length), 1)[0]!);
    },
    bits64: () => (BigInt(next()) << 32n) | BigInt(next()),
  };
}

/** Every value goes to another one. */
function mix(value: number): number {
  let t = value ^ (value >>> 16);
  t = Math.imul(t, 0x7feb352d);
  t ^= t >>> 15;
  t = Math.imul(t, 0x846ca68b);
  return (t ^ (t >>> 16)) >>> 0;
}
