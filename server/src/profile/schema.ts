/** The objects that a profile is made of. */
export type ObjectKind = 'profile' | 'archMapEntry' | 'rule' | 'condition' | 'filter';

/** What a value stands for; decides its completion, its hover and how it is checked. */
export type Domain =
  | 'action'
  | 'architecture'
  | 'goArchitecture'
  | 'capability'
  | 'errno'
  | 'errnoName'
  | 'argumentIndex'
  | 'argumentValue'
  | 'flag'
  | 'kernelVersion'
  | 'operator'
  | 'path'
  | 'syscall'
  | 'text';

export type ValueType =
  | { readonly kind: 'string'; readonly domain: Domain }
  | { readonly kind: 'uint'; readonly domain: Domain }
  | { readonly kind: 'strings'; readonly domain: Domain }
  | { readonly kind: 'object'; readonly of: ObjectKind }
  | { readonly kind: 'objects'; readonly of: ObjectKind };

/** Who reads a key; the others ignore it in silence (or, for crun, fail where a required key is missing). */
export type Reader = 'docker' | 'podman' | 'oci';

export interface KeySpec {
  readonly key: string;
  readonly type: ValueType;
  readonly readers: readonly Reader[];
  readonly required?: boolean;
  readonly deprecated?: boolean;
  /** Markdown for hover and completion. */
  readonly doc: string;
}

const ALL: readonly Reader[] = ['docker', 'podman', 'oci'];
const EXTENDED: readonly Reader[] = ['docker', 'podman'];
const PODMAN: readonly Reader[] = ['podman'];

const text = (domain: Domain): ValueType => ({ kind: 'string', domain });
const uint = (domain: Domain): ValueType => ({ kind: 'uint', domain });
const texts = (domain: Domain): ValueType => ({ kind: 'strings', domain });

/**
 * Every key of the format, by the object that it belongs to, in the order in which profiles usually write them.
 * Sources: moby `profiles/seccomp`, containers `common/pkg/seccomp`, OCI `runtime-spec/config-linux.md`.
 */
export const SCHEMA: Readonly<Record<ObjectKind, readonly KeySpec[]>> = {
  profile: [
    {
      key: 'defaultAction',
      type: text('action'),
      readers: ALL,
      required: true,
      doc: 'What a syscall gets that no rule matches. Without it and without rules, Docker and Podman start the container with **no filter at all**.',
    },
    {
      key: 'defaultErrnoRet',
      type: uint('errno'),
      readers: ALL,
      doc: 'The errno that `SCMP_ACT_ERRNO` as default action returns; 1 (`EPERM`) when absent. Rules do not inherit it. Docker before 23 ignores it.',
    },
    {
      key: 'defaultErrno',
      type: text('errnoName'),
      readers: PODMAN,
      doc: 'Podman and CRI-O only: the default errno by name (`"ENOSYS"`); wins over `defaultErrnoRet` there. Docker and containerd ignore it.',
    },
    {
      key: 'architectures',
      type: texts('architecture'),
      readers: ALL,
      doc: 'Architectures that the filter covers besides the native one. A call through an architecture that is not covered kills the thread. Not together with `archMap`.',
    },
    {
      key: 'archMap',
      type: { kind: 'objects', of: 'archMapEntry' },
      readers: EXTENDED,
      doc: 'For each host architecture, the further ones that its filter covers. Read by Docker and Podman; containerd, Kubernetes on containerd, runc and crun ignore it. Not together with `architectures`.',
    },
    {
      key: 'flags',
      type: texts('flag'),
      readers: ALL,
      doc: 'Flags for `seccomp(2)` when the filter is loaded. When absent, runc 1.2 and later and crun set `SECCOMP_FILTER_FLAG_SPEC_ALLOW`.',
    },
    {
      key: 'listenerPath',
      type: text('path'),
      readers: ALL,
      doc: 'Unix socket of the agent that answers `SCMP_ACT_NOTIFY`. It must exist when the container starts.',
    },
    {
      key: 'listenerMetadata',
      type: text('text'),
      readers: ALL,
      doc: 'Opaque text that is sent to the agent behind `listenerPath`.',
    },
    {
      key: 'syscalls',
      type: { kind: 'objects', of: 'rule' },
      readers: ALL,
      doc: 'The rules. Their order decides only between two unconditional rules for one syscall: the first of them wins.',
    },
  ],
  archMapEntry: [
    {
      key: 'architecture',
      type: text('architecture'),
      readers: EXTENDED,
      required: true,
      doc: 'The host architecture for which this entry counts. The first entry that matches is used.',
    },
    {
      key: 'subArchitectures',
      type: texts('architecture'),
      readers: EXTENDED,
      doc: 'Architectures that the filter covers on such a host besides the native one.',
    },
  ],
  rule: [
    {
      key: 'names',
      type: texts('syscall'),
      readers: ALL,
      required: true,
      doc: 'Syscalls that the rule is for. A name that libseccomp does not know is dropped in silence.',
    },
    {
      key: 'name',
      type: text('syscall'),
      readers: EXTENDED,
      deprecated: true,
      doc: 'One syscall: the old form of `names`. Docker and Podman still read it; containerd and runc drop the rule, crun refuses the profile.',
    },
    {
      key: 'action',
      type: text('action'),
      readers: ALL,
      required: true,
      doc: 'What a call gets that the rule matches. A rule whose action and errno equal the default is dropped.',
    },
    {
      key: 'errnoRet',
      type: uint('errno'),
      readers: ALL,
      doc: 'The errno that `SCMP_ACT_ERRNO` returns, 1 to 4094; 1 (`EPERM`) when absent. With `SCMP_ACT_TRACE`, the message for the tracer.',
    },
    {
      key: 'errno',
      type: text('errnoName'),
      readers: PODMAN,
      doc: 'Podman and CRI-O only: the errno by name (`"EPERM"`); wins over `errnoRet` there. Docker and containerd ignore it and return `EPERM`.',
    },
    {
      key: 'args',
      type: { kind: 'objects', of: 'condition' },
      readers: ALL,
      doc: 'Conditions on the arguments. All must hold, unless two of them have the same `index`: then any one is enough. Empty or absent: the rule matches every call.',
    },
    {
      key: 'comment',
      type: text('text'),
      readers: ALL,
      doc: 'A note for the reader. Engines ignore it.',
    },
    {
      key: 'includes',
      type: { kind: 'object', of: 'filter' },
      readers: EXTENDED,
      doc: 'The rule is kept only if the host and the container match. Docker and Podman only: containerd, Kubernetes on containerd, runc and crun apply the rule always.',
    },
    {
      key: 'excludes',
      type: { kind: 'object', of: 'filter' },
      readers: EXTENDED,
      doc: 'The rule is dropped if the host or the container matches any part. Docker and Podman only: containerd, Kubernetes on containerd, runc and crun apply the rule always.',
    },
  ],
  condition: [
    {
      key: 'index',
      type: uint('argumentIndex'),
      readers: ALL,
      required: true,
      doc: 'Which argument of the kernel function, 0 to 5; 0 when absent. It counts the arguments of the syscall, not those of the libc function.',
    },
    {
      key: 'value',
      type: uint('argumentValue'),
      readers: ALL,
      required: true,
      doc: 'The number to compare with, unsigned 64-bit, decimal. With `SCMP_CMP_MASKED_EQ` it is the **mask**.',
    },
    {
      key: 'valueTwo',
      type: uint('argumentValue'),
      readers: ALL,
      doc: 'Only with `SCMP_CMP_MASKED_EQ`: what the masked argument must equal; 0 when absent.',
    },
    {
      key: 'op',
      type: text('operator'),
      readers: ALL,
      required: true,
      doc: 'How the argument is compared with `value`, unsigned.',
    },
  ],
  filter: [
    {
      key: 'caps',
      type: texts('capability'),
      readers: EXTENDED,
      doc: 'Capabilities of the bounding set, spelt `CAP_SYS_ADMIN`. `includes` wants all of them, `excludes` any.',
    },
    {
      key: 'arches',
      type: texts('goArchitecture'),
      readers: EXTENDED,
      doc: 'Host architectures in the Go spelling (`amd64`, `arm64`). Exactly one value is compared, so `x32` or `SCMP_ARCH_X86_64` never match on an x86-64 host.',
    },
    {
      key: 'minKernel',
      type: text('kernelVersion'),
      readers: ['docker'],
      doc: 'Kernel version as `"4.8"`: major and minor only. Docker only: Podman and CRI-O ignore it.',
    },
  ],
};

