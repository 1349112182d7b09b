import { type ProbeArch, probesFor } from '../../server/container/index.ts';
import { NEVER_PROBED } from '../../server/container/probe/unsafe.ts';
import {
  type ArchTable,
  architecture,
  architectureOf,
  nameOf,
  namesOn,
  numberOn,
} from '../../server/src/catalog/index.ts';
import type { Call } from '../../server/src/policy/evaluate.ts';
import type { Target } from '../../server/src/policy/target.ts';
import { probes } from '../differential/probes.ts';
import { type Random, random } from '../differential/random.ts';
import type { Numbers } from '../differential/runtime.ts';
import type { Written } from '../differential/written.ts';
import { HARMLESS } from './names.ts';
import { probeArch } from './runtime.ts';

/** Above every table, between and below them, and what is -1. */
const ABSENT = [500, 1000, 0x3fffffff, 0x40000fff, 0x7fffffff, 0x80000000, 0xffffffff];
const FULL = 2n ** 64n - 1n;

/**
 * Calls of this machine that ask for every syscall and, of the harmless ones, around each operand of the profiles. The
 * kernel takes calls of x32 as well, whether or not it has them: the filter comes first.
 */
export async function callsFor(seed: number, profiles: readonly Written[], target: Target): Promise<readonly Call[]> {
  const rng = random(seed);
  const pointed = await Promise.all(profiles.map((profile) => probes(rng, profile, target, numbers, 10)));
  const tables = tablesOf(probeArch());
  return [
    ...tables.flatMap((table) => everyCall(rng, table, target.architecture)),
    ...ABSENT.map((number) => call(target.architecture, number, [])),
    ...pointed.flat().flatMap((each) => harmless(each, tables, target.architecture)),
  ];
}

const tablesOf = (arch: ProbeArch): readonly ArchTable[] => (arch === 'x86_64' ? ['x86_64', 'x32'] : [arch]);

function everyCall(rng: Random, table: ArchTable, token: string): readonly Call[] {
  const names = table === 'x32' ? rng.sample(namesOn(table), 60) : namesOn(table);
  return probesFor(names, (name) => numberOn(name, table)).map(({ nr, args }) =>
    call(
      token,
      nr,
      args.map((argument) => BigInt(argument as number)),
    ),
  );
}

/** A call that targets one of the native tables and may be made with any arguments. */
function harmless(
  { architecture: name, number, args }: Call,
  tables: readonly ArchTable[],
  token: string,
): readonly Call[] {
  const table = architecture(name)?.table;
  if (!table || !tables.includes(table)) return [];
  return HARMLESS.includes(nameOf(number, table) ?? '') ? [call(token, number, args)] : [];
}

/** What is left open is -1, as in the product's program. */
const call = (token: string, number: number, args: readonly bigint[]): Call => ({
  architecture: token,
  number,
  args: Array.from({ length: 6 }, (_, i) => BigInt.asUintN(64, args[i] ?? FULL)),
});

/** getuid: a container has to do something to show that it starts. */
export const HARMLESS_CALL: Call = call('SCMP_ARCH_X86_64', 102, [0n, 0n, 0n, 0n, 0n, 0n]);

/** Numbers as the product knows them, for libseccomp's names of architectures. */
const numbers: Numbers = {
  numberOf: async (arch, name) => {
    const table = architectureOf(arch as ArchTable)?.table;
    return table && !NEVER_PROBED.has(name) ? numberOn(name, table) : undefined;
  },
};
