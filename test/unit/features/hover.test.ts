import assert from 'node:assert/strict';
import { hover } from '../../../server/src/features/hover.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { analysed, marked } from './marker.ts';

/** The Markdown at the marker and the text that it is about. */
function hoverAt(source: string, target: Partial<Target> = {}): { readonly markdown: string; readonly about: string } {
  const { text, offset } = marked(source);
  const found = hover(analysed(text, target), offset);
  assert.ok(found, `no hover at ${source}`);
  return { markdown: found.markdown, about: text.slice(found.span.start, found.span.end) };
}

function expectHover(source: string, about: string, ...expected: readonly (string | RegExp)[]): void {
  const found = hoverAt(source);
  assert.equal(found.about, about);
  for (const part of expected) {
    if (typeof part === 'string') assert.ok(found.markdown.includes(part), `${part} is missing in:\n${found.markdown}`);
    else assert.match(found.markdown, part);
  }
}

function expectNoHover(source: string): void {
  const { text, offset } = marked(source);
  assert.equal(hover(analysed(text), offset), undefined);
}

const inRule = (rule: string, rest = '"defaultAction": "SCMP_ACT_ERRNO"'): string =>
  `{ ${rest},\n  "syscalls": [\n    ${rule}\n  ] }`;

const inCondition = (condition: string, name = 'clone'): string =>
  inRule(`{ "names": ["${name}"], "action": "SCMP_ACT_ALLOW", "args": [${condition}] }`);

describe('hover on keys', () => {
  it('tells shape, purpose and that a key is required', () =>
    expectHover('{ "defaul|tAction": "SCMP_ACT_LOG" }', '"defaultAction"', '**defaultAction** (text, required)'));

  it('counts what the default leaves', () =>
    expectHover('{ "defaul|tAction": "SCMP_ACT_LOG" }', '"defaultAction"', /allowed \d{3} · conditional 0 · denied 0/));

  it('names the readers of a key that not all read', () =>
    expectHover('{ "arch|Map": [] }', '"archMap"', 'Read by Docker, Podman and CRI-O only.'));

  it('knows keys in any letter case', () =>
    expectHover('{ "DEFAULT|ACTION": "" }', '"DEFAULTACTION"', 'defaultAction'));

  it('says that the conditions of args must all hold', () =>
    expectHover(
      inRule(
        '{ "names": ["socket"], "action": "SCMP_ACT_ALLOW", "ar|gs": [{ "index": 0, "value": 2, "op": "SCMP_CMP_EQ" }, { "index": 1, "value": 1, "op": "SCMP_CMP_EQ" }] }',
      ),
      '"args"',
      '**All of these** must hold',
      'AF_INET',
    ));

  it('says that any condition is enough where an index repeats', () =>
    expectHover(
      inRule(
        '{ "names": ["socket"], "action": "SCMP_ACT_ALLOW", "ar|gs": [{ "index": 0, "value": 2, "op": "SCMP_CMP_EQ" }, { "index": 0, "value": 10, "op": "SCMP_CMP_EQ" }] }',
      ),
      '"args"',
      '**Any one of these** is enough',
    ));

  it('is silent on notes and unknown keys', () => {
    expectNoHover('{ "defaultAction": "SCMP_ACT_LOG", "des|cription": "x" }');
    expectNoHover('{ "defaultAction": "SCMP_ACT_LOG", "description": "x|y" }');
    expectNoHover('{ "defaultAction": "SCMP_ACT_LOG", "note": { "na|me": "x" } }');
  });
});

