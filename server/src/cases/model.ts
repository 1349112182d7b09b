import type { Fix, Severity } from '../checks/check.ts';
import type { Member, ObjectNode, Span, SyntaxTree } from '../syntax/tree.ts';
import type { CaseKey, CaseObject } from './schema.ts';

/** A value with its place in the file. */
export interface Placed<T> extends Span {
  readonly value: T;
}

export interface Mount {
  /** As written: from the folder of the file. */
  readonly source: Placed<string>;
  readonly target: string;
  readonly readOnly: boolean;
}

/** Something that must be in the output of a program. */
export interface OutputExpectation {
  readonly stream: 'stdout' | 'stderr';
  readonly kind: 'contains' | 'matches';
  readonly wanted: Placed<string>;
}

/** What a profile must do with a call, which is written as strace prints it or as a bare name. */
export interface CallExpectation {
  readonly wanted: 'denied' | 'allowed';
  readonly call: Placed<string>;
}

export interface Expectations {
  readonly exit: Placed<number | 'nonzero'> | undefined;
  readonly output: readonly OutputExpectation[];
  readonly calls: readonly CallExpectation[];
}

/** One case. What is missing or of a wrong type is absent; a problem in the list of the file says so. */
export interface TestCase {
  /** The whole case in the file. */
  readonly span: Span;
  /** `case 3` where it has none. */
  readonly name: Placed<string>;
  /** Absent for the test's own program. */
  readonly image: string | undefined;
  /** The image's own when empty. */
  readonly command: readonly string[];
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly user: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly workdir: string | undefined;
  readonly mounts: readonly Mount[];
  readonly network: 'none' | 'bridge';
  readonly readOnly: boolean;
  readonly noNewPrivileges: boolean;
  readonly timeLimitMs: number;
  readonly expect: Expectations;
}

/** Something wrong in a file of test cases. */
export interface CaseProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  readonly fixes: readonly Fix[];
}

/** An object of the format with its members; `spec` is absent for keys that the format does not have. */
export interface CaseView {
  readonly kind: CaseObject;
  readonly node: ObjectNode;
  readonly members: readonly { readonly member: Member; readonly spec: CaseKey | undefined }[];
}

/** A parsed file of test cases. Immutable; made once for each version of a text. */
export interface CasesDocument {
  readonly text: string;
  readonly tree: SyntaxTree;
  /** Objects of the format, outer ones first. */
  readonly views: readonly CaseView[];
  /** The path under `profile`, where it is written. */
  readonly profile: Placed<string> | undefined;
  readonly cases: readonly TestCase[];
}
