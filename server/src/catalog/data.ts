/**
 * Defers work to the first call and keeps its result, so that a data table costs nothing until a feature asks for it.
 * A failure is not kept: the next call tries again.
 */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/**
 * Parses a generated table at its first use; a bundle may unpack its text only then. The caller states its shape: the
 * tables are ours and are tested.
 */
export function table<T>(text: () => string): () => T {
  return lazy(() => JSON.parse(text()) as T);
}

/** Groups values under a key; the order of the values is kept. */
export function groupBy<K, V>(pairs: Iterable<readonly [K, V]>): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
