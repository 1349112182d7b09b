// Reads the kernel's syscall tables and the definitions behind them: which arguments a filter sees, on which architecture.
import fs from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ type: string, name: string }} Parameter
 * @typedef {{ file: string, parameters: readonly Parameter[] }} Definition
 * @typedef {{ entry: string, compat?: string }} Slot
 * @typedef {object} Port
 * @property {string} tbl syscall table, relative to the source tree
 * @property {readonly string[]} abis columns that apply, the preferred one last
 * @property {string} arch folder under arch/
 * @property {'wide' | 'pairs' | 'aligned'} registers how 64-bit values are passed
 * @property {'little' | 'big'} endian
 */

/** @type {Record<string, Port>} */
export const ports = {
  x86_64: port('arch/x86/entry/syscalls/syscall_64.tbl', ['common', '64'], 'x86'),
  x32: port('arch/x86/entry/syscalls/syscall_64.tbl', ['common', 'x32'], 'x86'),
  x86: port('arch/x86/entry/syscalls/syscall_32.tbl', ['i386'], 'x86', 'pairs'),
  aarch64: port('scripts/syscall.tbl', ['common', 'renameat', 'rlimit', 'memfd_secret', '64'], 'arm64'),
  riscv64: port('scripts/syscall.tbl', ['common', 'rlimit', 'memfd_secret', 'riscv', '64'], 'riscv'),
  loongarch64: port('scripts/syscall.tbl', ['common', 'memfd_secret', '64'], 'loongarch'),
  arm: port('arch/arm/tools/syscall.tbl', ['oabi', 'common'], 'arm', 'aligned'),
  s390x: port('arch/s390/kernel/syscalls/syscall.tbl', ['common'], 's390', 'wide', 'big'),
  s390: port('arch/s390/kernel/syscalls/syscall.tbl', ['common'], 's390', 'pairs', 'big'),
  ppc64: port('arch/powerpc/kernel/syscalls/syscall.tbl', ['nospu', 'common', '64'], 'powerpc'),
  ppc: port('arch/powerpc/kernel/syscalls/syscall.tbl', ['nospu', 'common', '32'], 'powerpc', 'aligned', 'big'),
  mips: port('arch/mips/kernel/syscalls/syscall_o32.tbl', ['common', 'o32'], 'mips', 'aligned', 'big'),
  mips64: port('arch/mips/kernel/syscalls/syscall_n64.tbl', ['common', 'n64'], 'mips'),
  mips64n32: port('arch/mips/kernel/syscalls/syscall_n32.tbl', ['common', 'n32'], 'mips'),
  m68k: port('arch/m68k/kernel/syscalls/syscall.tbl', ['common'], 'm68k', 'pairs', 'big'),
  parisc: port('arch/parisc/kernel/syscalls/syscall.tbl', ['common', '32'], 'parisc', 'pairs', 'big'),
  parisc64: port('arch/parisc/kernel/syscalls/syscall.tbl', ['common', '64'], 'parisc', 'wide', 'big'),
  sh: port('arch/sh/kernel/syscalls/syscall.tbl', ['common'], 'sh', 'pairs'),
};

/** What has to be taken out of the source tarball. */
export const patterns = [
  '*/arch/*.c',
  '*/arch/*.tbl',
  '*/arch/*/Kconfig',
  ...['fs', 'kernel', 'mm', 'net', 'ipc', 'security', 'block', 'io_uring', 'drivers/char', 'drivers/pci', 'lib'].map(
    (folder) => `*/${folder}/*.c`,
  ),
  '*/scripts/syscall.tbl',
];

/** @param {string} tree folder of the unpacked kernel source */
export function readKernel(tree) {
  const definitions = readDefinitions(tree);
  const slots = Object.fromEntries(Object.entries(ports).map(([table, one]) => [table, readSlots(tree, one)]));
  // 31-bit s390 has left the kernel; its 32-bit entry points were those of x86
  for (const [name, slot] of slots.x86 ?? []) if (!slots.s390?.has(name)) slots.s390?.set(name, slot);
  const optional = optionalEntries(tree);
  const clone = cloneOrders(tree);
  return {
    slots,
    /** Names whose slot no kernel implements. @param {string} table */
    empty: (table) =>
      [...(slots[table] ?? [])]
        .filter(([name, slot]) => {
          if (!implemented(slot)) return true;
          const one = ports[table];
          return optional.has(slot.entry) && one !== undefined && !resolve(slot, name, one, definitions);
        })
        .map(([name]) => name),
    /** @param {string} name @param {string} table @returns {readonly Parameter[] | undefined} */
    parameters(name, table) {
      const one = ports[table];
      if (!one) return undefined;
      if (name === 'clone') return clone(table, definitions.get('clone') ?? []);
      const slot = slots[table]?.get(name);
      const found = slot && implemented(slot) ? resolve(slot, name, one, definitions) : undefined;
      return found && split(found, one);
    },
    /** Any definition of that name, for calls that no table leads to. @param {string} name */
    anyDefinition: (name) => definitions.get(name)?.[0]?.parameters,
  };
}

