// Evaluates the constants that name argument values, by compiling them against each architecture's headers.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Folder under the headers' `uapi` and Go's name, by syscall table. x86 and x32 share x86_64's values. */
const arches = /** @type {const} */ ({
  x86_64: ['x86', 'amd64'],
  aarch64: ['arm64', 'arm64'],
  arm: ['arm', 'arm'],
  riscv64: ['riscv', 'riscv64'],
  loongarch64: ['loongarch', 'loong64'],
  s390x: ['s390', 's390x'],
  ppc64: ['powerpc', 'ppc64le'],
  mips: ['mips', 'mipsle'],
  m68k: ['m68k', 'ppc64'],
  parisc: ['parisc', ''],
  sh: ['sh', ''],
});

/** Tables that have the values of another one. */
const sameAs = { s390: 's390x', ppc: 'ppc64', mips64: 'mips', mips64n32: 'mips', parisc64: 'parisc' };

const linux = `bpf capability close_range dm-ioctl eventfd eventpoll fadvise falloc fanotify fcntl fs fsverity futex if_tun in inotify
  io_uring ioprio ipc kcmp kd kexec keyctl kvm landlock loop lsm membarrier memfd mempolicy mman module mount msg net netlink nsfs
  openat2 perf_event personality pidfd prctl ptrace random reboot resource sched sched/types seccomp sem shm signal sockios stat
  time timerfd userfaultfd vt wait xattr`;
const asm = 'fcntl ioctls mman prctl ptrace resource signal socket';

/**
 * @typedef {object} Wanted
 * @property {'flags' | 'enum' | 'mixed'} kind
 * @property {number} [mask]
 * @property {true} [octal]
 * @property {string} [match] names from the kernel's headers
 * @property {string} [enum] further names, of which one holds
 * @property {string} [go] names that only libc's headers have, taken from Go's tables
 * @property {string} [not]
 * @property {Record<string, number>} [add]
 * @property {true} [portable] no values by architecture
 * @property {number} [max]
 */

/**
 * @param {Record<string, Wanted>} wanted
 * @param {{ headers: string, go: string }} folders unpacked linux-libc-dev and golang-golang-x-sys-dev
 */
export function readConstants(wanted, folders) {
  const all = candidates(folders.headers);
  const patterns = Object.values(wanted)
    .flatMap(({ match, enum: one }) => [match, one])
    .filter((pattern) => pattern !== undefined);
  const names = all.filter((name) => patterns.some((pattern) => new RegExp(pattern).test(name)));
  const values = Object.fromEntries(
    Object.entries(arches).map(([table, [kernel, go]]) => [
      table,
      { ...goConstants(folders.go, go), ...evaluate(names, folders.headers, kernel) },
    ]),
  );
  return Object.fromEntries(Object.entries(wanted).map(([id, one]) => [id, decoder(id, one, values)]));
}

/** Values of given macros on x86_64. @param {readonly string[]} names @param {string} headers */
export const evaluateOnX86 = (names, headers) => evaluate(names, headers, 'x86');

/** @param {string} id @param {Wanted} one @param {Record<string, Record<string, number>>} values */
function decoder(id, one, values) {
  const base = values.x86_64 ?? {};
  const wants = (/** @type {string} */ name) =>
    [one.match, one.enum, one.go].some((pattern) => pattern && new RegExp(pattern).test(name)) &&
    !(one.not && new RegExp(one.not).test(name));
  const picked = Object.entries(base).filter(
    ([name, value]) => wants(name) && value <= (one.max ?? Number.MAX_SAFE_INTEGER),
  );
  const v = Object.fromEntries([...picked, ...Object.entries(one.add ?? {})].sort(byValue));
  if (Object.keys(v).length === 0) throw new Error(`decoder ${id} has no values`);
  const by = one.portable ? [] : differences(Object.keys(v), values);
  return {
    kind: one.kind,
    ...(one.mask !== undefined && { mask: one.mask }),
    ...(one.octal && { octal: true }),
    v,
    ...(by.length && { by: Object.fromEntries(by) }),
  };
}

/** @param {[string, number]} a @param {[string, number]} b */
const byValue = ([left, a], [right, b]) => a - b || (left < right ? -1 : 1);

