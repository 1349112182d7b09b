import {
  type Argument,
  argumentsOn,
  decoder,
  describeValue,
  errnos,
  type NamedValue,
  syscall,
} from '../../catalog/index.ts';
import type { Analysis } from '../../checks/analyse.ts';
import { compareVersions } from '../../policy/target.ts';
import type { Cursor } from '../context.ts';
import { conditionAt, firstSentence, namesAt, nativeTable, ruleAt } from './surroundings.ts';
import type { Candidate, Candidates } from './types.ts';

/** What filters mostly return: denied, not there, not supported. */
const COMMON_ERRNOS = ['EPERM', 'ENOSYS', 'EACCES', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOENT'];

/** Errors by name: the number is what is written, except in Podman's text keys. */
export function errnoCandidates(form: 'number' | 'name'): Candidates {
  const list = errnos().map((errno): Candidate => {
    const common = COMMON_ERRNOS.indexOf(errno.name);
    return {
      label: errno.name,
      ...(form === 'number' && { value: String(errno.number) }),
      detail: `${errno.number} ${firstSentence(errno.doc)}`,
      rank: common === -1 ? `1${String(errno.number).padStart(4, '0')}` : `0${common}`,
      alias: String(errno.number),
    };
  });
  return { source: 'errno', kind: 'constant', quoted: form === 'name', list };
}

const REGISTERS = 6;

/** The arguments of the rule's syscalls by position and name: `0 domain`; what no condition tests yet comes first. */
export function argumentCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const signatures = signaturesAt(analysis, cursor);
  const own = conditionAt(analysis, cursor);
  const tested = new Set(
    (ruleAt(analysis, cursor)?.conditions ?? []).flatMap((other) =>
      other === own ? [] : Number(other.index?.value ?? 0n),
    ),
  );
  const count = Math.max(0, ...signatures.map((signature) => signature.length)) || REGISTERS;
  const list = Array.from({ length: count }, (_, index): Candidate => {
    const args = signatures.flatMap((signature) => signature[index] ?? []);
    const useless = args.length > 0 && args.every((argument) => argument.pointer);
    return {
      label: [
        index,
        distinct(args.map((argument) => argument.name))
          .slice(0, 3)
          .join('/'),
      ]
        .join(' ')
        .trim(),
      value: String(index),
      detail: argumentDetail(args, useless),
      rank: `${tested.has(index) ? 1 : 0}${useless ? 1 : 0}${index}`,
    };
  });
  return { source: 'argument', kind: 'number', quoted: false, list };
}

function argumentDetail(args: readonly Argument[], useless: boolean): string {
  const types = distinct(args.map((argument) => argument.type)).join(' or ');
  return useless ? `${types}: a filter sees only the address` : types;
}

/** The values that the tested argument can take, by name; the decimal number is what is written. */
export function valueCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const table = nativeTable(analysis);
  const index = Number(conditionAt(analysis, cursor)?.index?.value ?? 0n);
  const decoders = distinct(signaturesAt(analysis, cursor).flatMap((signature) => signature[index]?.decoder ?? []));
  const named = decoders.flatMap((id) => decoder(id, table)?.values ?? []);
  const list = [...maskedCandidates(analysis, cursor, decoders), ...uniqueValues(named).map(valueCandidate)];
  return { source: 'value', kind: 'constant', quoted: false, list, decoders };
}

/** Values that are worth a sentence come first. */
function valueCandidate({ name, value, text }: NamedValue): Candidate {
  const number = String(value);
  const detail = text ? `${number} ${firstSentence(text)}` : number;
  return { label: name, value: number, detail, rank: text ? '1' : '2', alias: number };
}

/** For `valueTwo`: all bits of the mask, or none of them. */
function maskedCandidates(analysis: Analysis, cursor: Cursor, decoders: readonly string[]): readonly Candidate[] {
  const mask = conditionAt(analysis, cursor)?.value?.value;
  if (cursor.slot.kind !== 'value' || cursor.slot.key !== 'valueTwo' || !mask) return [];
  const words = decoders.map((id) => describeValue(id, mask, nativeTable(analysis))).find((text) => text !== '');
  return [
    { label: '0', detail: `none of ${words ?? 'the bits of the mask'}`, rank: '00' },
    { label: String(mask), detail: `all of ${words ?? 'the bits of the mask'}`, rank: '01' },
  ];
}

function signaturesAt(analysis: Analysis, cursor: Cursor): readonly (readonly Argument[])[] {
  const table = nativeTable(analysis);
  return distinct(namesAt(analysis, cursor)).flatMap((name) => {
    const args = argumentsOn(name, table);
    return args ? [args] : [];
  });
}

function uniqueValues(values: readonly NamedValue[]): readonly NamedValue[] {
  return [...new Map(values.map((value) => [`${value.name} ${value.value}`, value])).values()];
}

/** Long-term kernel releases that hosts run. */
const LONG_TERM = ['4.14', '4.19', '5.4', '5.10', '5.15', '6.1', '6.6', '6.12'];

/** Kernel releases that a rule is likely to wait for: where its syscalls appeared, where ptrace became safe to allow. */
export function kernelCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const reasons = new Map(LONG_TERM.map((release) => [release, 'long-term release']));
  reasons.set('4.8', 'a tracer cannot get around the filter any more');
  const first = new Map<string, string[]>();
  for (const name of namesAt(analysis, cursor)) {
    const release = syscall(name)?.kernel;
    if (release && compareVersions(release, '3.0') >= 0) first.set(release, [...(first.get(release) ?? []), name]);
  }
  for (const [release, names] of first) reasons.set(release, `first with ${names.slice(0, 3).join(', ')}`);
  const releases = [...reasons].sort(([a], [b]) => compareVersions(a, b));
  const list = releases.map(([label, detail], i): Candidate => {
    return { label, detail, rank: `${first.has(label) || label === '4.8' ? 0 : 1}${String(i).padStart(2, '0')}` };
  });
  return { source: 'kernelVersion', kind: 'constant', quoted: true, list };
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
