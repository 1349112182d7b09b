/** A profile as written, numbers exact. */
export interface Written {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: bigint;
  readonly defaultErrno?: string;
  readonly architectures?: readonly string[];
  readonly archMap?: readonly { readonly architecture: string; readonly subArchitectures?: readonly string[] | null }[];
  readonly listenerPath?: string;
  readonly syscalls: readonly WrittenRule[];
}

export interface WrittenRule {
  readonly names?: readonly string[];
  readonly name?: string;
  readonly action: string;
  readonly errnoRet?: bigint;
  readonly errno?: string;
  readonly args?: readonly WrittenCondition[] | null;
  readonly includes?: WrittenFilter;
  readonly excludes?: WrittenFilter;
}

export interface WrittenCondition {
  readonly index: bigint;
  readonly value: bigint;
  readonly valueTwo?: bigint;
  readonly op: string;
}

export interface WrittenFilter {
  readonly caps?: readonly string[];
  readonly arches?: readonly string[];
  readonly minKernel?: string;
}

/** JSON with big integers printed in full. */
export function printProfile(profile: Written): string {
  return print(profile);
}

function print(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(print).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${print(member)}`).join(',')}}`;
}

const INTEGERS = new Set(['defaultErrnoRet', 'errnoRet', 'index', 'value', 'valueTwo']);

/** Reads a profile; throws for a number that a double does not hold exactly, since it would be read wrongly. */
export function readProfile(text: string): Written {
  return JSON.parse(text, (key, value) => {
    if (!INTEGERS.has(key) || typeof value !== 'number') return value;
    if (!Number.isSafeInteger(value)) throw new Error(`${key} ${value} is not exact`);
    return BigInt(value);
  });
}
