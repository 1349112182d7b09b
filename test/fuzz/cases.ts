import { type Random, random } from '../differential/random.ts';
import { caseFiles, tryCaseFixes } from './case-files.ts';
import { damaged } from './damage.ts';
import { TARGETS, tryFixes } from './fixes.ts';
import { generatedProfile } from './generated.ts';
import { changedBitByBit } from './incremental.ts';
import { DOCKER, HOSTILE, huge, ordinary, SMALL } from './seeds.ts';
import { type Language, type Subject, startSubject } from './subject.ts';
import { visit } from './visit.ts';

/** Of how many findings of a text the fixes are tried. */
const MOST_FINDINGS = 40;

/** Kinds of cases. Each case is made from its number alone, so that a number finds it again. */
export const PARTS = ['truncations', 'hostile', 'huge', 'test-files', 'edits', 'fixes', 'incremental'] as const;
export type Part = (typeof PARTS)[number];

export interface Work {
  /** Requests to the server and fixes that were tried. */
  readonly requests: number;
  readonly fixes: number;
}

/** A text and what is done with it; `run` throws what goes wrong. */
export interface Case {
  readonly text: string;
  /** The same with another text, to shrink; absent where that makes no sense. */
  readonly run: (text: string) => Promise<Work>;
}

/** How many cases there are; undefined for a part that never ends. */
export function sizeOf(part: Part, scale: number): number | undefined {
  if (part === 'truncations') return SMALL.length + 1;
  if (part === 'hostile') return HOSTILE.length;
  if (part === 'huge') return Object.keys(huge(scale)).length;
  return undefined;
}

interface Stage {
  readonly subjects: readonly [Subject, Subject];
  readonly pool: readonly string[];
  /** Files of test cases. */
  readonly tests: readonly string[];
  readonly scale: number;
}

/** Starts the servers that cases are tried on. `scale` makes the huge texts smaller. */
export async function setStage(scale: number): Promise<Stage> {
  const subjects = [await startSubject(), await startSubject()] as const;
  return { subjects, pool: [...ordinary(), ...ordinary(), ...HOSTILE, DOCKER()], tests: caseFiles(), scale };
}

const every = (text: string, step = 1): number[] =>
  Array.from({ length: Math.ceil((text.length + 1) / step) }, (_, i) => i * step);

function some(text: string, count: number, numbers: Random): number[] {
  return [0, text.length, ...Array.from({ length: count }, () => numbers.below(text.length + 1))];
}

/** The case with a number. */
export function caseOf(part: Part, number: number, { subjects, pool, tests, scale }: Stage): Case {
  const [subject] = subjects;
  const numbers = random(number);
  const visited = async (text: string, places: readonly number[]): Promise<Work> => ({
    requests: await visit(subject, text, places, random(number)),
    fixes: 0,
  });
  const fixed = async (text: string): Promise<Work> => ({ requests: 0, fixes: tryFixes(text, MOST_FINDINGS) });
  switch (part) {
    case 'truncations': {
      const text = SMALL.slice(0, number);
      return { text, run: (smaller) => visited(smaller, every(smaller, scale < 1 ? 5 : 1)) };
    }
    case 'hostile': {
      const text = HOSTILE[number]!;
      return { text, run: async (smaller) => sum(await visited(smaller, every(smaller)), await fixed(smaller)) };
    }
    case 'huge': {
      const text = Object.values(huge(scale))[number]!();
      const run = async (smaller: string) =>
        sum(await visited(smaller, some(smaller, 4, random(number))), { requests: 0, fixes: tryFixes(smaller, 3) });
      return { text, run };
    }
    case 'test-files': {
      const text = spoiled(numbers.pick(tests), numbers.below(5), numbers);
      const run = async (smaller: string): Promise<Work> => {
        const places = some(smaller, 6, random(number));
        const requests = await visit(subject, smaller, places, random(number), 'seccomp-tests');
        const changed = await changedBitByBit(subjects, smaller, random(number), 'seccomp-tests');
        return { requests: requests + changed.requests, fixes: tryCaseFixes(smaller) };
      };
      return { text, run };
    }
    case 'edits': {
      const text = spoiled(seedOf(pool, numbers), 1 + numbers.below(6), numbers);
      return { text, run: (smaller) => visited(smaller, some(smaller, 6, random(number))) };
    }
    case 'fixes': {
      const text = spoiled(seedOf(pool, numbers), numbers.below(5), numbers);
      const target = numbers.pick(TARGETS);
      return { text, run: async (smaller) => ({ requests: 0, fixes: tryFixes(smaller, MOST_FINDINGS, target) }) };
    }
    case 'incremental': {
      const text = seedOf(pool, numbers);
      const language: Language = numbers.chance(0.2) ? 'json' : 'seccomp';
      const run = async (smaller: string) => ({
        requests: (await changedBitByBit(subjects, smaller, random(number), language)).requests,
        fixes: 0,
      });
      return { text, run };
    }
  }
}

/** One of the texts that are written down, or one that is made up. */
function seedOf(pool: readonly string[], numbers: Random): string {
  return numbers.below(3) === 0 ? generatedProfile(numbers) : numbers.pick(pool);
}

const sum = (a: Work, b: Work): Work => ({ requests: a.requests + b.requests, fixes: a.fixes + b.fixes });

function spoiled(text: string, times: number, numbers: Random): string {
  let result = text;
  for (let i = 0; i < times; i++) result = damaged(result, numbers);
  return result;
}