/** @param {string} tbl @param {readonly string[]} abis @param {string} arch @param {Port['registers']} registers @param {Port['endian']} endian @returns {Port} */
function port(tbl, abis, arch, registers = 'wide', endian = 'little') {
  return { tbl, abis, arch, registers, endian };
}

/** @param {Slot} slot */
const implemented = (slot) =>
  (slot.entry !== '' && slot.entry !== '-' && slot.entry !== 'sys_ni_syscall') ||
  (slot.compat !== undefined && slot.compat !== '-');

/** @param {string} tree @param {Port} one @returns {Map<string, Slot>} */
function readSlots(tree, one) {
  const rows = fs.readFileSync(path.join(tree, one.tbl), 'utf8').split('\n');
  const cells = rows.filter((row) => /^\d/.test(row)).map((row) => row.trim().split(/\s+/));
  const ranked = cells
    .filter(([, abi]) => one.abis.includes(abi ?? ''))
    .sort((a, b) => one.abis.indexOf(a[1] ?? '') - one.abis.indexOf(b[1] ?? ''));
  return new Map(ranked.map(([, , name = '', entry = '', compat]) => [name, { entry, ...(compat && { compat }) }]));
}

/** Entry points that fall back to ENOSYS where nothing defines them. @param {string} tree */
function optionalEntries(tree) {
  const text = fs.readFileSync(path.join(tree, 'kernel/sys_ni.c'), 'utf8');
  return new Set([...text.matchAll(/^COND_SYSCALL\((\w+)\)/gm)].map(([, name]) => `sys_${name}`));
}

