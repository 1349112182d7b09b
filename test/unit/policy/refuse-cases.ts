import type { RuntimeName } from '../../../server/src/policy/target.ts';

const P = 'SCMP_ACT_';
export const rule = (more: object) => ({ names: ['personality'], action: `${P}ERRNO`, ...more });
export const allowing = (...syscalls: unknown[]) => ({ defaultAction: `${P}ALLOW`, syscalls });
const arg = (more: object) => ({ index: 0, op: 'SCMP_CMP_EQ', value: 1, ...more });

/** A profile, and who refuses it in today's releases. */
export interface Row {
  readonly title: string;
  readonly profile: unknown;
  readonly by: readonly RuntimeName[];
  readonly not: readonly RuntimeName[];
}

export const ROWS: readonly Row[] = [
  { title: 'a plain profile', profile: allowing(rule({})), by: [], not: ['docker', 'podman', 'runc', 'crun'] },
  { title: 'nothing at all', profile: {}, by: ['crun'], not: ['docker', 'podman', 'runc'] },
  { title: 'rules without a default', profile: { syscalls: [rule({})] }, by: ['docker', 'podman', 'crun'], not: [] },
  {
    title: 'an unknown action',
    profile: allowing(rule({ action: 'DENY' })),
    by: ['docker', 'podman', 'crun'],
    not: [],
  },
  {
    title: 'an unknown action in a rule that is left out',
    profile: allowing(rule({ action: 'DENY', includes: { caps: ['CAP_BPF'] } })),
    by: ['containerd', 'crun'],
    not: ['docker', 'podman'],
  },
  {
    title: 'an unknown action in a rule without names',
    profile: allowing({ names: [], action: 'DENY' }),
    by: ['docker', 'crun'],
    not: ['podman'],
  },
  {
    title: 'an unknown operator',
    profile: allowing(rule({ args: [arg({ op: 'EQ' })] })),
    by: ['docker', 'podman', 'crun'],
    not: [],
  },
  {
    title: 'an unknown operator in a rule that equals the default',
    profile: allowing({ names: ['getuid'], action: `${P}ALLOW`, args: [arg({ op: 'EQ' })] }),
    by: ['docker'],
    not: ['podman', 'crun'],
  },
  {
    title: 'a seventh argument',
    profile: allowing(rule({ args: [arg({ index: 6 })] })),
    by: ['docker', 'crun'],
    not: [],
  },
  {
    title: 'a seventh argument of an unknown syscall',
    profile: allowing(rule({ names: ['nosuch'], args: [arg({ index: 6 })] })),
    by: [],
    not: ['docker', 'crun'],
  },
  { title: 'errno 4095', profile: allowing(rule({ errnoRet: 4095 })), by: ['docker', 'podman'], not: [] },
  { title: 'errno 65541', profile: allowing(rule({ errnoRet: 65541 })), by: [], not: ['docker', 'podman'] },
  { title: 'errno 2^32 + 5', profile: allowing(rule({ errnoRet: 2 ** 32 + 5 })), by: ['podman'], not: ['docker'] },
  {
    title: 'an errno beside an action without one',
    profile: allowing(rule({ action: `${P}KILL`, errnoRet: 5 })),
    by: ['podman', 'crun'],
    not: ['docker', 'runc'],
  },
  {
    title: 'a default errno of 4095',
    profile: { defaultAction: `${P}ERRNO`, defaultErrnoRet: 4095 },
    by: ['docker', 'crun'],
    not: [],
  },
  {
    title: 'the same conditions with different outcomes',
    profile: allowing(rule({ args: [arg({})] }), rule({ args: [arg({})], errnoRet: 5 })),
    by: ['docker', 'podman'],
    not: [],
  },
  {
    title: 'the same conditions with different outcomes, erased by a rule without conditions',
    profile: allowing(rule({ args: [arg({})] }), rule({ args: [arg({})], errnoRet: 5 }), rule({})),
    by: ['docker', 'podman'],
    not: [],
  },
  {
    title: 'a beginning of the same conditions after the whole',
    profile: allowing(rule({ args: [arg({}), arg({ index: 1 })] }), rule({ args: [arg({})], errnoRet: 5 })),
    by: ['docker'],
    not: [],
  },
  {
    title: 'a beginning of the same conditions before the whole',
    profile: allowing(rule({ args: [arg({})], errnoRet: 5 }), rule({ args: [arg({}), arg({ index: 1 })] })),
    by: [],
    not: ['docker'],
  },
  {
    title: 'a big-endian architecture',
    profile: { ...allowing(), architectures: ['SCMP_ARCH_S390X'] },
    by: ['docker', 'crun'],
    not: [],
  },
  {
    title: 'an architecture without its prefix',
    profile: { ...allowing(), architectures: ['x86_64'] },
    by: ['docker', 'runc'],
    not: ['crun', 'podman'],
  },
  {
    title: 'architectures and archMap',
    profile: { ...allowing(), architectures: ['SCMP_ARCH_X86'], archMap: [{ architecture: 'SCMP_ARCH_X86_64' }] },
    by: ['docker', 'podman'],
    not: ['containerd', 'runc'],
  },
  {
    title: 'notify for write',
    profile: { ...allowing(rule({ names: ['write'], action: `${P}NOTIFY` })), listenerPath: '/run/agent' },
    by: ['docker', 'runc'],
    not: ['crun'],
  },
  {
    title: 'notify without a listener',
    profile: allowing(rule({ action: `${P}NOTIFY` })),
    by: ['docker', 'runc'],
    not: ['crun', 'podman'],
  },
  { title: 'notify as default', profile: { defaultAction: `${P}NOTIFY` }, by: ['docker'], not: ['crun'] },
  {
    title: 'name beside names',
    profile: allowing(rule({ name: 'getuid' })),
    by: ['docker', 'podman'],
    not: ['containerd', 'runc'],
  },
  {
    title: 'a kernel version of three parts',
    profile: allowing(rule({ includes: { minKernel: '6.1.0' } })),
    by: ['docker'],
    not: ['podman', 'containerd'],
  },
  {
    title: "Podman's errno beside an action without one",
    profile: allowing(rule({ action: `${P}KILL`, errno: 'ENOSYS' })),
    by: ['podman', 'cri-o'],
    not: ['docker', 'crun'],
  },
  {
    title: "Podman's default errno beside an action without one",
    profile: { ...allowing(), defaultErrno: 'ENOSYS' },
    by: ['podman', 'cri-o'],
    not: ['docker', 'crun'],
  },
  {
    title: 'an errno as text of more than 16 bits',
    profile: allowing(rule({ errno: '65541' })),
    by: [],
    not: ['podman', 'cri-o'],
  },
  {
    title: 'an errno as text of more than 32 bits',
    profile: allowing(rule({ errno: '4294967296' })),
    by: ['podman', 'cri-o'],
    not: ['docker'],
  },
  {
    title: 'an unknown operator in the seventh condition',
    profile: allowing(
      rule({ args: [0, 1, 2, 3, 4, 5, 0].map((index, i) => arg({ index, ...(i === 6 && { op: 'X' }) })) }),
    ),
    by: ['docker', 'runc'],
    not: ['podman', 'crun'],
  },
  {
    title: 'an unknown errno name',
    profile: allowing(rule({ errno: 'EFOO' })),
    by: ['podman', 'cri-o'],
    not: ['docker', 'containerd'],
  },
  {
    title: 'an unknown flag',
    profile: { ...allowing(), flags: ['SECCOMP_FILTER_FLAG_FAST'] },
    by: ['docker', 'crun'],
    not: [],
  },
  {
    title: 'a value of the wrong type',
    profile: allowing(rule({ errnoRet: '5' })),
    by: ['docker', 'podman', 'runc'],
    not: ['crun'],
  },
  {
    title: 'a negative value',
    profile: allowing(rule({ args: [arg({ value: -1 })] })),
    by: ['docker', 'podman'],
    not: ['crun'],
  },
  {
    title: 'names in another letter case',
    profile: allowing({ Names: ['personality'], action: `${P}KILL` }),
    by: ['crun'],
    not: ['docker', 'podman', 'runc'],
  },
  { title: 'a rule that is null', profile: allowing(null), by: ['docker', 'podman', 'runc'], not: [] },
  { title: 'an empty name', profile: allowing(rule({ names: [''] })), by: ['docker', 'runc'], not: ['crun', 'podman'] },
  {
    title: 'a null among architectures',
    profile: { ...allowing(), architectures: [null] },
    by: ['docker', 'podman', 'runc', 'crun'],
    not: [],
  },
  {
    title: 'a null in archMap',
    profile: { ...allowing(rule({})), archMap: [null] },
    by: [],
    not: ['docker', 'podman'],
  },
  { title: 'a number among flags', profile: { ...allowing(), flags: [5] }, by: ['docker', 'crun'], not: [] },
  {
    title: 'a name that is empty',
    profile: allowing({ name: '', action: `${P}ERRNO` }),
    by: ['crun'],
    not: ['docker', 'podman', 'runc'],
  },
  { title: 'no names for crun', profile: allowing({ action: `${P}KILL` }), by: ['crun'], not: ['docker', 'runc'] },
];