/** @param {readonly string[]} names @param {Record<string, Record<string, number>>} values */
function differences(names, values) {
  const base = values.x86_64 ?? {};
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const table of [...Object.keys(values), ...Object.keys(sameAs)]) {
    const own = values[/** @type {Record<string, string>} */ (sameAs)[table] ?? table] ?? {};
    const changed = names.filter((name) => name in base && name in own && own[name] !== base[name]);
    if (changed.length === 0) continue;
    const key = JSON.stringify(Object.fromEntries(changed.map((name) => [name, own[name]])));
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  return [...groups].map(([key, tables]) => [tables.join(','), JSON.parse(key)]);
}

/** Names that the headers define, as macros or in enums. @param {string} headers */
function candidates(headers) {
  const source = includes();
  const macros = preprocess(source, headers, 'x86', ['-dM']).matchAll(/^#define ([A-Z_]\w*) (?!\s*$)/gm);
  const enums = preprocess(source, headers, 'x86', ['-P']).matchAll(/\benum\b[^{;()]*\{([^}]*)\}/g);
  const names = [...macros].map(([, name = '']) => name);
  for (const [, body = ''] of enums)
    names.push(...[...body.matchAll(/(?:^|,)\s*([A-Z]\w*)/g)].map(([, name = '']) => name));
  return [...new Set(names)].sort();
}

function includes() {
  const lines = [
    ...linux.split(/\s+/).map((name) => `linux/${name}.h`),
    ...asm.split(' ').map((name) => `asm/${name}.h`),
  ];
  // an architecture without kvm has the general header and not the one that it includes
  return lines
    .map(
      (header) =>
        `#if __has_include(<${header}>) && __has_include(<${header.replace('linux/kvm', 'asm/kvm')}>)\n#include <${header}>\n#endif`,
    )
    .join('\n');
}

/** @param {string} headers @param {string} arch */
function flags(headers, arch) {
  const own = execFileSync('gcc', ['-print-file-name=include'], { encoding: 'utf8' }).trim();
  const tree = [`${headers}/usr/lib/linux/uapi/${arch}`, `${headers}/usr/include`, own];
  const abi = arch === 'mips' ? ['-D__MIPSEL__', '-D_MIPS_SIM=3', '-D_MIPS_SZLONG=64'] : [];
  return ['-nostdinc', '-w', ...abi, ...tree.flatMap((folder) => ['-isystem', folder])];
}

/** @param {string} source @param {string} headers @param {string} arch @param {readonly string[]} options */
function preprocess(source, headers, arch, options) {
  return execFileSync('gcc', ['-E', ...options, ...flags(headers, arch), '-x', 'c', '-'], {
    input: source,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

/** Names that a header of the architecture lacks are left out. @param {readonly string[]} names @param {string} headers @param {string} arch @returns {Record<string, number>} */
function evaluate(names, headers, arch) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'constants-'));
  const program = path.join(work, 'constants');
  let left = [...names];
  for (let round = 0; round < 8; round++) {
    const lines = left.map((name) => `P(${name})`);
    const head = `${includes()}\nint printf(const char *, ...);\n#define P(N) printf("%s %llu\\n", #N, sizeof(N) <= 4 ? (unsigned long long)(unsigned)(N) : (unsigned long long)(N));\nint main(void) {\n#line 1 "list"\n`;
    const source = `${head}${lines.join('\n')}\nreturn 0; }\n`;
    const built = spawnSync('gcc', [...flags(headers, arch), '-fmax-errors=0', '-x', 'c', '-', '-o', program], {
      input: source,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (built.status === 0) break;
    const bad = new Set(
      [...built.stderr.matchAll(/^list:(\d+):\d+: error/gm)].map(([, line]) => left[Number(line) - 1]),
    );
    if (bad.size === 0) throw new Error(`constants of ${arch}: ${built.stderr.slice(0, 2000)}`);
    left = left.filter((name) => !bad.has(name));
  }
  const rows = execFileSync(program, { encoding: 'utf8' }).trim().split('\n');
  fs.rmSync(work, { recursive: true });
  return Object.fromEntries(rows.map((row) => row.split(' ')).map(([name, value]) => [name, Number(value)]));
}

/** Go's tables of libc constants. @param {string} folder @param {string} arch */
function goConstants(folder, arch) {
  const unix = path.join(folder, 'usr/share/gocode/src/golang.org/x/sys/unix');
  const files = ['zerrors_linux.go', `zerrors_linux_${arch}.go`].map((file) => path.join(unix, file));
  const rows = files
    .filter((file) => fs.existsSync(file))
    .flatMap((file) => [...fs.readFileSync(file, 'utf8').matchAll(/^\t([A-Z]\w*)\s+= (0x[0-9a-f]+|\d+)$/gm)]);
  return Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]));
}