/** All definitions by the name of the entry point without `sys_`. @param {string} tree */
function readDefinitions(tree) {
  /** @type {Map<string, Definition[]>} */
  const definitions = new Map();
  for (const file of walk(tree)) {
    const text = fs.readFileSync(path.join(tree, file), 'utf8');
    if (!/SYSCALL_DEFINE\d|asmlinkage/.test(text)) continue;
    for (const [name, parameters] of definitionsIn(text.replace(/\/\*[\s\S]*?\*\//g, ' '))) {
      const known = definitions.get(name);
      if (known) known.push({ file, parameters });
      else definitions.set(name, [{ file, parameters }]);
    }
  }
  return definitions;
}

/** @param {string} tree @returns {Generator<string>} */
function* walk(tree, folder = '') {
  for (const entry of fs
    .readdirSync(path.join(tree, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(tree, file);
    else if (file.endsWith('.c') && !/(^|\/)(tools|selftests|samples)\//.test(file)) yield file;
  }
}

/** @param {string} text @returns {Generator<[string, readonly Parameter[]]>} */
function* definitionsIn(text) {
  for (const match of text.matchAll(
    /^\s*(COMPAT_)?SYSCALL_DEFINE(\d)\s*\(\s*(\w+)\s*(?:,([^{]*?))?\)\s*(?=\{|$|\n)/gm,
  )) {
    const [, compat = '', , name = '', list = ''] = match;
    const halves = list.replace(/SC_ARG64\((\w+)\)/g, 'u32, $1_lo, u32, $1_hi');
    const parts = halves.split(',').map(clean).filter(Boolean);
    const parameters = [];
    for (let index = 0; index + 1 < parts.length; index += 2)
      parameters.push({ type: parts[index] ?? '', name: parts[index + 1] ?? '' });
    yield [compat ? `compat ${name}` : name, parameters];
  }
  for (const match of text.matchAll(/^asmlinkage\s+[\w\s*]+?\b(\w+)\s*\(([^)]*)\)\s*(?=\{)/gm)) {
    const [, name = '', list = ''] = match;
    const parts = list
      .split(',')
      .map(clean)
      .filter((part) => part && part !== 'void');
    const parameters = parts.map((part) => ({
      type: part.slice(0, part.search(/\w+$/)).trim(),
      name: part.match(/\w+$/)?.[0] ?? '',
    }));
    // a frame of registers is what the entry code passes, not the caller
    yield [name.replace(/^sys_/, ''), parameters[0]?.type.includes('pt_regs') ? [] : parameters];
  }
}

/** @param {string} declaration */
const clean = (declaration) =>
  declaration
    .replace(/\b(__user|__rcu|__force|const(?=\s*\*?$))\b/g, ' ')
    .replace(/compat_(?:uptr_t|caddr_t)\b/g, 'void *')
    .replace(/\s+/g, ' ')
    .replace(/\s*\*\s*/g, ' *')
    .replace(/\* \*/g, '**')
    .trim();

/** The definition behind a slot: the architecture's own before the generic one. @param {Slot} slot @param {string} name @param {Port} one @param {Map<string, Definition[]>} definitions */
function resolve(slot, name, one, definitions) {
  const entry = slot.entry === 'sys_ni_syscall' || slot.entry === '-' ? (slot.compat ?? '') : slot.entry;
  const bare = entry.replace(/^(compat_)?sys_/, '').replace(/^__sys_/, '');
  const spellings = [
    bare,
    entry,
    bare.replace(/_wrapper$/, ''),
    bare.replace(/^(parisc_|sh_|m68k_|mips_|ppc_)/, ''),
    `compat ${bare}`,
    name,
  ];
  for (const spelling of spellings) {
    const all = definitions.get(spelling) ?? [];
    const own = all.filter(({ file }) => file.startsWith(`arch/${one.arch}/`));
    const generic = all.filter(({ file }) => !file.startsWith('arch/'));
    const found = own[0] ?? pick(generic, one);
    if (found) return found.parameters;
  }
  return undefined;
}

/**
 * Where generic code defines a call in several ways (`sigsuspend`), the way with most arguments is x86's and the
 * like; the others have a sole mask.
 * @param {readonly Definition[]} found @param {Port} one
 */
function pick(found, one) {
  if (found.length < 2) return found[0];
  const sorted = found.toSorted((a, b) => b.parameters.length - a.parameters.length);
  return ['x86', 'arm', 's390', 'sh', 'm68k'].includes(one.arch) ? sorted[0] : sorted.at(-1);
}

/** Types that take two registers where registers have 32 bits. */
const wide = /^(loff_t|u64|__u64|__kernel_loff_t)$/;

/** @param {readonly Parameter[]} parameters @param {Port} one @returns {readonly Parameter[]} */
function split(parameters, one) {
  if (one.registers === 'wide') return parameters;
  /** @type {Parameter[]} */
  const out = [];
  for (const { type, name } of parameters) {
    if (!wide.test(type)) {
      out.push({ type, name });
      continue;
    }
    if (one.registers === 'aligned' && out.length % 2 === 1) out.push({ type: 'u32', name: 'pad' });
    const halves = one.endian === 'big' ? ['hi', 'lo'] : ['lo', 'hi'];
    out.push(...halves.map((half) => ({ type: 'u32', name: `${name}_${half}` })));
  }
  return out.slice(0, 6);
}

/**
 * clone() has four orders of arguments, chosen by the architecture's Kconfig.
 * @param {string} tree
 */
function cloneOrders(tree) {
  const order = (/** @type {string} */ arch) => {
    const text = fs.readFileSync(path.join(tree, 'arch', arch, 'Kconfig'), 'utf8');
    return text.match(/select CLONE_BACKWARDS(\d?)/)?.[1];
  };
  return (/** @type {string} */ table, /** @type {readonly Definition[]} */ all) => {
    const inFork = all.filter(({ file }) => file === 'kernel/fork.c').map(({ parameters }) => parameters);
    const [backwards, backwards2, , plain] = inFork;
    if (inFork.length !== 4) throw new Error('kernel/fork.c: clone is not defined in four ways');
    const chosen = table === 'x86_64' || table === 'x32' ? undefined : order(ports[table]?.arch ?? '');
    return chosen === undefined ? plain : chosen === '2' ? backwards2 : backwards;
  };
}
