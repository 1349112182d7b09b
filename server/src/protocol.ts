/** What client and server say to each other beyond the Language Server Protocol: names and types only. */

/** Options of `initialize`. All may be absent: an editor that knows nothing of this server sends none. */
export interface InitializationOptions {
  /** The settings under `seccomp`, so that the first answers know them already. */
  readonly settings?: unknown;
  /** False where the user does not trust the workspace: nothing is run then. */
  readonly trusted?: boolean;
  /** The client has commands of its own under these names, so the server offers none of them. */
  readonly clientCommands?: boolean;
  /** Where the page of a diagnostic is: an address with `{code}` in it. */
  readonly documentation?: string;
}

/** Command of the lens above a profile; its argument is the document's address. */
export const TEST_COMMAND = 'seccomp.testInContainer';
/** Command that shows the last report on a document; its argument is the document's address. */
export const REPORT_COMMAND = 'seccomp.showReport';
/** Command that shows the page of a diagnostic; its argument is the code. */
export const DOCUMENTATION_COMMAND = 'seccomp.openDocumentation';

/** Request: runs an open document in a container. Takes {@link TestParams}, gives {@link TestResult}. Can be cancelled. */
export const TEST_REQUEST = 'seccomp/testInContainer';

export interface TestParams {
  readonly uri: string;
  /** For the progress of the test. */
  readonly workDoneToken?: string | number;
}

export type TestResult =
  | {
      readonly kind: 'report';
      /** What came of it. */
      readonly outcome: 'ran' | 'not-started' | 'no-engine' | 'not-tried' | 'timeout' | 'cancelled' | 'failed';
      /** The outcome in a line of plain text. */
      readonly headline: string;
      /** The whole report in Markdown. */
      readonly markdown: string;
      /** Calls that were denied. */
      readonly denied: readonly string[];
      /** What fails under the profile alone, so that a repair can mend it; a container's start where it names no image. */
      readonly repair?: Program;
    }
  /** Nothing was run, and why. */
  | { readonly kind: 'refused'; readonly message: string };

/** Request without parameters: which container engine there is. Gives {@link EngineStatus}. */
export const ENGINE_REQUEST = 'seccomp/engineStatus';

export type EngineStatus =
  | { readonly kind: 'engine'; readonly label: string }
  | { readonly kind: 'none'; readonly problems: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string };

/** Request: the page of a diagnostic in Markdown. Takes {@link CheckPageParams}, gives a text or null. */
export const CHECK_PAGE_REQUEST = 'seccomp/checkPage';

export interface CheckPageParams {
  readonly code: string;
}

/** A piece of a text, as the Language Server Protocol counts. */
export interface TextRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** Request: what happens to a call under an open profile? Takes {@link ExplainParams}, gives {@link ExplainResult}. */
export const EXPLAIN_REQUEST = 'seccomp/explain';

export interface ExplainParams {
  readonly uri: string;
  /** As strace prints it, or a bare name. */
  readonly call: string;
}

export type ExplainResult =
  /** Plain text, a line for each thing that can happen, and where the profile decides it. */
  | { readonly kind: 'answer'; readonly text: string; readonly range?: TextRange }
  | { readonly kind: 'refused'; readonly message: string };

/** Command that shows the policy table of a document; its argument is the document's address. */
export const TABLE_COMMAND = 'seccomp.showPolicyTable';
/** Request: what an open profile does with each syscall. Takes {@link TableParams}, gives {@link PolicyTable} or null. */
export const TABLE_REQUEST = 'seccomp/policyTable';
/** Notification of the server without parameters: policies are others now, though no text has changed. */
export const POLICY_NOTIFICATION = 'seccomp/policyChanged';

export interface TableParams {
  readonly uri: string;
  /** `SCMP_ARCH_X86`; the native one where it is absent or not covered by the profile. */
  readonly architecture?: string;
}

export interface PolicyTable {
  /** `Docker`. */
  readonly runtime: string;
  readonly architecture: string;
  /** Those that the profile covers, the native one first. */
  readonly architectures: readonly string[];
  readonly rows: readonly PolicyRow[];
}

/** A syscall with what the profile does with it; every text is plain. */
export interface PolicyRow {
  readonly name: string;
  readonly number: number;
  /** What its kind of syscall does; empty where it is like no other. */
  readonly family: string;
  readonly summary: string;
  readonly verdict: 'allowed' | 'denied' | 'conditional' | 'unpredictable';
  /** What calls get for which no condition holds. */
  readonly outcome: string;
  /** Empty where arguments don't matter. */
  readonly condition: string;
  readonly reason: string;
  /** Where the profile decides. */
  readonly range?: TextRange;
  /** 1 = breaks containment, 2 = large attack surface, 3 = worth a thought, 0 = ordinary. */
  readonly danger: number;
}

