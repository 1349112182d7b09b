import { action, actions, capabilities, flags, operators, syscall, type Term } from '../../catalog/index.ts';
import type { Analysis } from '../../checks/analyse.ts';
import { compareVersions, loaderOf } from '../../policy/target.ts';
import type { Cursor } from '../context.ts';
import { firstSentence, namesAt, othersThan, ruleAt, scopeOf } from './surroundings.ts';
import type { Candidate, Candidates, CompletionSource } from './types.ts';

const DENY_FIRST = ['ERRNO', 'KILL_PROCESS', 'LOG', 'ALLOW', 'TRAP', 'NOTIFY', 'TRACE', 'KILL_THREAD', 'KILL'];
const ALLOW_FIRST = ['ALLOW', 'LOG', 'ERRNO', 'KILL_PROCESS', 'TRAP', 'NOTIFY', 'TRACE', 'KILL_THREAD', 'KILL'];

/**
 * The actions in the order in which they are likely meant: a rule most often does the opposite of the default, and a
 * default most often denies.
 */
export function actionNames(analysis: Analysis, of: 'default' | 'rule'): readonly string[] {
  const written = analysis.document.profile?.defaultAction?.value;
  const permits = written !== undefined && action(written)?.permits;
  const order = of === 'rule' && !permits ? ALLOW_FIRST : DENY_FIRST;
  const known = new Set(actions().map((term) => term.name));
  return order.map((short) => `SCMP_ACT_${short}`).filter((name) => known.has(name));
}

export function actionCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const names = actionNames(analysis, scopeOf(cursor, 'rule') ? 'rule' : 'default');
  return constants(
    'action',
    names.flatMap((name) => action(name) ?? []),
    { prefix: 'SCMP_ACT_' },
  );
}

export function operatorCandidates(): Candidates {
  return constants('operator', operatorTerms(), { prefix: 'SCMP_CMP_' });
}

/** The operators, the two that profiles mostly use first. */
export function operatorTerms(): readonly Term[] {
  const common = ['SCMP_CMP_EQ', 'SCMP_CMP_MASKED_EQ'];
  const rest = operators().filter((term) => !common.includes(term.name));
  return [...common.flatMap((name) => operators().filter((term) => term.name === name)), ...rest];
}

/** The flags; those that the target's runc may not know yet come last. */
export function flagCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const present = othersThan(cursor.token, analysis.document.profile?.flags ?? []);
  const late = (name: string): boolean => {
    const flag = flags().find((candidate) => candidate.name === name);
    return loaderOf(analysis.target) === 'runc' && compareVersions(flag?.runc ?? '0', '1.2.0') > 0;
  };
  return constants('flag', flags(), {
    prefix: 'SECCOMP_FILTER_FLAG_',
    rank: (name) => `${present.has(name) ? 1 : 0}${late(name) ? 1 : 0}`,
  });
}

/** The capabilities: those that the rule's syscalls ask for first. */
export function capabilityCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const rule = ruleAt(analysis, cursor);
  const filter = [rule?.includes, rule?.excludes].find(
    (candidate) => candidate?.view.node === scopeOf(cursor, 'filter'),
  );
  const present = othersThan(cursor.token, filter?.caps ?? []);
  const needed = new Set(namesAt(analysis, cursor).flatMap((name) => syscall(name)?.capabilities ?? []));
  return constants('capability', capabilities(), {
    prefix: 'CAP_',
    rank: (name) => `${present.has(name) ? 1 : 0}${needed.has(name) ? 0 : 1}`,
  });
}

interface Ranking {
  readonly prefix: string;
  readonly rank?: (name: string) => string;
}

function constants(source: CompletionSource, terms: readonly Term[], { prefix, rank }: Ranking): Candidates {
  const list = terms.map((term): Candidate => {
    return { label: term.name, detail: firstSentence(term.doc), rank: rank?.(term.name) ?? '', prefix };
  });
  return { source, kind: 'constant', quoted: true, list };
}
