import errnosText from '../../data/errnos.json';
import { lazy, table } from './data.ts';
import type { Errno } from './types.ts';

/** Number and meaning by name. Numbers are those of all architectures but mips, parisc, alpha and sparc. */
const rows = table<Readonly<Record<string, readonly [number: number, meaning: string]>>>(errnosText);
const all = lazy(() =>
  Object.entries(rows()).map(([name, [number, doc]]): Errno => ({ name, number, doc: `${doc}.` })),
);
const byName = lazy(() => new Map(all().map((errno) => [errno.name, errno])));
const byNumber = lazy(
  () =>
    new Map(
      all()
        .toReversed()
        .map((errno) => [errno.number, errno]),
    ),
);

/** Every error name of the generic ABI, by number; aliases (`EWOULDBLOCK`) follow the name that they stand for. */
export function errnos(): readonly Errno[] {
  return all();
}

export function errnoByName(name: string): Errno | undefined {
  return byName().get(name);
}

/** The principal name of an error number: `EAGAIN`, not `EWOULDBLOCK`. */
export function errnoByNumber(number: number): Errno | undefined {
  return byNumber().get(number);
}
