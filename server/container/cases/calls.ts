import { type Architecture, numberOn } from '../../src/catalog/index.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { type Possible, possibleFor } from '../../src/policy/possible.ts';
import { permits } from '../../src/policy/resolve.ts';
import { type GivenCall, parseCall } from '../../src/policy/strace.ts';
import type { Result } from '../measure.ts';
import { type Probe, probesFor } from '../probe/calls.ts';
import { NEVER_PROBED } from '../probe/unsafe.ts';
import { isInstrumented } from './instrument.ts';

/** A call that a case asks about, with the tries that answer it: positions in the list of all probes. */
export interface AskedCall {
  readonly text: string;
  readonly call: GivenCall;
  readonly probes: readonly number[];
}

/** All calls of some cases, each once, and the probes for them. */
export interface Questions {
  readonly asked: ReadonlyMap<string, AskedCall>;
  readonly probes: readonly Probe[];
}

/** What a profile does with a call. */
export type CallAnswer =
  | {
      readonly kind: 'denied' | 'allowed';
      /** `profile`: it was not tried, or looks the same either way, so the profile itself was asked. */
      readonly source: 'container' | 'profile';
    }
  /** It depends on arguments that were not given, or cannot be foretold; in words. */
  | { readonly kind: 'open'; readonly why: string };

/** Prepares the tries for calls; what cannot be read is left out, a problem of the file says so. */
export function questionsOf(texts: Iterable<string>, architecture: Architecture): Questions {
  const probes: Probe[] = [];
  const asked = new Map<string, AskedCall>();
  for (const text of new Set(texts)) {
    const call = parseCall(text, architecture);
    if ('error' in call) continue;
    const own = triesOf(call, architecture);
    asked.set(text, { text, call, probes: own.map((_, i) => probes.length + i) });
    probes.push(...own);
  }
  return { asked, probes };
}

/** A bare name is tried as always; a call with its arguments, and with -1 for what lies in a program's memory. */
function triesOf({ name, args }: GivenCall, { table }: Architecture): readonly Probe[] {
  const numbers = probesFor([name], (each) => numberOn(each, table));
  const [first] = numbers;
  if (args.length === 0 || !first) return numbers;
  return [{ name, nr: first.nr, args: args.map((value) => value ?? -1) }];
}

/** Results of all probes under the instrumented profile and without a profile; undefined where one was not reached. */
export interface Measurements {
  readonly underProfile: readonly (Result | undefined)[];
  readonly unconfined: readonly (Result | undefined)[];
}

/**
 * Whether a call is denied, by what the container gave. The profile is asked where that does not tell: for calls that are
 * never tried, and where the kernel answers what the default action of an engine would.
 */
export function answerOf(
  { call, probes }: AskedCall,
  { underProfile, unconfined }: Measurements,
  policy: Policy,
  architecture: Architecture,
): CallAnswer {
  const possible = possibleFor(policy, call, architecture);
  if (!possible) return { kind: 'open', why: `${architecture.name} has no such syscall` };
  if (!isList(possible)) {
    // arguments that are all given leave nothing to foretell: the kernel has answered
    if (call.args.length === 0 || call.args.includes(undefined)) return { kind: 'open', why: possible.why };
  } else if (new Set(possible.map(isDenied)).size > 1) return { kind: 'open', why: DEPENDS };
  const predicted = isList(possible) ? possible[0] : undefined;
  const found = probes.map((i) => deniedBy(underProfile[i], unconfined[i], policy));
  const measured = new Set(found.filter((denied) => denied !== undefined));
  if (measured.size > 1) return { kind: 'open', why: DEPENDS };
  const [denied] = measured;
  if (denied !== undefined) return { kind: denied ? 'denied' : 'allowed', source: 'container' };
  if (!predicted) return { kind: 'open', why: 'it could not be tried' };
  return { kind: isDenied(predicted) ? 'denied' : 'allowed', source: 'profile' };
}

const DEPENDS = 'it depends on the arguments: write the call with them, as strace prints it';

const isList = <T>(value: readonly T[] | object): value is readonly T[] => Array.isArray(value);
const isDenied = ({ decision }: Possible): boolean => !permits(decision.outcome);

/** EPERM is what Docker before 23.0 answers by default whatever `defaultErrnoRet` says, ENOSYS what runc's stub answers. */
const PLAIN: ReadonlySet<number> = new Set([1, 38]);

/** Undefined where the results don't tell. */
function deniedBy(mine: Result | undefined, natural: Result | undefined, { resolved }: Policy): boolean | undefined {
  if (!mine) return undefined;
  if (mine.kind === 'errno' && isInstrumented(mine.errno)) return true;
  if (mine.kind === 'killed') return natural?.kind === 'killed' ? undefined : true;
  const byDefault = !permits(resolved.default!) && mine.kind === 'errno' && PLAIN.has(mine.errno);
  if (!byDefault) return false;
  return !natural || (natural.kind === 'errno' && natural.errno === mine.errno) ? undefined : true;
}

/** Why a call is not tried; undefined for calls that are. */
export const neverTried = ({ call }: AskedCall): string | undefined => NEVER_PROBED.get(call.name);
