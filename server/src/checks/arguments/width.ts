import type { Rule } from '../../profile/model.ts';
import { type Asking, type Comparison, isSigned32, MAX_32, type NamedArgument, namedArguments } from './conditions.ts';

const SIGN_BIT = 0x80000000n;
const LOWEST_SIGN_EXTENDED = 0xffffffff80000000n;

/** How a number fits the 32-bit argument that it is compared with. */
export type Fit = 'fits' | 'negative' | 'too-wide';

/** The arguments of 32 bits that a comparison is about: the kernel ignores the upper half of the register, filters do not. */
export function narrowArguments(rule: Rule, { index }: Comparison, asking: Asking): readonly NamedArgument[] {
  return namedArguments(rule, index, asking).filter(({ argument }) => argument.bits === 32 && !argument.pointer);
}

/** How a number compares with a 32-bit argument; a negative `int` has two forms, with and without the sign in the upper half. */
export function fitOf({ argument }: NamedArgument, value: bigint): Fit {
  if (isSigned32(argument) && isNegative(value)) return 'negative';
  return value > MAX_32 ? 'too-wide' : 'fits';
}

function isNegative(value: bigint): boolean {
  return (value >= SIGN_BIT && value <= MAX_32) || value >= LOWEST_SIGN_EXTENDED;
}

/** The number as the kernel takes it: `-1` for both of its forms. */
export function signed32(value: bigint): bigint {
  return BigInt.asIntN(32, value);
}
