import { type Architecture, architecture, numberOn } from '../catalog/index.ts';
import { type Policy, policyOf } from '../policy/policy.ts';
import { startupNeeds, startupSyscalls } from '../policy/startup.ts';
import { loaderOf, type Target } from '../policy/target.ts';
import { parseProfile } from '../profile/build.ts';
import { condense } from './conditions.ts';
import { related } from './names.ts';
import { notPermitted } from './permitted.ts';
import { printProfile } from './print.ts';
import { byText, type RecordedSyscall, type Recording } from './recording.ts';
import { valuedArgument } from './valued.ts';

export interface CreateOptions {
  readonly target: Target;
  /** Make conditions of the arguments that tell what a call does. */
  readonly arguments: boolean;
}

/** A profile that was made from a recording. */
export interface Created {
  readonly text: string;
  /** For whom it was made: the target, on the machine of the recording. */
  readonly target: Target;
  /** Syscalls that were not recorded and that a container needs to start. */
  readonly startup: readonly string[];
  /** Recorded names that no covered architecture has, so that they are not in the profile. */
  readonly absent: readonly string[];
  /** Recorded names that do not get through all the same: the target's libseccomp does not know them yet. */
  readonly stopped: readonly string[];
}

/**
 * Makes an allow-list of what was recorded, and, in a rule of its own, of what the runtime needs to start a container.
 * Every recorded call gets through: conditions of which that cannot be proven are left out. The text is the same for the
 * same calls.
 */
export function createProfile(recording: Recording, options: CreateOptions): Created {
  const native = nativeOf(recording, options.target);
  const target = { ...options.target, architecture: native.name };
  const covered = coveredBy(native, recording);
  const present = recording.syscalls.filter(({ name }) => existsOn(name, covered));
  const absent = recording.syscalls.map(({ name }) => name).filter((name) => !existsOn(name, covered));
  const build = (unconditional: ReadonlySet<string>): Draft => draft(present, covered, target, unconditional);
  const plain = options.arguments ? [] : present.map(({ name }) => name);
  const first = build(new Set(plain));
  const doubtful = notPermitted(first.policy, present).map(({ name }) => name);
  const { text, startup, policy } = doubtful.length > 0 ? build(new Set([...plain, ...doubtful])) : first;
  const stopped = notPermitted(policy, present).map(({ name }) => name);
  return { text, target, startup, absent: [...new Set(absent)], stopped: [...new Set(stopped)] };
}

interface Draft {
  readonly text: string;
  readonly startup: readonly string[];
  readonly policy: Policy;
}

function draft(
  syscalls: readonly RecordedSyscall[],
  covered: readonly Architecture[],
  target: Target,
  unconditional: ReadonlySet<string>,
): Draft {
  const names = covered.map(({ name }) => name);
  const bare = policyOfText(printProfile(names, []), target);
  const wanted = wantedBy(bare);
  const rules = condense(
    syscalls,
    new Set([...unconditional, ...wanted.filter((name) => isNeededWhole(name, covered))]),
  ).map((rule) => ({
    rule,
  }));
  const known = new Set(syscalls.map(({ name }) => name));
  const used = [covered[0]!, ...syscalls.map((each) => each.architecture)];
  const startup = wanted.filter((name) => !known.has(name) && existsOn(name, used));
  const comment = `Not recorded: what ${loaderOf(target)} and every program need to start and to end`;
  const text = printProfile(names, startup.length > 0 ? [...rules, { rule: { names: startup }, comment }] : rules);
  return { text, startup, policy: policyOfText(text, target) };
}

/** The text is our own: it always has a policy. */
const policyOfText = (text: string, target: Target): Policy => policyOf(parseProfile(text).profile!, target)!;

/** Made by every program some time, whether or not it happened while it was traced (`man 2 restart_syscall`). */
const ALWAYS = ['exit', 'exit_group', 'restart_syscall', 'rt_sigreturn', 'sigreturn'];

const wantedBy = (policy: Policy): readonly string[] =>
  [...new Set([...ALWAYS, ...startupSyscalls(policy), ...startupNeeds(policy).sometimes])].sort(byText);

/** The runtime calls it in ways of its own, such as `prctl` for capabilities. It enters namespaces beforehand. */
const isNeededWhole = (name: string, covered: readonly Architecture[]): boolean =>
  covered.every((each) => valuedArgument(name, each)?.mask === undefined);

const existsOn = (name: string, covered: readonly Architecture[]): boolean =>
  covered.some(({ table }) => numberOn(name, table) !== undefined);

/** The target's architecture, unless nothing was recorded that can run there; then the one of most calls. */
export function nativeOf({ syscalls }: Recording, target: Target): Architecture {
  const own = architecture(target.architecture)!;
  const machine = related(own);
  if (syscalls.length === 0 || syscalls.some((each) => machine.includes(each.architecture))) return own;
  const calls = new Map<Architecture, number>();
  for (const each of syscalls) calls.set(each.architecture, (calls.get(each.architecture) ?? 0) + each.calls);
  const guests = new Set([...calls.keys()].flatMap(({ companions }) => companions));
  for (const each of calls.keys()) if (guests.has(each.name) && calls.size > 1) calls.delete(each);
  const [most] = [...calls].sort(([a, m], [b, n]) => n - m || byText(a.name, b.name));
  return most![0];
}

/** The native architecture with its companions, and others that were recorded. */
function coveredBy(native: Architecture, { syscalls }: Recording): readonly Architecture[] {
  const recorded = syscalls.map(({ architecture: each }) => each).sort((a, b) => byText(a.name, b.name));
  return [...new Set([...related(native), ...recorded])];
}