describe('hover on words', () => {
  it('explains an action and what the rule does with it', () =>
    expectHover(
      inRule('{ "names": ["read", "write"], "action": "SCMP_ACT|_ERRNO", "errnoRet": 13 }'),
      '"SCMP_ACT_ERRNO"',
      'SCMP\\_ACT\\_ERRNO',
      'each of 2 syscalls: fails with EACCES',
    ));

  it('says that a rule is left out for the target', () =>
    expectHover(
      inRule('{ "names": ["bpf"], "action": "SCMP_ACT|_ALLOW", "includes": { "caps": ["CAP_BPF"] } }'),
      '"SCMP_ACT_ALLOW"',
      'Docker leaves the rule out',
    ));

  it('explains the default action with totals', () =>
    expectHover(
      '{ "defaultAction": "SCMP_ACT_|ERRNO", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }] }',
      '"SCMP_ACT_ERRNO"',
      'allowed 1 · conditional 0',
      'fails with EPERM',
    ));

  it('explains an architecture and its spelling in includes', () =>
    expectHover('{ "architectures": ["SCMP_ARCH_X|86_64"] }', '"SCMP_ARCH_X86_64"', '`amd64`', '`SCMP_ARCH_X32`'));

  it('explains a Go architecture', () =>
    expectHover(
      inRule('{ "names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": { "arches": ["arm|64"] } }'),
      '"arm64"',
      'SCMP_ARCH_AARCH64',
    ));

  it('explains a capability and what it means for the rule', () => {
    const rule = (filter: string) => inRule(`{ "names": ["bpf"], "action": "SCMP_ACT_ALLOW", ${filter} }`);
    expectHover(
      rule('"includes": { "caps": ["CAP_SYS|_ADMIN"] }'),
      '"CAP_SYS_ADMIN"',
      'does not have it: the rule is left out',
    );
    expectHover(
      rule('"includes": { "caps": ["CAP_CHO|WN"] }'),
      '"CAP_CHOWN"',
      'has it: as far as this goes the rule is kept',
    );
    expectHover(rule('"excludes": { "caps": ["CAP_CHO|WN"] }'), '"CAP_CHOWN"', 'has it: the rule is left out');
  });

  it('says that containerd does not read includes', () => {
    const source = inRule('{ "names": ["bpf"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_|BPF"] } }');
    assert.match(hoverAt(source, { runtime: 'containerd' }).markdown, /containerd does not read `includes`/);
  });

  it('explains an errno by number and by name', () => {
    expectHover('{ "defaultErrno|Ret": 38 }', '"defaultErrnoRet"', 'errno');
    expectHover('{ "defaultErrnoRet": 3|8 }', '38', 'ENOSYS (38)');
    expectHover('{ "defaultErrno": "ENO|SYS" }', '"ENOSYS"', 'ENOSYS (38)');
    expectHover(
      inRule('{ "names": ["read"], "action": "SCMP_ACT_ERRNO", "errnoRet": |0 }'),
      '0',
      'takes it for a success',
    );
    expectHover(
      inRule('{ "names": ["read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 655|41 }'),
      '65541',
      'Only 16 bits',
      'EIO',
    );
    expectHover(inRule('{ "names": ["read"], "action": "SCMP_ACT_TRACE", "errnoRet": |7 }'), '7', 'tracer');
  });

  it('explains a flag', () =>
    expectHover('{ "flags": ["SECCOMP_FILTER_|FLAG_LOG"] }', '"SECCOMP_FILTER_FLAG_LOG"', '1.2.0'));

  it('explains a kernel version', () =>
    expectHover(
      inRule('{ "names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": { "minKernel": "4|.8" } }'),
      '"4.8"',
      'kept on Linux 4.8 and later',
    ));
});

