import type { Term } from './types.ts';

/** Source: runc `libcontainer/seccomp/config.go`; comparisons are unsigned (libseccomp, seccomp_rule_add(3)). */
const table: readonly Term[] = [
  { name: 'SCMP_CMP_NE', doc: 'Holds when the argument is not equal to `value`.' },
  { name: 'SCMP_CMP_LT', doc: 'Holds when the argument is less than `value`, both taken as unsigned.' },
  { name: 'SCMP_CMP_LE', doc: 'Holds when the argument is less than or equal to `value`, both taken as unsigned.' },
  { name: 'SCMP_CMP_EQ', doc: 'Holds when the argument is equal to `value`.' },
  { name: 'SCMP_CMP_GE', doc: 'Holds when the argument is greater than or equal to `value`, both taken as unsigned.' },
  { name: 'SCMP_CMP_GT', doc: 'Holds when the argument is greater than `value`, both taken as unsigned.' },
  {
    name: 'SCMP_CMP_MASKED_EQ',
    doc: 'Holds when the bits of the argument that `value` selects are those of `valueTwo`: `(argument & value) == (valueTwo & value)`.',
  },
];

const byName = new Map(table.map((term) => [term.name, term]));

/** The seven comparison operators. */
export function operators(): readonly Term[] {
  return table;
}

/** An operator by its exact name. */
export function operator(name: string): Term | undefined {
  return byName.get(name);
}
