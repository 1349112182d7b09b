import { type Architecture, syscallNames } from '../../catalog/index.ts';
import { type GivenCall, parseCall } from '../../policy/strace.ts';
import type { CallExpectation, CaseProblem, CasesDocument, TestCase } from '../model.ts';
import { error, guess } from './problem.ts';

/** Calls that cannot be read, and calls that are expected to be both denied and allowed. */
export function callProblems(
  { cases }: CasesDocument,
  { architecture }: { readonly architecture: Architecture },
): readonly CaseProblem[] {
  return cases.flatMap((each) => [...unreadable(each, architecture), ...contradictions(each, architecture)]);
}

function unreadable({ expect }: TestCase, architecture: Architecture): readonly CaseProblem[] {
  return expect.calls.flatMap(({ call }) => {
    const parsed = parseCall(call.value, architecture);
    if (call.value === '' || !('error' in parsed)) return [];
    const bare = /^\w+$/.test(call.value);
    const { fixes } = bare ? guess(call.value, syscallNames(), call) : { fixes: [] };
    return [error('unknown-call', call, parsed.error.replace(/([^.?])$/, '$1.'), fixes)];
  });
}

interface Read {
  readonly call: GivenCall;
  readonly expectation: CallExpectation;
}

function contradictions({ expect }: TestCase, architecture: Architecture): readonly CaseProblem[] {
  const read = expect.calls.flatMap((expectation): readonly Read[] => {
    const call = parseCall(expectation.call.value, architecture);
    return 'error' in call ? [] : [{ call, expectation }];
  });
  return read.flatMap(({ call, expectation }, i) => {
    const other = read
      .slice(0, i)
      .find((earlier) => earlier.expectation.wanted !== expectation.wanted && overlap(earlier.call, call));
    if (!other) return [];
    const { value } = other.expectation.call;
    const message = `"${value}" is expected to be ${other.expectation.wanted}, so this cannot be ${expectation.wanted}.`;
    return [error('contradiction', expectation.call, message)];
  });
}

/** Whether every call that one stands for is one that the other stands for; a bare name stands for all of its calls. */
function overlap(a: GivenCall, b: GivenCall): boolean {
  if (a.name !== b.name) return false;
  return a.args.length === 0 || b.args.length === 0 || String(a.args) === String(b.args);
}
