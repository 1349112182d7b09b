import { architecture, nameOf } from '../../server/src/catalog/index.ts';
import { uncertain } from '../../server/src/policy/certainty.ts';
import type { Call } from '../../server/src/policy/evaluate.ts';
import { filterFor, type Policy } from '../../server/src/policy/policy.ts';
import type { Outcome } from '../../server/src/policy/resolve.ts';
import type { Witness } from '../../server/src/policy/witness.ts';
import type { Disagreement } from './compare.ts';
import { inMode, type Reader } from './reader.ts';
import { encode } from './runtime.ts';

/** A call and what libseccomp, or runc before it, answers. */
export interface Answered {
  readonly call: Call;
  readonly verdict: number;
}

/** Witnesses that prove nothing: libseccomp does what is written, or something else than the product shows. */
export async function untrue(
  witnesses: readonly Witness[],
  verdicts: readonly number[],
  read: Reader,
): Promise<readonly Disagreement[]> {
  const found = await Promise.all(
    witnesses.map(async ({ call, written, loaded }, i): Promise<readonly Disagreement[]> => {
      const verdict = verdicts[i]!;
      const real = (await read(call)) ?? new Set();
      const told = new Set(written.outcomes.map(code));
      const shown = code(loaded.outcome);
      const wrong = (about: string, libseccomp: string, product: string): readonly Disagreement[] => [
        { about, call, libseccomp, product },
      ];
      if (shown !== verdict) return wrong('witness, loaded', hex(verdict), hex(shown));
      if (real.size !== told.size || [...told].some((each) => !real.has(each)))
        return wrong('witness, written', [...real].map(hex).join(), [...told].map(hex).join());
      return real.has(verdict) ? wrong('witness of no difference', hex(verdict), hex(shown)) : [];
    }),
  );
  return found.flat();
}

/** Calls that do not get what is written for them, on syscalls for which the product shows no witness. */
export async function untold(
  policy: Policy,
  witnesses: readonly Witness[],
  answered: readonly Answered[],
  read: Reader,
): Promise<{ readonly differing: number; readonly disagreements: readonly Disagreement[] }> {
  const told = new Set(witnesses.map(({ call }) => `${call.architecture} ${call.number}`));
  const disagreements: Disagreement[] = [];
  let differing = 0;
  for (const { call: asked, verdict } of answered) {
    const call = inMode(asked);
    const written = await read(call);
    if (!written || written.has(verdict) || isExempt(policy, call)) continue;
    differing++;
    if (!told.has(`${call.architecture} ${call.number}`))
      disagreements.push({
        about: 'difference without a witness',
        call,
        libseccomp: hex(verdict),
        product: [...written].map(hex).join(),
      });
  }
  return { differing, disagreements };
}

/** Multiplexers get rules that nobody wrote; what is uncertain is reported as such. */
function isExempt(policy: Policy, { architecture: name, number }: Call): boolean {
  const arch = architecture(name)!;
  const filter = filterFor(policy, arch);
  if (!filter || uncertain(policy, filter, number)) return true;
  return arch.multiplexes && ['socketcall', 'ipc'].includes(nameOf(number, arch.table) ?? '');
}

function code({ action, errno = 1 }: Outcome): number {
  return encode(action, BigInt(errno));
}

function hex(value: number): string {
  return value.toString(16);
}
