import {
  type Architecture,
  architecture,
  argumentsOn,
  type DefaultVerdict,
  dangerOf,
  defaultProfile,
  type Family,
  type FamilyMember,
  familiesOf,
  type Syscall,
  syscall,
} from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import { declaration } from '../checks/arguments/conditions.ts';
import type { LoadedRule } from '../policy/load.ts';
import { type Decision, type Policy, type Verdict, verdictOf } from '../policy/policy.ts';
import { outcomeInWords, testsInWords } from '../policy/words.ts';
import { type Lines, linesIn } from './lines.ts';
import { bullets, capitalised, code, escapeMarkdown, paragraphs } from './markdown.ts';
import { ruleInWords } from './reasons.ts';

const MOST_MEMBERS = 12;
const MOST_LINES = 10;
const MOST_FAMILIES = 5;

/**
 * All that is worth knowing of a syscall, as Markdown: what it does, its kernel arguments, what the profile does with it,
 * and its history. Without an analysis the profile's part is left out. Empty for an unknown name.
 */
export function syscallDoc(name: string, analysis?: Analysis): string {
  const known = syscall(name);
  if (!known) return '';
  return paragraphs(
    syscallHeading(known),
    prototype(known, analysis),
    analysis?.policy && profilePart(analysis.policy, name, linesIn(analysis.document)),
    factsOf(known),
    known.note && escapeMarkdown(known.note),
    manualLink(known),
  );
}

/** Name and summary in a line. */
export function syscallHeading({ name, summary }: Syscall): string {
  return `**${escapeMarkdown(name)}**: ${escapeMarkdown(summary)}`;
}

/** The kernel's arguments as the native architecture counts them. */
function prototype({ name, args: common }: Syscall, analysis: Analysis | undefined): string | undefined {
  const native = analysis && architecture(analysis.target.architecture);
  const args = native ? argumentsOn(name, native.table) : common;
  if (!args) return undefined;
  const list = args.map(declaration).join(', ');
  return `\`\`\`c\n${name}(${list || 'void'})\n\`\`\``;
}

function profilePart(policy: Policy, name: string, lines: Lines): string {
  const { architectures } = policy.resolved;
  const verdicts = architectures.map((arch) => ({ arch, verdict: verdictOf(policy, name, arch) }));
  const native = verdicts[0]?.verdict ?? verdicts.find(({ verdict }) => verdict)?.verdict;
  const lacking = verdicts.filter(({ verdict }) => !verdict).map(({ arch }) => arch);
  return paragraphs(
    native && verdictPart(native, lines),
    !native && `**This profile** covers no architecture that has it.`,
    native && lacking.length > 0 && `Not on ${architectureList(lacking)}.`,
  );
}

function verdictPart({ architecture, conditional, otherwise }: Verdict, lines: Lines): string {
  const title = `**This profile** (${shortName(architecture)})`;
  if (conditional.length === 0) return `${title}: ${decisionInWords(otherwise, lines)}.`;
  const shown = conditional.slice(0, MOST_LINES).map((rule) => conditionInWords(rule, lines));
  const more = conditional.length - shown.length;
  return `${title}:\n\n${bullets(...shown, more > 0 && `… and ${more} more conditions`, `otherwise ${decisionInWords(otherwise, lines)}`)}`;
}

function conditionInWords(rule: LoadedRule, lines: Lines): string {
  return `when ${code(testsInWords(rule), 240)}: ${outcomeInWords(rule.outcome)} (${ruleInWords(rule.source.rule, lines)})`;
}

function decisionInWords({ outcome, reason }: Decision, lines: Lines): string {
  const words = outcomeInWords(outcome);
  switch (reason.kind) {
    case 'rule':
      return `${words} by ${ruleInWords(reason.rule.source.rule, lines)}`;
    case 'default':
      return `${words} by \`defaultAction\``;
    case 'stub':
      return `${words}: runc answers so for every syscall newer than ${code(reason.above)}, the newest that the profile names`;
    case 'foreign':
      return `${words}: the filter does not cover this architecture`;
  }
}

function factsOf(known: Syscall): string {
  const danger = dangerOf(known.name);
  return bullets(
    danger && `Dangerous: ${escapeMarkdown(danger.why)}`,
    dockerDefault(known.name),
    known.capabilities.length > 0 &&
      `Needs ${known.capabilities.map((name) => code(name)).join(', ')} for all or parts`,
    ...familyLines(known.name),
    known.twin && `Same kernel function as ${code(known.twin)}`,
    history(known),
  );
}

function dockerDefault(name: string): string | undefined {
  const { label, verdicts } = defaultProfile('docker');
  const verdict = verdicts.get(name);
  return verdict && `Default profile of ${label}: ${defaultInWords(verdict)}`;
}

function defaultInWords({ kind, when }: DefaultVerdict): string {
  if (kind === 'denied') return 'denied';
  return when ? `allowed ${escapeMarkdown(when)}` : 'allowed';
}

function familyLines(name: string): readonly string[] {
  const lines = familiesOf(name).flatMap((family) => familyInWords(name, family) ?? []);
  const more = lines.length - MOST_FAMILIES;
  return more > 0 ? [...lines.slice(0, MOST_FAMILIES), `… and ${more} more families`] : lines;
}

function familyInWords(name: string, family: Family): string | undefined {
  const others = family.members.filter((member) => member.name !== name);
  if (others.length === 0) return undefined;
  const shown = others.slice(0, MOST_MEMBERS).map(memberInWords).join(', ');
  const more = others.length - MOST_MEMBERS;
  return `Others that ${escapeMarkdown(family.effect)}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

function memberInWords({ name, through }: FamilyMember): string {
  return through ? `${code(name)} (${escapeMarkdown(through)})` : code(name);
}

const STATUS: Readonly<Record<NonNullable<Syscall['status']>, string>> = {
  never: 'Linux never implemented it',
  removed: 'removed from Linux',
  deprecated: 'deprecated',
  'arch-private': 'outside of the syscall tables: one architecture uses it for itself',
};

function history({ kernel, libseccomp, status }: Syscall): string {
  const since = kernel && `since Linux ${kernel}`;
  const known = libseccomp === '2.0.0' ? 'known to every libseccomp' : `known to libseccomp from ${libseccomp}`;
  return capitalised([status && STATUS[status], since, known].filter(Boolean).join(', '));
}

/** The page in the manual's section 2, as man7.org has it. */
function manualLink({ page }: Syscall): string | undefined {
  return (
    page && `[${escapeMarkdown(page)}(2)](https://man7.org/linux/man-pages/man2/${encodeURIComponent(page)}.2.html)`
  );
}

function architectureList(list: readonly Architecture[]): string {
  return list.map((arch) => code(shortName(arch))).join(', ');
}

function shortName({ name }: Architecture): string {
  return name.slice('SCMP_ARCH_'.length);
}
