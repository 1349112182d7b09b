/** A piece of machine code: plain bytes, a place to jump to, or an instruction that holds the distance to such a place. */
export type Piece = readonly number[] | Label | Jump;

interface Label {
  readonly kind: 'label';
  readonly name: string;
}

interface Jump {
  readonly kind: 'jump';
  readonly target: string;
  /** Bytes that the instruction takes. */
  readonly size: number;
  /** Bytes of the instruction for a target `distance` bytes after the instruction's first byte. */
  readonly encode: (distance: number) => readonly number[];
}

export const label = (name: string): Label => ({ kind: 'label', name });

export const jump = (target: string, size: number, encode: Jump['encode']): Jump => ({
  kind: 'jump',
  target,
  size,
  encode,
});

/** The bytes of `value`, lowest first; negative numbers in two's complement. */
export function littleEndian(value: number | bigint, bytes: number): number[] {
  const bits = BigInt.asUintN(bytes * 8, BigInt(value));
  return Array.from({ length: bytes }, (_, i) => Number((bits >> BigInt(8 * i)) & 0xffn));
}

/** Joins the pieces and fills in the jumps. Throws on a jump to a label that is not there. */
export function assemble(pieces: readonly Piece[]): Uint8Array {
  const places = new Map<string, number>();
  let at = 0;
  for (const piece of pieces) {
    if ('kind' in piece && piece.kind === 'label') places.set(piece.name, at);
    at += sizeOf(piece);
  }
  const code: number[] = [];
  for (const piece of pieces) code.push(...encoded(piece, code.length, places));
  return Uint8Array.from(code);
}

function sizeOf(piece: Piece): number {
  if (!('kind' in piece)) return piece.length;
  return piece.kind === 'label' ? 0 : piece.size;
}

function encoded(piece: Piece, at: number, places: ReadonlyMap<string, number>): readonly number[] {
  if (!('kind' in piece)) return piece;
  if (piece.kind === 'label') return [];
  const place = places.get(piece.target);
  if (place === undefined) throw new Error(`No label ${piece.target} to jump to`);
  return piece.encode(place - at);
}
