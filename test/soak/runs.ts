import type { VerifyRequest } from '../../server/container/index.ts';
import type { TestEngine } from '../container/engine-setup.ts';
import { call, loadImage } from '../container/user-image.ts';
import { random } from '../differential/random.ts';

/** How a run ends. */
export type End = 'by itself' | 'cancelled' | 'killed';

/** One verification of a soak, and when it is interrupted. */
export interface Run {
  readonly request: VerifyRequest;
  readonly end: End;
  /** Milliseconds until it is cancelled or killed: some come too late. */
  readonly after: number;
}

/** In turn, so that a short soak meets all. */
const ENDS: readonly End[] = ['by itself', 'killed', 'by itself', 'cancelled', 'by itself'];

/** Programs of a user's: one that ends, and one that never does. */
const IMAGES = { ends: 'sp-soak:ends', hangs: 'sp-soak:hangs' };

const PROFILES: readonly object[] = [
  { defaultAction: 'SCMP_ACT_ALLOW' },
  { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO' }] },
  { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['ptrace'], action: 'SCMP_ACT_KILL_PROCESS' }] },
  // no container starts under these
  { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['execve'], action: 'SCMP_ACT_ERRNO' }] },
  { defaultAction: 'SCMP_ACT_NONE' },
];

/** Longer than most verifications take, so that every stage is met. */
const LATEST_MS = 3000;

export async function addImages(env: TestEngine['env']): Promise<void> {
  await loadImage(env, IMAGES.ends, [call('getpid')]);
  await loadImage(env, IMAGES.hangs, [call('ppoll', 0, 0, 0, 0, 0)]);
}

/** The run with a number: the same for the same seed. */
export function runOf(seed: number, number: number, env: TestEngine['env']): Run {
  const numbers = random(seed + number);
  const end = ENDS[number % ENDS.length]!;
  const image = numbers.chance(0.5) ? undefined : end === 'by itself' ? IMAGES.ends : IMAGES.hangs;
  const profile = numbers.pick(PROFILES);
  const after = numbers.below(LATEST_MS);
  // the first of each kind cannot end before it is interrupted
  const sure = end !== 'by itself' && number < ENDS.length;
  const program = sure ? { profile: PROFILES[0], image: IMAGES.hangs } : { profile, image };
  const text = JSON.stringify(program.profile);
  return { request: { engine: { kind: 'docker', env }, image: program.image, profile: { text } }, end, after };
}
