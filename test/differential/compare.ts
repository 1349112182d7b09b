import { type Call, evaluate, isPredicted, openSets } from '../../server/src/policy/evaluate.ts';
import { policyOf } from '../../server/src/policy/policy.ts';
import { refusals } from '../../server/src/policy/refuse.ts';
import type { Target } from '../../server/src/policy/target.ts';
import { witnesses } from '../../server/src/policy/witness.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import type { Driver } from './driver.ts';
import { type Answered, untold, untrue } from './proofs.ts';
import { readerOf } from './reader.ts';
import { encode, type Library, prepare, startsRunc, stubOf } from './runtime.ts';
import { printProfile, type Written } from './written.ts';

/** One profile and the calls it is asked about. */
export interface Case {
  readonly profile: Written;
  readonly target: Target;
  readonly calls: readonly Call[];
}

/** What came of a case: how much was predicted, and what was predicted wrongly. */
export interface Outcome {
  /** libseccomp built the filter, something refused the profile, or the build never ended. */
  readonly end: 'built' | 'refused' | 'endless';
  /** The product made no statement on whether the profile loads. */
  readonly open: boolean;
  readonly predicted: number;
  readonly unpredictable: number;
  /** Calls that get something else than is written for them, and calls by which the product shows it. */
  readonly differing: number;
  readonly witnesses: number;
  readonly disagreements: readonly Disagreement[];
}

export interface Disagreement {
  readonly about: string;
  readonly call?: Call;
  readonly libseccomp: string;
  readonly product: string;
}

/** A machine to ask: libseccomp, and the numbers that it knows. */
export interface Oracle {
  readonly driver: Driver;
  readonly library: Library;
}

/** Asks libseccomp and the product about a case. */
export async function compare({ driver, library }: Oracle, { profile, target, calls }: Case): Promise<Outcome> {
  const parsed = parseProfile(printProfile(profile)).profile!;
  const refused = refusals(parsed, target);
  const policy = policyOf(parsed, target)!;
  const open = openSets(policy).length > 0;
  const shown = refused.length > 0 ? [] : [...witnesses(policy)];
  const asked = [...calls, ...shown.map(({ call }) => call)];
  const real = await reality(driver, profile, target, asked);
  const wrong = loading(real, refused[0]?.message, open);
  if (wrong || real.kind !== 'ok')
    return { ...nothing(real.kind), open: open && refused.length === 0, disagreements: wrong ? [wrong] : [] };
  const stub = await stubOf(profile, target, library);
  const verdicts = asked.map((call, i) => stub(call) ?? real.verdicts[i]!);
  const disagreements: Disagreement[] = [];
  const own: Answered[] = [];
  let predicted = 0;
  calls.forEach((call, i) => {
    const answer = evaluate(policy, call);
    if (answer && !isPredicted(answer)) return;
    predicted++;
    const expected = verdicts[i]!;
    const { action = 'none', errno = 1 } = answer?.outcome ?? {};
    const got = encode(action, BigInt(errno));
    if (got !== expected) disagreements.push({ about: 'verdict', call, ...inHex(expected, got) });
    if (stub(call) === undefined) own.push({ call, verdict: expected });
  });
  const read = readerOf(profile, target, library);
  const { differing, disagreements: silent } = await untold(policy, shown, own, read);
  disagreements.push(...silent, ...(await untrue(shown, verdicts.slice(calls.length), read)));
  const unpredictable = calls.length - predicted;
  return { end: 'built', open, predicted, unpredictable, differing, witnesses: shown.length, disagreements };
}

function nothing(kind: Reality['kind']): Outcome {
  const end = kind === 'timeout' ? 'endless' : kind === 'ok' ? 'built' : 'refused';
  return { end, open: false, predicted: 0, unpredictable: 0, differing: 0, witnesses: 0, disagreements: [] };
}

type Reality =
  | { readonly kind: 'ok'; readonly verdicts: readonly number[] }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'timeout' };

async function reality(driver: Driver, profile: Written, target: Target, calls: readonly Call[]): Promise<Reality> {
  const prepared = prepare(profile, target, calls);
  if ('refused' in prepared) return { kind: 'refused', why: prepared.refused };
  const built = await driver.build(prepared.build);
  if (built.kind === 'error') return { kind: 'refused', why: `${built.step} ${built.errno}` };
  if (built.kind === 'timeout') return built;
  if (built.length > 4096) return { kind: 'refused', why: 'length' };
  // runc asks for a listener as soon as a rule notifies, even for names that libseccomp does not know
  const notifies = prepared.build.rules.some((rule) => rule.action === encode('SCMP_ACT_NOTIFY', undefined));
  const deaf = startsRunc(target.runtime) && notifies && !profile.listenerPath;
  return deaf ? { kind: 'refused', why: 'listener' } : built;
}

/** A profile that loads and was said to be refused, or the reverse; an open one may do either. */
function loading(real: Reality, refused: string | undefined, open: boolean): Disagreement | undefined {
  const product = refused ?? (open ? 'open' : 'loads');
  if (real.kind === 'ok') return refused ? { about: 'loading', libseccomp: 'loads', product } : undefined;
  if (refused || open) return undefined;
  return { about: 'loading', libseccomp: real.kind === 'refused' ? real.why : 'never ends', product };
}

function inHex(expected: number, got: number): Pick<Disagreement, 'libseccomp' | 'product'> {
  return { libseccomp: expected.toString(16), product: got.toString(16) };
}
