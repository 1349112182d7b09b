import { type Architecture, syscallNames } from '../../catalog/index.ts';
import { type GivenCall, parseCall } from '../../policy/strace.ts';
import type { CaseProblem, CasesDocument, TestCase } from '../model.ts';
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

function contradictions({ expect }: TestCase, architecture: Architecture): readonly CaseProblem[] {
  const first = new Map<string, number>();
  return expect.calls.flatMap(({ call, wanted }, i) => {
    const parsed = parseCall(call.value, architecture);
    if ('error' in parsed) return [];
    const { own, alike } = meanings(parsed);
    for (const meaning of own) if (!first.has(wanted + meaning)) first.set(wanted + meaning, i);
    const opposite = wanted === 'denied' ? 'allowed' : 'denied';
    const other = Math.min(...alike.map((meaning) => first.get(opposite + meaning) ?? Infinity));
    if (other === Infinity) return [];
    const { value } = expect.calls[other]!.call;
    const message = `"${value}" is expected to be ${opposite}, so this cannot be ${wanted}.`;
    return [error('contradiction', call, message)];
  });
}

/**
 * What a call is found by, and by which it finds others for which every call that one stands for is one that the other stands
 * for: a bare name stands for all of its calls.
 */
function meanings({ name, args }: GivenCall): { readonly own: readonly string[]; readonly alike: readonly string[] } {
  const bare = `${name} bare`;
  const exact = args.length === 0 ? bare : `${name}(${args})`;
  return { own: [name, exact], alike: args.length === 0 ? [name] : [bare, exact] };
}
