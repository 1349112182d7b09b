/** The smallest text found that still fails, by leaving out ever smaller pieces; it stops after `milliseconds`. */
export async function shrink(
  text: string,
  fails: (smaller: string) => Promise<boolean>,
  milliseconds = 4000,
): Promise<string> {
  let smallest = text;
  const end = performance.now() + milliseconds;
  const late = (): boolean => performance.now() > end;
  for (let size = Math.ceil(text.length / 2); size >= 1 && !late(); ) {
    let progress = false;
    for (let at = 0; at < smallest.length && !late(); ) {
      const smaller = smallest.slice(0, at) + smallest.slice(at + size);
      if (await fails(smaller)) {
        smallest = smaller;
        progress = true;
      } else at += size;
    }
    if (!progress && size === 1) break;
    if (!progress) size = Math.floor(size / 2);
  }
  return smallest;
}