describe('hover on conditions', () => {
  it('names the argument behind an index', () =>
    expectHover(inCondition('{ "index": |0, "value": 1, "op": "SCMP_CMP_EQ" }'), '0', 'flags', '`clone`'));

  it('tells arguments of several syscalls apart', () => {
    const { markdown } = hoverAt(
      inRule('{ "names": ["socket", "personality"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": |0 }] }'),
    );
    assert.match(markdown, /`int \w+`: `socket`/);
    assert.match(markdown, /`unsigned int \w+`: `personality`/);
  });

  it('says that an index is out of range', () =>
    expectHover(inCondition('{ "index": |6 }'), '6', 'at most six arguments'));

  it('decodes a mask of flags', () =>
    expectHover(
      inCondition('{ "index": 0, "value": 67239|936, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ" }'),
      '67239936',
      '0x4020000',
      'CLONE_NEWNS | CLONE_NEWUTS',
      'this is the mask',
    ));

  it('decodes a value by name', () =>
    expectHover(
      inCondition('{ "index": 0, "value": 3|8, "op": "SCMP_CMP_EQ" }', 'socket'),
      '38',
      'AF_ALG',
      '`socket`',
    ));

  it('shows the signed number of an int', () =>
    expectHover(
      inCondition('{ "index": 0, "value": 42949|67196, "op": "SCMP_CMP_EQ" }', 'mkdirat'),
      '4294967196',
      '-100 as `int`',
    ));

  it('keeps numbers beyond 53 bits exact', () =>
    expectHover(
      inCondition('{ "index": 0, "value": 18446744073709551|615, "op": "SCMP_CMP_EQ" }', 'lseek'),
      '18446744073709551615',
      '**18446744073709551615** = `0xffffffffffffffff`',
    ));

  it('explains an operator and the condition', () =>
    expectHover(
      inCondition('{ "index": 0, "value": 268435456, "valueTwo": 0, "op": "SCMP_CMP_|MASKED_EQ" }'),
      '"SCMP_CMP_MASKED_EQ"',
      'has none of CLONE_NEWUSER',
    ));

  it('uses the arguments of the architecture that the rule is for', () => {
    const rule = (arches: string) =>
      inRule(
        `{ "names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": |1 }], "includes": { "arches": [${arches}] } }`,
      );
    assert.match(hoverAt(rule('"s390x"')).markdown, /flags/);
    assert.doesNotMatch(hoverAt(rule('"amd64"')).markdown, /flags/);
  });
});

describe('hover on a syscall', () => {
  const profile = `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    { "names": ["read", "%s"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 0, "value": 8, "op": "SCMP_CMP_EQ" }] }
  ]
}`;
  const at = (name: string) => profile.replace('%s', name);

  it('has summary, prototype, verdict with rule and line, history and manual page', () =>
    expectHover(
      at('mkd|irat'),
      '"mkdirat"',
      '**mkdirat**: ',
      /```c\nmkdirat\(int \w+, const char \*\w+, umode_t mode\)\n```/,
      '**This profile** (X86_64): allowed by rule 1, line 5.',
      'Default profile of Docker',
      'ince Linux 2.6.16',
      'libseccomp',
      '(https://man7.org/linux/man-pages/man2/mkdir.2.html)',
    ));

  it('tells its family', () => expectHover(at('mkd|irat'), '"mkdirat"', /Others that create a directory: `mkdir`/));

  it('tells which architecture lacks it', () => expectHover(at('sta|t64'), '"stat64"', /Not on `X86_64`/));

  it('tells conditions', () =>
    expectHover(
      profile.replace('"personality"', '"perso|nality"').replace('%s', 'write'),
      '"personality"',
      /when `persona = 8.*`: allowed \(rule 2, line 6\)/,
      'otherwise fails with EPERM by `defaultAction`',
    ));

  it('tells what runc answers for newer syscalls', () => {
    const source =
      '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["read", "futex"], "action": "SCMP_ACT_ALLOW" }, { "names": ["clo|ne3"], "action": "SCMP_ACT_TRAP", "includes": { "caps": ["CAP_BPF"] } }] }';
    assert.match(hoverAt(source).markdown, /fails with ENOSYS: runc answers so .* `futex`/);
  });

  it('warns of dangers', () => expectHover(at('bp|f'), '"bpf"', 'Dangerous: '));

  it('leads from a function of the C library to its syscall', () => expectHover(at('exec|vp'), '"execvp"', '`execve`'));

  it('is silent on an unknown name', () => expectNoHover(at('mkd|irr')));

  it('works in a file without default action and in a rule that stands alone', () => {
    expectHover('{ "syscalls": [{ "names": ["rea|d"] }] }', '"read"', '**read**');
    expectHover('{ "names": ["rea|d"], "action": "SCMP_ACT_ALLOW" }', '"read"', '**read**');
  });

  it('works in broken text', () =>
    expectHover('{ "syscalls": [{ "names": ["rea|d", ], "action" [', '"read"', '**read**'));
});