/**
 * Command that compares a document with an engine's default profile; its arguments are the document's address and `docker`
 * or `podman`.
 */
export const COMPARE_COMMAND = 'seccomp.compareWithDefault';
/** Request: how two profiles differ in what they do. Takes {@link CompareParams}, gives {@link CompareResult}. */
export const COMPARE_REQUEST = 'seccomp/compare';

export interface CompareParams {
  readonly before: ComparedProfile;
  readonly after: ComparedProfile;
}

export type ComparedProfile =
  | { readonly kind: 'document'; readonly uri: string; readonly label: string }
  | { readonly kind: 'text'; readonly text: string; readonly label: string }
  | { readonly kind: 'default'; readonly engine: 'docker' | 'podman' };

export type CompareResult =
  | {
      readonly kind: 'report';
      /** `a.json and b.json`. */
      readonly title: string;
      /** What differs, in a line of plain text. */
      readonly headline: string;
      readonly markdown: string;
    }
  | { readonly kind: 'refused'; readonly message: string };

/** Request without parameters: profiles to start a new one from. Gives a list of {@link ProfileTemplate}. */
export const TEMPLATES_REQUEST = 'seccomp/templates';

export interface ProfileTemplate {
  readonly label: string;
  /** In plain text. */
  readonly description: string;
  readonly text: string;
}

/** Request without parameters: what a target can be. Gives {@link TargetChoices}. */
export const TARGET_CHOICES_REQUEST = 'seccomp/targetChoices';

export interface TargetChoices {
  readonly architectures: readonly Choice[];
  readonly capabilities: readonly Choice[];
}

export interface Choice {
  /** `CAP_CHOWN`. */
  readonly name: string;
  /** In plain text. */
  readonly description: string;
}

/** Request without parameters: the target that the running engine is. Gives {@link EngineTarget}. */
export const READ_TARGET_REQUEST = 'seccomp/readTarget';

export type EngineTarget =
  | {
      readonly kind: 'target';
      /** What the engine says of itself, in a line. */
      readonly label: string;
      /** Values by setting, without `seccomp.target.`; what the engine does not tell is absent. */
      readonly settings: Readonly<Record<string, string | readonly string[]>>;
    }
  | { readonly kind: 'none'; readonly problems: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string };

/** Language of files of test cases. */
export const TESTS_LANGUAGE = 'seccomp-tests';
/** Command that writes a file of test cases for a profile; its argument is the profile's address. */
export const CREATE_TESTS_COMMAND = 'seccomp.createTests';
/** Command that runs the test cases of a profile; its argument is the profile's address. */
export const RUN_TESTS_COMMAND = 'seccomp.runTests';

/** Request: the test cases in a file. Takes {@link TestsFile}, gives {@link DiscoveredTests}. */
export const DISCOVER_TESTS_REQUEST = 'seccomp/discoverTests';

/** A file of test cases as it is now, saved or not. */
export interface TestsFile {
  readonly uri: string;
  readonly text: string;
}

export interface DiscoveredTests {
  /** Address of the profile that the cases are about. */
  readonly profile: string;
  readonly cases: readonly DiscoveredCase[];
}

export interface DiscoveredCase {
  /** No two cases of a file have the same. */
  readonly id: string;
  readonly name: string;
  readonly range: TextRange;
  /** What keeps it from being run. */
  readonly error?: string;
}

/** Request: a file of test cases for an open profile. Takes {@link CreateTestsParams}, gives {@link TestsFile} or null. */
export const CREATE_TESTS_REQUEST = 'seccomp/createTests';

export interface CreateTestsParams {
  readonly uri: string;
}

/**
 * Request: runs test cases in containers. Takes {@link RunTestsParams}, gives {@link TestsRun} at the end; each case is told
 * by {@link TEST_STATE_NOTIFICATION} when it begins and when it has ended. Can be cancelled.
 */
export const RUN_TESTS_REQUEST = 'seccomp/runTests';

export interface RunTestsParams {
  readonly file: TestsFile;
  /** The profile as it is now, saved or not. */
  readonly profile: { readonly uri: string; readonly text: string };
  /** Ids of the cases to run. */
  readonly cases: readonly string[];
  /** Set by the client; its notifications carry it. */
  readonly run: number;
}

