import type { Analysis } from '../checks/analyse.ts';
import type { Policy } from '../policy/policy.ts';
import { againstDefault, againstDefaultInWords } from '../policy/summary.ts';
import { dialectOf } from '../policy/target.ts';
import { COMPARE_COMMAND, TABLE_COMMAND } from '../protocol.ts';
import type { Span } from '../syntax/tree.ts';
import { totalsInWords, totalsOf } from './totals.ts';

/** Runs the profile in a container. Its argument is the document's address. */
export const TEST_COMMAND = 'seccomp.testInContainer';

/** A line above a place in the text that runs a command when clicked; without command it only tells. */
export interface Lens {
  readonly span: Span;
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/**
 * The lenses above a profile: test it in a container, what it comes to, and how that differs from what its engine does by
 * default. Empty where the file is no profile.
 */
export function lenses({ document, policy, target }: Analysis, uri: string): readonly Lens[] {
  const { profile } = document;
  if (!profile) return [];
  const { start } = profile.view.node;
  const engine = dialectOf(target.runtime) === 'podman' ? 'podman' : 'docker';
  const lens = (title: string, command: string, ...more: readonly string[]): Lens => ({
    span: { start, end: start + 1 },
    title,
    command,
    arguments: [uri, ...more],
  });
  const test = lens(`Test in ${ENGINES[engine]}`, TEST_COMMAND);
  if (!policy) return [test];
  return [
    test,
    lens(totalsInWords(totalsOf(policy)), TABLE_COMMAND),
    lens(differenceInWords(policy, engine), COMPARE_COMMAND, engine),
  ];
}

const ENGINES = { docker: 'Docker', podman: 'Podman' } as const;

function differenceInWords(policy: Policy, engine: keyof typeof ENGINES): string {
  const words = againstDefaultInWords(policy, engine);
  if (words) return words;
  const { length } = againstDefault(policy, engine).syscalls;
  const whose = `${ENGINES[engine]}'s default`;
  return length === 0 ? `same as ${whose}` : `${length} different from ${whose}`;
}
