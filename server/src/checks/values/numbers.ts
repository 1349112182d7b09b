/**
 * The value of a number as programmers write it and JSON does not: `0x1f`, `0b101`, `0o17`, `1_000`, `8UL`, `1.0`, `1e3`,
 * with a sign. Undefined for a fraction, for leading zeros that could be octal, and for what is no number.
 */
export function parseNumber(text: string): bigint | undefined {
  const match = /^([+-]?)([0-9a-z_.+-]+?)(?:u?l{0,2}|l{1,2}u)$/i.exec(text);
  const magnitude = match ? parseMagnitude(match[2]!) : undefined;
  if (magnitude === undefined) return undefined;
  return match![1] === '-' ? -magnitude : magnitude;
}

/** Longer numbers than any profile has are not worth the arithmetic. */
const MOST_DIGITS = 80;

function parseMagnitude(text: string): bigint | undefined {
  const digits = text.replace(/(?<=[0-9a-f])_(?=[0-9a-f])/gi, '').toLowerCase();
  if (digits.length > MOST_DIGITS) return undefined;
  if (/^0x[0-9a-f]+$|^0b[01]+$|^0o[0-7]+$/.test(digits)) return BigInt(digits);
  if (/^0+[0-7]?$|^[1-9][0-9]*$/.test(digits)) return BigInt(digits);
  return parseDecimal(digits);
}

/** A decimal with fraction or exponent, if it is a whole number. */
function parseDecimal(digits: string): bigint | undefined {
  const match = /^([0-9]+)(?:\.([0-9]*))?(?:e([+-]?[0-9]{1,2}))?$/.exec(digits);
  if (!match || (match[2] === undefined && match[3] === undefined)) return undefined;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  const shift = Number(match[3] ?? 0) - fraction.length;
  const all = BigInt(match[1]! + fraction);
  if (shift >= 0) return all * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return all % divisor === 0n ? all / divisor : undefined;
}
