import { isSyscall } from '../../catalog/index.ts';
import { arrayOf, type Rule, ruleNames, type Text } from '../../profile/model.ts';
import type { Check, CheckContext, Edit, Finding, Fix } from '../check.ts';
import { isItem, removeItems, replaceNode } from '../edits.ts';
import { listName, removeName } from '../policy/names.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine, quote } from '../text/words.ts';
import { consequence, isLibcFunction, meantSyscalls } from './syscall-names.ts';

export const unknownSyscall: Check = {
  code: 'unknown-syscall',
  severity: 'warning',
  scope: 'rule',
  summary: 'No architecture has a syscall of that name; the engine drops it in silence.',
  explanation: `libseccomp looks up every name of a rule, and runc and crun drop one that it does not know without a word (runc:
\`libcontainer/seccomp/seccomp_linux.go\`, measured). In an allow-list the call that was meant stays denied; **in a deny-list
it stays open**. Names are in lower case, without blanks, and there are no patterns.

Often the name is that of a libc function: \`pread\` is the syscall \`pread64\`, \`wait3\` is \`wait4\`. For a syscall that only
newer releases of libseccomp know, see \`syscall-too-new\`.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf", "swapof"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf", "swapoff"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (isFragmentary(context.document)) return;
    for (const rule of context.rules) {
      for (const name of ruleNames(rule)) {
        if (name.value === '' || !name.node.closed || isSyscall(name.value)) continue;
        yield unknown(context, rule, name);
      }
    }
  },
};

function unknown(context: CheckContext, rule: Rule, name: Text): Finding {
  const meant = meantSyscalls(name.value, context.target);
  return {
    span: name.node,
    message: `${label(name.value)}: ${engine(context)} drops it in silence${consequence(context, rule)}. ${advice(name.value, meant)}`,
    fixes: () => fixes(context, rule, name, meant),
  };
}

function label(name: string): string {
  return /[*?[\]]/.test(name)
    ? `${quote(name)} is no syscall, and patterns do not exist`
    : `${quote(name)} is ${isLibcFunction(name) ? 'a function of the C library, no syscall' : 'no syscall'}`;
}

function advice(name: string, meant: readonly (readonly string[])[]): string {
  const best = meant[0] && inWords(meant[0]);
  if (!best) return 'Remove it, or correct the name.';
  return isLibcFunction(name) ? `It makes the syscall ${best}.` : `Did you mean ${best}?`;
}

function inWords(names: readonly string[]): string {
  return names.length > 3 ? `these ${names.length} syscalls` : names.map((name) => `"${name}"`).join(' and ');
}

function fixes(context: CheckContext, rule: Rule, name: Text, meant: readonly (readonly string[])[]): readonly Fix[] {
  const replacements = meant.map((names) => ({
    title: `Replace with ${inWords(names)}`,
    edits: replaceName(context, rule, name, names),
    safe: false,
  }));
  return [
    ...replacements,
    { title: `Remove ${quote(name.value)}`, edits: removeName(context, rule, name.node), safe: false },
  ];
}

/** Puts names in place of one, without those that the rule has already. */
function replaceName(context: CheckContext, rule: Rule, name: Text, names: readonly string[]): readonly Edit[] {
  const list = arrayOf(rule.view, 'names');
  if (!list || !isItem(list, name.node)) return replaceSingle(context, rule, name, names);
  const present = namesOf(context, rule);
  const added = names.filter((candidate) => !present.has(candidate));
  if (added.length === 0) return removeItems(context.document.text, list, [name.node]);
  return [replaceNode(name.node, added.map((candidate) => JSON.stringify(candidate)).join(', '))];
}

const NAMES = new WeakMap<CheckContext, Map<Rule, ReadonlySet<string>>>();

/** Kept for a version, since each of many unknown names asks for them; a rule can be the same object with other names in the next. */
function namesOf(context: CheckContext, rule: Rule): ReadonlySet<string> {
  const known = NAMES.get(context) ?? new Map<Rule, ReadonlySet<string>>();
  NAMES.set(context, known);
  const names = known.get(rule) ?? new Set(rule.names.map(({ value }) => value));
  known.set(rule, names);
  return names;
}

/** The old `name` holds one syscall only. */
function replaceSingle(context: CheckContext, rule: Rule, name: Text, names: readonly string[]): readonly Edit[] {
  if (names.length === 1) return [replaceNode(name.node, JSON.stringify(names[0]))];
  return listName(context, rule, names);
}
