import type { Policy } from '../policy/policy.ts';
import type { Target } from '../policy/target.ts';
import type { ObjectView, Profile, ProfileDocument, Rule } from '../profile/model.ts';
import type { Span } from '../syntax/tree.ts';
import type { NamedSyscall } from './policy/lost.ts';

/**
 * What happens decides: `error` = the engine refuses the profile or the container cannot start; `warning` = it is not
 * what was meant; `information` = could be better; `hint` = shown without a mark.
 */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface Edit extends Span {
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** There is one right answer and no call gets another verdict than before (or than the engine's refusal): part of "fix all". */
  readonly safe: boolean;
}

export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** One place where a check has something to say. */
export interface Finding {
  readonly span: Span;
  /** What is wrong, what an engine does with it, what to do. Plain text. */
  readonly message: string;
  /** Where it differs from the check's own. */
  readonly severity?: Severity;
  readonly tag?: 'unnecessary' | 'deprecated' | undefined;
  readonly related?: readonly Related[] | undefined;
  /** Of checks about single syscalls: the mention that it is about, where it depends on nothing else. */
  readonly unit?: number;
  /** Computed when asked for; best fix first. */
  readonly fixes?: (() => readonly Fix[]) | undefined;
}

/** What a check may look at. Everything in it is made once for each version of a document. */
export interface CheckContext {
  readonly document: ProfileDocument;
  readonly profile: Profile | undefined;
  readonly target: Target;
  /** Absent without a valid `defaultAction`. */
  readonly policy: Policy | undefined;
  /** The rules to look at: all of the profile's or those that stand alone in the file, or one of them, see {@link Scope}. */
  readonly rules: readonly Rule[];
  /** The objects of the format to look at: all of them, or those of the rules to look at. */
  readonly views: readonly ObjectView[];
  /** Whether to look at what stands outside of the rules, too. */
  readonly outside: boolean;
  /** The syscalls to look at about whose rules there is something to say: all of them, or one. */
  readonly syscalls: readonly NamedSyscall[];
}

/**
 * What the findings of a check depend on, which decides what must be looked at again after a keystroke within a rule.
 * - `rule`: what it finds in a rule depends on nothing in other rules; it looks at `rules`, `views` and `outside`.
 * - `syscall`: what it finds of a syscall depends on the rules for it alone; it looks at `syscalls` and `outside`.
 * - `profile`: on anything.
 *
 * Fixes may always look at everything: they are asked for with a context of the whole document.
 */
export type Scope = 'rule' | 'syscall' | 'profile';

/** A diagnostic: its code is its file's name, its setting and its documentation page. */
export interface Check {
  readonly code: string;
  readonly severity: Severity;
  readonly scope: Scope;
  /** One sentence, for settings and tables. */
  readonly summary: string;
  /** Markdown: what engines do and why it matters, with the source of each claim. */
  readonly explanation: string;
  readonly example: {
    /** A profile (or text) that is reported. */
    readonly bad: string;
    /** The same after the first fix, to the letter; or, for checks without fix, a profile that is not reported. */
    readonly good: string;
    /** Where the example needs another target than the default one. */
    readonly runtime?: Target['runtime'];
    readonly libseccomp?: string;
  };
  /** Yields findings in the order of the text where that is natural. Linear in the document. */
  find(context: CheckContext): Iterable<Finding>;
}
