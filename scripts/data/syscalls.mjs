// Puts together what is known of each syscall.
import { compareVersions } from './manual.mjs';

/**
 * @typedef {import('./kernel.mjs').Parameter} Parameter
 * @typedef {Record<string, Record<string, number>>} Numbers by table and name
 */

/**
 * @param {{ numbers: Numbers, kernel: ReturnType<typeof import('./kernel.mjs').readKernel>, manual: ReturnType<typeof import('./manual.mjs').readManual>, hand: any }} sources
 */
export function syscallTable({ numbers, kernel, manual, hand }) {
  const names = [...new Set(Object.values(numbers).flatMap((table) => Object.keys(table)))].sort();
  const twins = twinsOf(names, kernel);
  const shared = pool();
  /** @type {Record<string, string>} */
  const summaries = {};
  const rows = names.map((name) => {
    const page = manual.page(name);
    const own = hand.summaries[name];
    if (own ? page?.summary : !page?.summary) throw new Error(`${name} must have a page or a summary of our own`);
    if (page?.summary) summaries[page.name] = page.summary;
    const version = kernelVersion(name, manual, hand);
    const args = argumentLists(name, { numbers, kernel, manual, hand });
    const status = Object.keys(hand.status).find((key) => hand.status[key].includes(name));
    const row = {
      s: own,
      m: own || page?.name === name ? undefined : page?.name,
      k: status === 'never' ? undefined : version,
      l: newerThanFirst(libseccompVersion(name, version, hand)),
      a: args.common?.map(shared.index),
      o: args.others.length
        ? Object.fromEntries(args.others.map(({ tables, list }) => [tables, list.map(shared.index)]))
        : undefined,
      c: capabilitiesOf(name, hand),
      t: twins.get(name),
      x: status,
      n: hand.notes[name] ?? removal(manual.versions.get(name)?.note),
    };
    return [name, row];
  });
  return { arguments: shared.list, summaries, syscalls: Object.fromEntries(rows) };
}

/** The first release goes without saying. @param {string} release */
const newerThanFirst = (release) => (release === '2.0.0' ? undefined : release);

/** Keeps each declaration once. */
function pool() {
  /** @type {string[]} */
  const list = [];
  const index = (/** @type {string} */ declaration) => {
    const found = list.indexOf(declaration);
    return found >= 0 ? found : list.push(declaration) - 1;
  };
  return { list, index };
}

/** @param {string} name @param {any} hand */
function capabilitiesOf(name, hand) {
  const found = Object.keys(hand.capabilities.syscalls).filter((capability) =>
    hand.capabilities.syscalls[capability].includes(name),
  );
  return found.length ? found : undefined;
}

/** @param {string} name @param {any} manual @param {any} hand @returns {string | undefined} */
function kernelVersion(name, manual, hand) {
  return hand.kernels[name] ?? manual.versions.get(name)?.kernel ?? (name.endsWith('_time64') ? '5.1' : undefined);
}

/** The first release whose table was made from a kernel that had the call; the exceptions are listed by hand. @param {string} name @param {string | undefined} kernel @param {any} hand */
function libseccompVersion(name, kernel, hand) {
  const own = hand.libseccomp.names[name];
  if (own) return own;
  if (!kernel) return '2.0.0';
  const [release] =
    hand.libseccomp.tables.find((/** @type {[string, string]} */ [, table]) => compareVersions(table, kernel) >= 0) ??
    hand.libseccomp.tables.at(-1);
  return release;
}

/** @param {string | undefined} note */
function removal(note) {
  const version = note?.match(/removed in ([\d.]+\d)/i)?.[1];
  return version && `Removed in Linux ${version}.`;
}

/** @param {string} name @param {any} sources */
function argumentLists(name, { numbers, kernel, manual, hand }) {
  const has = (/** @type {string} */ table) => name in numbers[table];
  const byHand = hand.arguments.unknownToTheKernel[name];
  const lists = Object.keys(numbers)
    .filter(has)
    .map((table) => /** @type {const} */ ([table, kernel.parameters(name, table)]))
    .filter(([, list]) => list !== undefined);
  const base = lists[0]?.[1];
  if (!base) return { common: byHand, others: [] };
  const names = friendlyNames(name, base, manual.prototypes(name), hand);
  const common = declare(base, names).slice(0, names.size);
  /** @type {Map<string, { tables: string[], list: string[] }>} */
  const others = new Map();
  for (const [table, list] of lists.slice(1)) {
    const own = declare(list, names).slice(0, name === 'bpf' ? names.size : undefined);
    if (!differs(common, own)) continue;
    const key = shapeOf(own);
    const group = others.get(key);
    if (group) group.tables.push(table);
    else others.set(key, { tables: [table], list: own });
  }
  const onArm = hand.arguments.onArm[name];
  if (onArm) others.set('arm', { tables: ['arm'], list: onArm });
  return { common, others: [...others.values()].map(({ tables, list }) => ({ tables: tables.join(','), list })) };
}

