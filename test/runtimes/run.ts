import { parseArgs } from 'node:util';
import { campaign, report } from './campaign.ts';
import { openDocker } from './docker.ts';
import { defaults, generated, loading } from './groups.ts';
import { patchedNames } from './library.ts';
import { openOci } from './oci.ts';
import type { Runtime } from './runtime.ts';

const USAGE = `Usage: npm run test:runtimes -- [--cases N] [--seed S] [--runtime NAME]...
Compares the policy engine with containers under crun, runc and Docker.
  --cases N       generated profiles for each runtime (default 400)
  --seed S        seed of the first one (default: random)
  --runtime NAME  crun, runc or docker (default: all)`;

/** How each runtime of a comparison is had. */
export const OPEN: Readonly<Record<string, () => Promise<Runtime>>> = {
  crun: () => openOci('crun'),
  runc: () => openOci('runc'),
  docker: openDocker,
};

/** The long run; exit status 1 for any disagreement. */
export async function main(args: readonly string[]): Promise<number> {
  const options = read(args);
  if (typeof options === 'string') {
    console.error(options);
    return 2;
  }
  const patched = await patchedNames();
  console.log(
    `seed ${options.seed}; left out, since the machine's libseccomp is patched: ${[...patched].join(' ') || '-'}`,
  );
  let failed = false;
  for (const name of options.runtimes) {
    const runtime = await OPEN[name]!();
    try {
      failed = (await compareAll(runtime, patched, options)) || failed;
    } finally {
      await runtime.close();
    }
  }
  return failed ? 1 : 0;
}

/** Whether the policy engine was wrong about a profile. */
async function compareAll(runtime: Runtime, patched: ReadonlySet<string>, { seed, cases }: Options): Promise<boolean> {
  console.log(runtime.label);
  const parts = {
    'default profiles': defaults(patched, seed),
    loading: loading(runtime, seed),
    'generated profiles': generated(runtime, patched, seed, cases),
  };
  let failed = false;
  for (const [title, groups] of Object.entries(parts)) {
    const started = performance.now();
    const tally = await campaign(runtime, groups);
    console.log(report(title, tally, (performance.now() - started) / 1000));
    failed ||= tally.failures.length > 0;
  }
  return failed;
}

interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly runtimes: readonly string[];
}

function read(args: readonly string[]): Options | string {
  const text = { type: 'string' } as const;
  const known = { cases: text, seed: text, runtime: { ...text, multiple: true }, help: { type: 'boolean' } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options: known });
    if (values.help) return USAGE;
    const runtimes = values.runtime ?? Object.keys(OPEN);
    const strange = runtimes.find((name) => !Object.hasOwn(OPEN, name));
    if (strange !== undefined) throw new Error(`${strange} is no runtime of this comparison`);
    const seed = whole(values.seed, Math.floor(Math.random() * 2 ** 31));
    return { cases: whole(values.cases, 400), seed, runtimes };
  } catch (error) {
    return `${(error as Error).message}\n${USAGE}`;
  }
}

function whole(value: string | undefined, otherwise: number): number {
  const number = value === undefined ? otherwise : Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${value} is not a whole number`);
  return number;
}