/** Top-level and rule keys that people use for notes; never reported as unknown. */
export function isNoteKey(key: string): boolean {
  return (
    NOTE_KEYS.has(key.toLowerCase()) ||
    key.startsWith('_') ||
    key.startsWith('x-') ||
    key.startsWith('$') ||
    key.startsWith('//')
  );
}

const NOTE_KEYS = new Set([
  'comment',
  'comments',
  'description',
  'license',
  'title',
  'note',
  'notes',
  'author',
  'version',
  'id',
]);

/** Folds a key as Go's `encoding/json` does when it looks for a field: letters without case, long s and Kelvin sign too. */
export function foldKey(key: string): string {
  return key.toLowerCase().replaceAll('\u017f', 's');
}

/**
 * Whether null takes away what an earlier member of the same key set: so it is for what Go holds as a slice or by a pointer;
 * numbers and texts stay as they were (Go: `encoding/json`; moby: `profiles/seccomp/seccomp.go`, OCI: `specs-go/config.go`).
 */
export function isEmptiedByNull({ type }: KeySpec): boolean {
  if (type.kind === 'uint') return type.domain === 'errno';
  return type.kind !== 'string' || type.domain === 'kernelVersion';
}

type Keys = Readonly<Record<ObjectKind, ReadonlyMap<string, KeySpec>>>;

const EXACT = keysBy((key) => key);
const FOLDED = keysBy(foldKey);

function keysBy(name: (key: string) => string): Keys {
  const named = (kind: ObjectKind) => new Map(SCHEMA[kind].map((spec) => [name(spec.key), spec]));
  return {
    profile: named('profile'),
    archMapEntry: named('archMapEntry'),
    rule: named('rule'),
    condition: named('condition'),
    filter: named('filter'),
  };
}

/** The key that Go would take this text for, or undefined when the object has none such. */
export function keySpec(kind: ObjectKind, key: string): KeySpec | undefined {
  // nearly all keys are written as documented, which spares the folding
  return exactKeySpec(kind, key) ?? FOLDED[kind].get(foldKey(key));
}

/** The key of the format that is spelt so to the letter. */
export function exactKeySpec(kind: ObjectKind, key: string): KeySpec | undefined {
  return EXACT[kind].get(key);
}
