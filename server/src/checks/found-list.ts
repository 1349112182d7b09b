import { countWhere } from '../syntax/bisect.ts';
import type { Span } from '../syntax/tree.ts';
import type { Severity } from './check.ts';

/** What is asked of a finding in a list. */
export interface Listed {
  readonly span: Span;
  readonly severity: Severity;
  /** What it depends on, by number; `WHOLE` where that is more than one thing. */
  readonly unit: number;
}

/** The unit of findings that are made anew for each version. */
export const WHOLE = -1;

const BY_WEIGHT: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
const WEIGHTS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

/**
 * Findings in the order of the text. There can be tens of thousands, and to look at each takes longer than all else after a
 * keystroke: what decides whether one is kept or shown is copied into lists of numbers.
 */
export class FoundList<T extends Listed> {
  private readonly list: T[];
  private weights: Uint8Array;
  private units: Int32Array;

  /** Of findings in order; takes over the list. */
  constructor(list: T[]) {
    this.list = list;
    this.weights = new Uint8Array(list.length);
    this.units = new Int32Array(list.length);
    for (let i = 0; i < list.length; i++) this.note(list[i]!, i);
  }

  get all(): readonly T[] {
    return this.list;
  }

  private note({ severity, unit }: T, i: number): void {
    this.weights[i] = WEIGHTS[severity];
    this.units[i] = unit;
  }

  /** Takes out those of some units and of the whole, and puts in others, which are few and in order. In place. */
  exchange(ended: ReadonlySet<number>, some: readonly T[], order: (a: T, b: T) => number): void {
    this.remove(ended);
    this.insert(some, order);
  }

  private remove(ended: ReadonlySet<number>): void {
    const { list, weights, units } = this;
    const few = ended.size < 9 ? [WHOLE, ...ended] : undefined;
    let kept = 0;
    for (let i = 0; i < list.length; i++) {
      const unit = units[i]!;
      if (few ? few.includes(unit) : unit === WHOLE || ended.has(unit)) continue;
      if (kept < i) {
        list[kept] = list[i]!;
        weights[kept] = weights[i]!;
        units[kept] = unit;
      }
      kept++;
    }
    list.length = kept;
  }

  private insert(some: readonly T[], order: (a: T, b: T) => number): void {
    const { list } = this;
    const places = some.map((found) => countWhere(list, (each) => order(each, found) <= 0));
    let end = list.length;
    this.reserve(end + some.length);
    list.length = end + some.length;
    // from the back, so that each is moved once
    for (let i = some.length - 1; i >= 0; i--) {
      const place = places[i]!;
      // faster than the list's own way to do so
      for (let at = end - 1; at >= place; at--) list[at + i + 1] = list[at]!;
      this.weights.copyWithin(place + i + 1, place, end);
      this.units.copyWithin(place + i + 1, place, end);
      list[place + i] = some[i]!;
      this.note(some[i]!, place + i);
      end = place;
    }
  }

  private reserve(size: number): void {
    if (size <= this.units.length) return;
    const [weights, units] = [new Uint8Array(2 * size), new Int32Array(2 * size)];
    weights.set(this.weights);
    units.set(this.units);
    this.weights = weights;
    this.units = units;
  }

  /** As many as an editor shows, the most severe ones, in their order: tens of thousands help nobody and cost much. */
  mostSevere(most: number): readonly T[] {
    const { list, weights } = this;
    if (list.length <= most) return list;
    const room = BY_WEIGHT.map(() => 0);
    for (let i = 0; i < list.length; i++) room[weights[i]!]!++;
    let left = most;
    room.forEach((count, weight) => {
      room[weight] = Math.min(left, count);
      left -= room[weight]!;
    });
    const shown: T[] = [];
    for (let i = 0; shown.length < most; i++) if (room[weights[i]!]!-- > 0) shown.push(list[i]!);
    return shown;
  }
}
