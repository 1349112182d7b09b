/**
 * Candidates that a misspelt word may have meant, nearest first, at most `most`; the word itself is never among them.
 * Near means: few inserted, missing, wrong or swapped characters for the word's length (one for up to 4 characters,
 * two for up to 9, otherwise three). Letter case counts a little, so `GETUID` finds `getuid` first.
 */
export function similar(word: string, candidates: Iterable<string>, most = 3): string[] {
  const wanted = word.trim().toLowerCase();
  const limit = wanted.length <= 4 ? 1 : wanted.length <= 9 ? 2 : 3;
  const letters = lettersOf(wanted);
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const name of candidates) {
    if (name === word || Math.abs(name.length - wanted.length) > limit) continue;
    const candidate = name.toLowerCase();
    if (differing(letters, lettersOf(candidate)) > limit) continue;
    const distance = editDistance(wanted, candidate, limit);
    if (distance <= limit) found.push({ name, distance });
  }
  const order = (a: { name: string; distance: number }, b: { name: string; distance: number }) =>
    a.distance - b.distance || commonStart(wanted, b.name) - commonStart(wanted, a.name) || (a.name < b.name ? -1 : 1);
  return found
    .sort(order)
    .slice(0, most)
    .map(({ name }) => name);
}

/** The letters of a word as bits, other characters folded onto them. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) & 31);
  return letters;
}

/** A bound from below on the distance of two words, by their letters: a change takes away one of them at most. */
function differing(a: number, b: number): number {
  return Math.max(bitCount(a & ~b), bitCount(b & ~a));
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Damerau-Levenshtein distance (adjacent swaps count once), or `limit + 1` as soon as it must be larger. */
export function editDistance(a: string, b: string, limit: number): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) best = Math.min(best, (older[column - 2] ?? 0) + 1);
      current.push(best);
    }
    if (Math.min(...current) > limit) return limit + 1;
    older = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
