import { type Call, evaluate, isPredicted } from '../src/policy/evaluate.ts';
import type { Policy } from '../src/policy/policy.ts';
import { Failure } from './failure.ts';
import type { Source } from './io.ts';
import { readArchitecture } from './target.ts';
import { type ActionForJson, actionForJson } from './verdicts.ts';

/** What one call gets, or why that cannot be told. */
export type BulkAnswer = ActionForJson | { readonly unpredictable: string };

/** Exact verdicts in the order of the calls. */
export function answerCalls(policy: Policy, calls: readonly Call[]): readonly BulkAnswer[] {
  return calls.map((call) => {
    // the architecture was read from the same catalogue
    const answer = evaluate(policy, call)!;
    return isPredicted(answer) ? actionForJson(policy, answer) : { unpredictable: answer.why };
  });
}

/** Reads `[{"arch": "x86_64", "nr": 41, "args": ["0x26", ...]}, ...]`; names the first entry that is not so. */
export function readCalls({ name, text }: Source): readonly Call[] {
  const list = parse(name, text);
  if (!Array.isArray(list)) throw new Failure(`${name} must hold a JSON array of calls.`);
  const architectures = new Map<string, string>();
  return list.map((entry: unknown, index) => readCall(entry, `${name}, entry ${index}`, architectures));
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`${name} is not JSON: ${(error as Error).message}.`);
  }
}

function readCall(entry: unknown, where: string, known: Map<string, string>): Call {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new Failure(`${where}: an object with "arch", "nr" and "args" is wanted.`);
  const { arch, nr, args } = entry as Readonly<Record<string, unknown>>;
  if (typeof arch !== 'string') throw new Failure(`${where}: "arch" must be a text such as "x86_64".`);
  const architecture = known.get(arch) ?? readArchitecture(arch, where);
  known.set(arch, architecture);
  if (!Array.isArray(args) || args.length !== 6) throw new Failure(`${where}: "args" must be a list of six values.`);
  return { architecture, number: readNumber(nr, where), args: args.map((value, i) => readArgument(value, i, where)) };
}

/** Negative numbers are what the kernel shows the filter of them: 32 bits without a sign. */
function readNumber(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32)
    return value >>> 0;
  throw new Failure(`${where}: "nr" must be a whole number of 32 bits.`);
}

const MOST = 2n ** 64n;

function readArgument(value: unknown, index: number, where: string): bigint {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === 'string' && /^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) {
    const number = BigInt(text);
    if (number < MOST) return number;
  }
  throw new Failure(`${where}: argument ${index} must be a text such as "0x26", from 0 to 0xffffffffffffffff.`);
}