export type TestsRun =
  | {
      readonly kind: 'done';
      readonly engine?: string;
      /** What could not be removed, in a sentence. */
      readonly left?: string;
    }
  /** Nothing was run, and why. */
  | { readonly kind: 'refused'; readonly message: string };

/** Notification of the server: {@link TestState}. */
export const TEST_STATE_NOTIFICATION = 'seccomp/testState';

export interface TestState {
  readonly run: number;
  readonly case: string;
  readonly state: 'started' | 'passed' | 'failed' | 'errored' | 'cancelled';
  readonly durationMs: number;
  /** What is wrong, at its places. */
  readonly messages: readonly TestFault[];
  /** What the program wrote and what is worth knowing, in plain text; empty where there is nothing. */
  readonly output: string;
}

export interface TestFault {
  /** Address of the file of test cases or of the profile. */
  readonly uri: string;
  readonly range: TextRange;
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
}

/** Request: a profile from traces. Takes {@link ImportParams}, gives {@link RecordingResult}. */
export const IMPORT_REQUEST = 'seccomp/importTraces';
/** Request: a profile from what a command does in a container. Takes {@link RecordParams}, gives {@link RecordingResult}. Can be cancelled. */
export const RECORD_REQUEST = 'seccomp/recordCommand';

/** What is to become of recorded calls. */
export interface RecordingParams {
  /** The open profile that gets what it denies; a new profile is made where it is absent. */
  readonly uri?: string;
  /** Make conditions of the arguments that tell what a call does. */
  readonly conditions: boolean;
}

export interface ImportParams extends RecordingParams {
  readonly traces: readonly { readonly name: string; readonly text: string }[];
}

export interface RecordParams extends RecordingParams {
  readonly image: string;
  /** Arguments behind the image's entry point; the image's own when empty. */
  readonly command: readonly string[];
  /** For the progress. */
  readonly workDoneToken?: string | number;
}

export type RecordingResult =
  | {
      readonly kind: 'profile';
      /** The text of the new profile. */
      readonly text: string;
      /** What was read and what became of it, a thing a line. */
      readonly report: readonly string[];
    }
  | {
      readonly kind: 'change';
      /** Of the open profile; absent where it permits all of the calls. */
      readonly change?: ProfileChange;
      /** What the change brings, in a line. */
      readonly headline: string;
      readonly report: readonly string[];
    }
  | { readonly kind: 'refused'; readonly message: string };

/** Notification without parameters: the user trusts the workspace now. */
export const TRUST_NOTIFICATION = 'seccomp/trust';

/** A program in an image of the engine. */
export interface Program {
  /** Without one a container merely has to start. */
  readonly image?: string;
  /** Program and arguments; the image's own when empty. */
  readonly command?: readonly string[];
}

/** Command that changes a profile so that a program passes. Arguments: the document's address, and a {@link Program} to suggest. */
export const REPAIR_COMMAND = 'seccomp.repair';
/** Command that drops from a profile what a program does not need; its argument is the document's address. */
export const TIGHTEN_COMMAND = 'seccomp.tighten';
/** Request: which syscalls have to be allowed? Takes {@link SearchParams}, gives {@link SearchResult}. Can be cancelled. */
export const REPAIR_REQUEST = 'seccomp/repair';
/** Request: which syscalls can be dropped? Takes {@link SearchParams}, gives {@link SearchResult}. Can be cancelled. */
export const TIGHTEN_REQUEST = 'seccomp/tighten';

export interface SearchParams extends Program {
  readonly uri: string;
  /** Test cases that have to pass instead of a program. */
  readonly cases?: TestsFile;
  /** Syscalls that the program was seen to make. */
  readonly hints?: readonly string[];
  /** For the progress. */
  readonly workDoneToken?: string | number;
}

export type SearchResult =
  | {
      readonly kind: 'report';
      /** What came of it, in a line of plain text. */
      readonly headline: string;
      readonly markdown: string;
      /** The profile as it should be; absent where nothing is to be changed. */
      readonly change?: ProfileChange;
    }
  | { readonly kind: 'cancelled' }
  /** Nothing was run, and why. */
  | { readonly kind: 'refused'; readonly message: string };

export interface ProfileChange {
  readonly before: string;
  readonly after: string;
  /** What turns one into the other. */
  readonly edits: readonly { readonly range: TextRange; readonly newText: string }[];
  /** Where syscalls were added in `after`, each with what is to be thought of it in a few words. */
  readonly notes: readonly { readonly range: TextRange; readonly name: string; readonly text: string }[];
  /** Whether it did not pass each time. */
  readonly doubtful: boolean;
}
