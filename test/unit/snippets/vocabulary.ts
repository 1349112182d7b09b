/** A rule as strict JSON leaves it; what a test does not look at is left out. */
export interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly args?: readonly Condition[];
  readonly errnoRet?: number;
  readonly includes?: object;
  readonly excludes?: object;
}

export interface Condition {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}

export interface Profile {
  readonly defaultAction: string;
  readonly architectures?: readonly string[];
  readonly archMap?: readonly { readonly architecture: string; readonly subArchitectures: readonly string[] }[];
  readonly syscalls: readonly Rule[];
}

const words = (prefix: string, list: string) => list.split(' ').map((word) => prefix + word);

const known: ReadonlySet<string> = new Set([
  ...words('SCMP_ACT_', 'KILL KILL_THREAD KILL_PROCESS TRAP ERRNO TRACE ALLOW LOG NOTIFY'),
  ...words('SCMP_CMP_', 'NE LT LE EQ GE GT MASKED_EQ'),
  ...words('SCMP_ARCH_', 'X86_64 X86 X32 AARCH64 ARM RISCV64 S390X S390 PPC64LE LOONGARCH64'),
]);

/** Strings of a JSON text that look like a term of the format and are none. */
export function unknownTerms(text: string): string[] {
  return [...text.matchAll(/"(SCMP_\w*)"/g)].map(([, term = '']) => term).filter((term) => !known.has(term));
}

/** What is wrong with a profile beyond its JSON, in words; empty when it is sound. */
export function defects(profile: Profile): string[] {
  return [
    ...(known.has(profile.defaultAction) ? [] : ['defaultAction']),
    ...(profile.architectures && profile.archMap ? ['architectures together with archMap'] : []),
    ...profile.syscalls.flatMap(ruleDefects),
    ...repeated(profile.syscalls.filter(always).flatMap((rule) => rule.names)),
  ];
}

/** The rule holds for every call on every host. */
export function always(rule: Rule): boolean {
  return !rule.args && !rule.includes && !rule.excludes;
}

function ruleDefects(rule: Rule): string[] {
  const indexes = (rule.args ?? []).map((arg) => String(arg.index));
  return [
    ...(rule.names.length > 0 ? [] : ['a rule without names']),
    ...(known.has(rule.action) ? [] : [`action ${rule.action}`]),
    ...(rule.errnoRet === undefined || rule.action === 'SCMP_ACT_ERRNO' ? [] : [`errnoRet with ${rule.action}`]),
    ...repeated(indexes).map((index) => `index ${index}`),
    ...(rule.args ?? []).filter((arg) => !sound(arg)).map((arg) => `condition ${JSON.stringify(arg)}`),
  ];
}

/** valueTwo stands with MASKED_EQ alone, and sets no bit that the mask leaves out. */
function sound({ index, value, valueTwo, op }: Condition): boolean {
  const masked = op === 'SCMP_CMP_MASKED_EQ';
  const within = valueTwo === undefined || (BigInt(valueTwo) & ~BigInt(value)) === 0n;
  return known.has(op) && index >= 0 && index < 6 && masked === (valueTwo !== undefined) && within;
}

function repeated(list: readonly string[]): string[] {
  return list.filter((item, at) => list.indexOf(item) !== at).map((item) => `${item} twice`);
}
