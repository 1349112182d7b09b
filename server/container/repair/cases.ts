import type { TestCase } from '../../src/cases/model.ts';
import { mountsOf, type Workspace } from '../cases/mounts.ts';
import { caseOptions, type ResolvedMount } from '../cases/options.ts';
import { type CaseRun, runCase } from '../cases/run-case.ts';
import { addProbeImage } from '../measure.ts';
import type { Attempt, Criterion, Program } from './criterion.ts';
import type { SearchRequest } from './request.ts';
import type { Stand } from './stand.ts';

/**
 * A search until test cases pass: the programs of all of them, with status 0 where a case does not say. What a case expects of
 * single calls is not tried but kept to: what it says is denied is not allowed, and what it says is allowed is not dropped.
 */
export function casesSearch(
  cases: readonly TestCase[],
  workspace: Workspace,
): Required<Pick<SearchRequest, 'criterion' | 'variants' | 'avoid' | 'keep'>> {
  const expected = (wanted: 'denied' | 'allowed') =>
    cases
      .flatMap(({ expect }) => expect.calls)
      .flatMap((each) => (each.wanted === wanted ? nameIn(each.call.value) : []));
  return {
    criterion: casesCriterion(cases, workspace),
    variants: cases.map((testCase) => caseOptions(testCase, [])),
    avoid: expected('denied'),
    keep: expected('allowed'),
  };
}

/** The name of a call as strace prints it, or a bare name. */
const nameIn = (call: string): readonly string[] => /\w+/.exec(call) ?? [];

/** Yields why a case cannot be run. */
const casesCriterion =
  (cases: readonly TestCase[], workspace: Workspace) =>
  async (stand: Stand): Promise<Criterion | string> => {
    const { bench } = stand;
    const { probeArch, machine } = bench.engine;
    if (!probeArch) return `There is no probe program for a machine of type ${machine}.`;
    const trouble = cases.some(({ image }) => image === undefined) && (await addProbeImage(bench, probeArch, []));
    if (typeof trouble === 'string') return trouble;
    const parts: Criterion[] = [];
    for (const testCase of cases) {
      const mounts = await mountsOf(testCase, bench.engine, workspace);
      if (typeof mounts === 'string') return `${testCase.name.value}: ${mounts}`;
      parts.push(caseCriterion(stand, testCase, mounts));
    }
    return allOf(parts);
  };

function caseCriterion(stand: Stand, testCase: TestCase, mounts: readonly ResolvedMount[]): Criterion {
  const passing = withStatus(testCase);
  return {
    label: testCase.name.value,
    programs: programsOf(testCase, mounts),
    passes: async (seccomp, signal) => {
      const from = Date.now();
      const id = `try-${stand.next()}`;
      const run = await runCase({ ...stand.bench, signal }, passing, seccomp, { id, mounts });
      return { ...attemptOf(run), durationMs: Date.now() - from };
    },
  };
}

/** A case that says nothing of the exit status passes with any; a program that needs a repair does not. */
function withStatus(testCase: TestCase): TestCase {
  const { name, expect } = testCase;
  const { exit = { start: name.start, end: name.end, value: 0 } } = expect;
  return { ...testCase, expect: { ...expect, exit } };
}

function programsOf(testCase: TestCase, mounts: readonly ResolvedMount[]): readonly Program[] {
  const { image, command, network } = testCase;
  return image === undefined ? [] : [{ image, command, network, options: caseOptions(testCase, mounts) }];
}

function attemptOf(run: CaseRun): Omit<Attempt, 'durationMs'> {
  switch (run.kind) {
    case 'passed':
      return { passed: true, started: true, what: 'passed', output: run.ran.stdout };
    case 'failed': {
      const output = run.ran ? [run.ran.stdout, run.ran.stderr].filter(Boolean).join('\n') : (run.output ?? '');
      const what = run.failures.map(({ message }) => message.replace(/\.$/, '')).join('; ');
      return { passed: false, started: true, what, output };
    }
    case 'errored':
      return { passed: false, started: false, what: run.message, output: run.raw };
  }
}

/** Passes where all of several do. The one that failed last is tried first: it is the most likely to fail again. */
function allOf(criteria: readonly Criterion[]): Criterion {
  let order = criteria;
  return {
    label: criteria.map(({ label }) => label).join(', '),
    programs: criteria.flatMap(({ programs }) => programs),
    async passes(seccomp, signal) {
      let durationMs = 0;
      for (const criterion of order) {
        const attempt = await criterion.passes(seccomp, signal);
        durationMs += attempt.durationMs;
        if (attempt.passed) continue;
        order = [criterion, ...criteria.filter((each) => each !== criterion)];
        return { ...attempt, what: `${criterion.label}: ${attempt.what}`, durationMs };
      }
      return { passed: true, started: true, what: 'all passed', output: '', durationMs };
    },
  };
}