/**
 * What to call the kernel's parameters: the manual's names where it counts the same number of them.
 * Shorter than the list where the last ones are too new to be shown (`bpf`).
 * @param {string} name @param {readonly Parameter[]} base @param {readonly (readonly string[])[]} prototypes @param {any} hand
 * @returns {Map<string, string>} by the kernel's name
 */
function friendlyNames(name, base, prototypes, hand) {
  const { names, spellings, spellingsOf } = hand.arguments;
  const chosen = typeof names[name] === 'string' ? names[names[name]] : names[name];
  const friendly = chosen ?? prototypes.find((prototype) => prototype.length === base.length);
  const told = base
    .slice(0, chosen?.length)
    .map(
      (own, index) =>
        /** @type {[string, string]} */ ([own.name, friendly?.[index] || (spellings[own.name] ?? own.name)]),
    );
  const all = { ...spellings, ...spellingsOf[name], ...Object.fromEntries(told) };
  const map = new Map(told);
  return Object.assign(map, { get: (/** @type {string} */ own) => all[own] ?? own });
}

/** @param {readonly Parameter[]} list @param {{ get(own: string): string | undefined }} names */
function declare(list, names) {
  const used = new Set();
  return list.map(({ type, name: own }) => {
    const told = names.get(own) ?? own;
    const name = used.has(told) ? own : told;
    used.add(name);
    return `${typeOf(type, name)} ${name}`.replace(/\* (?=\w+$)/, '*').replace(/\s+/g, ' ');
  });
}

/** @param {string} type @param {string} name */
function typeOf(type, name) {
  const plain = type.includes('*') ? type : type.replace(/^const /, '');
  if (/_(lo|hi)$/.test(name) && /^(unsigned int|uint|__u32)$/.test(plain)) return 'u32';
  return plain
    .replace(/\bunsigned$/, 'unsigned int')
    .replace(/^uint$/, 'unsigned int')
    .replace(/^__(u32|u64|s32)$/, '$1')
    .replace(/\bunsigned \*/, 'unsigned int *');
}

const nameOf = (/** @type {string} */ declaration) => declaration.match(/\w+$/)?.[0] ?? '';
const isPointer = (/** @type {string} */ declaration) => declaration.includes('*');
const shapeOf = (/** @type {readonly string[]} */ list) =>
  list.map((one) => `${nameOf(one)}${isPointer(one) ? '*' : ''}`).join();

/** Whether an index means something else, mere renames apart. @param {readonly string[]} common @param {readonly string[]} own */
function differs(common, own) {
  if (common.length !== own.length) return true;
  const [here, there] = [common, own].map((list) => list.map(nameOf));
  const permuted = here.some((name, index) => there.includes(name) && there.indexOf(name) !== index);
  return permuted || common.some((one, index) => isPointer(one) !== isPointer(own[index] ?? ''));
}

/** Names whose entry point is called like another syscall although that one has an entry point of its own. */
const falseTwins = ['fadvise64', 'oldfstat', 'oldlstat', 'oldolduname', 'oldstat', 'olduname', 'sendfile', 'umount2'];

/**
 * Names that enter the kernel where the plainer name does on other architectures: `getuid32` at `sys_getuid`.
 * @param {readonly string[]} names @param {any} kernel
 */
function twinsOf(names, kernel) {
  const twins = new Map([['sendfile64', 'sendfile']]);
  for (const slots of Object.values(kernel.slots)) {
    for (const [name, { entry }] of /** @type {Map<string, {entry: string}>} */ (slots)) {
      const bare = entry.replace(/^sys_/, '');
      if (!names.includes(name) || bare === name || !names.includes(bare) || falseTwins.includes(name)) continue;
      if (!twins.has(name)) twins.set(name, bare);
    }
  }
  return twins;
}
