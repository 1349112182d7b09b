import { parseArgs } from 'node:util';
import { campaign, generated, report, type Tally } from './campaign.ts';
import { exactness, reportExactness } from './exactness.ts';
import { openOracles } from './oracle.ts';
import { defaults, folder } from './real.ts';
import { isClose, reportSizes, sizes } from './sizes.ts';

const USAGE = `Usage: npm run test:differential -- [--cases N] [--seed S] [--subsets N] [--profiles FOLDER]
Compares the policy engine with libseccomp itself: verdicts, what loads, and the length of programs.
  --cases N          generated profiles (default 100000)
  --seed S           seed of the first one (default: random)
  --subsets N        random sets of capabilities for each engine's default profile, or "all" (default 40)
  --profiles FOLDER  only the profiles of a folder
  --exact FOLDER     asks libseccomp nothing: lists the rules of the folder's profiles whose verdict is not exact`;

/** The long run; exit status 1 for any disagreement, and for a length that is estimated badly. */
export async function main(args: readonly string[]): Promise<number> {
  const options = read(args);
  if (typeof options === 'string') {
    console.error(options);
    return 2;
  }
  if (options.exact) {
    console.log(reportExactness(exactness(options.exact)));
    return 0;
  }
  const oracles = await openOracles();
  console.log(`libseccomp ${oracles.version}, seed ${options.seed}`);
  const { seed, cases, subsets, profiles } = options;
  const parts = profiles
    ? [{ title: profiles, entries: () => folder(profiles, seed), sized: true }]
    : [
        { title: 'default profiles', entries: () => defaults(seed, subsets), sized: true },
        { title: 'generated profiles', entries: () => generated(seed, cases), sized: false },
      ];
  let failed = false;
  for (const { title, entries, sized } of parts) {
    const started = performance.now();
    const tally: Tally = await campaign(oracles, entries());
    console.log(report(title, tally, (performance.now() - started) / 1000));
    const found = sized ? await sizes(oracles, entries()) : [];
    if (sized) console.log(reportSizes(title, found));
    failed ||= tally.failures.length > 0 || !found.every(isClose);
  }
  oracles.close();
  return failed ? 1 : 0;
}

interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly subsets: number;
  readonly profiles: string | undefined;
  readonly exact: string | undefined;
}

function read(args: readonly string[]): Options | string {
  const text = { type: 'string' } as const;
  const known = {
    cases: text,
    seed: text,
    subsets: text,
    profiles: text,
    exact: text,
    help: { type: 'boolean' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options: known });
    if (values.help) return USAGE;
    const whole = (value: string | undefined, otherwise: number): number => {
      const number = value === undefined ? otherwise : Number(value);
      if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${value} is not a whole number`);
      return number;
    };
    return {
      cases: whole(values.cases, 100_000),
      seed: whole(values.seed, Math.floor(Math.random() * 2 ** 31)),
      subsets: values.subsets === 'all' ? Number.POSITIVE_INFINITY : whole(values.subsets, 40),
      profiles: values.profiles,
      exact: values.exact,
    };
  } catch (error) {
    return `${(error as Error).message}\n${USAGE}`;
  }
}
