import dangersText from '../../data/dangers.json';
import { lazy, table } from './data.ts';
import type { Danger } from './types.ts';

/** Reason by name, grouped by tier. */
type Rows = Readonly<Record<'1' | '2' | '3', Readonly<Record<string, string>>>>;

const rows = table<Rows>(dangersText);
const all = lazy(() =>
  ([1, 2, 3] as const).flatMap((tier) =>
    Object.entries(rows()[tier]).map(([syscall, why]): Danger => ({ syscall, tier, why })),
  ),
);
const byName = lazy(() => new Map(all().map((danger) => [danger.syscall, danger])));

/** Names that deserve a reason before they stand in an allow-list, worst tier first. */
export function dangers(): readonly Danger[] {
  return all();
}

/** Why a name is dangerous to allow; `undefined` for names that ordinary programs need. */
export function dangerOf(name: string): Danger | undefined {
  return byName().get(name);
}
