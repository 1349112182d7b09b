// Writes server/data from named and checksummed Debian packages and the hand-written tables beside this file.
// Runs on Debian as it is (apt, dpkg-deb, gcc, xz); `--update` takes the newest packages and rewrites the lock.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConstants } from './constants.mjs';
import { checkNumbers, readCapabilities, readErrnos } from './headers.mjs';
import { patterns, readKernel } from './kernel.mjs';
import { readManual } from './manual.mjs';
import { extractOnce, unpackAll } from './packages.mjs';
import { readContainerdProfile, readJsonProfile } from './profiles.mjs';
import { syscallTable } from './syscalls.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const data = path.join(here, '../../server/data');
const lockFile = path.join(here, 'sources.lock.json');

/** @param {string} file @returns {any} */
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

const hand = Object.fromEntries(
  fs
    .readdirSync(path.join(here, 'hand'))
    .sort()
    .map((file) => [path.basename(file, '.json'), readJson(path.join(here, 'hand', file))]),
);

/** Numbers that the ABI adds, which the table leaves out. */
const offsets = { x32: 0x40000000, mips: 4000, mips64: 5000, mips64n32: 6000 };

const sources = readJson(path.join(here, 'sources.json'));
const lock = fs.existsSync(lockFile) && !process.argv.includes('--update') ? readJson(lockFile) : {};
const folders = unpackAll(sources, lock);
const tree = extractOnce(
  path.join(
    folders.kernel,
    'usr/src',
    fs.readdirSync(path.join(folders.kernel, 'usr/src')).find((name) => name.endsWith('.tar.xz')) ?? '',
  ),
  patterns,
);

const numbers = dumpNumbers();
const check = checkNumbers(numbers, folders.headers);
const kernel = readKernel(tree);
const manual = readManual([
  path.join(folders.manual, 'usr/share/man/man2'),
  path.join(folders.liburing, 'usr/share/man/man2'),
]);
const table = syscallTable({ numbers, kernel, manual, hand });
const decoders = readConstants(hand.decoders, { headers: folders.headers, go: folders.go });
const bindings = checkedBindings();

const files = {
  'syscalls.json': table,
  'numbers.json': numberColumns(),
  'constants.json': { decoders, texts: checkedTexts() },
  'bindings.json': bindings,
  'families.json': hand.families,
  'dangers.json': hand.dangers,
  'capabilities.json': checkedCapabilities(),
  'errnos.json': readErrnos(folders.headers),
  'libc-aliases.json': hand['libc-aliases'],
  'profiles/docker.json': readJsonProfile(
    find(folders.docker, 'vendor/github.com/moby/profiles/seccomp/default.json'),
    `Docker ${release('docker')}`,
  ),
  'profiles/docker-26.json': readJsonProfile(
    go('docker26', 'github.com/docker/docker/profiles/seccomp/default.json'),
    `Docker ${release('docker26')}`,
  ),
  'profiles/podman.json': readJsonProfile(
    path.join(folders.podman, 'usr/share/containers/seccomp.json'),
    `Podman (containers-common ${release('podman')})`,
  ),
  'profiles/containerd.json': readContainerdProfile(
    go('containerd', 'github.com/containerd/containerd/v2/contrib/seccomp/seccomp_default.go'),
    `containerd ${release('containerd')}`,
    {
      ...decoders.domain.v,
      ...decoders.unshare.v,
    },
  ),
};

checkNames();
for (const [file, content] of Object.entries(files)) write(file, content);
write('PROVENANCE.json', provenance(), 2);
fs.writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${Object.keys(table.syscalls).length} syscalls, ${check.pairs} numbers equal to the kernel's headers`);

/** The one file under a folder whose path ends so. @param {string} folder @param {string} end */
function find(folder, end) {
  const found = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith(`/${end}`));
  if (!found) throw new Error(`no ${end} in ${folder}`);
  return path.join(folder, found);
}

/** @param {string} id @param {string} file */
function go(id, file) {
  return path.join(folders[id], 'usr/share/gocode/src', file);
}

/** `28.5` of `28.5.2+dfsg4-5`. @param {string} id */
function release(id) {
  return lock[id].version.match(/^(\d+:)?(\d+\.\d+)/)?.[2];
}

/** What libseccomp's own library says, by table and name. @returns {Record<string, Record<string, number>>} */
function dumpNumbers() {
  const library = path.join(folders.libseccomp, 'usr/lib/x86_64-linux-gnu');
  const program = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'numbers-')), 'dump');
  const include = path.join(folders['libseccomp-dev'], 'usr/include');
  execFileSync('gcc', [
    '-I',
    include,
    path.join(here, 'dump-numbers.c'),
    path.join(library, 'libseccomp.so.2'),
    `-Wl,-rpath,${library}`,
    '-o',
    program,
  ]);
  /** @type {Record<string, Record<string, number>>} */
  const dump = {};
  for (const line of execFileSync(program, { encoding: 'utf8' }).trim().split('\n')) {
    const [arch = '', number, name = ''] = line.split(' ');
    dump[arch] ??= {};
    dump[arch][name] = Number(number);
  }
  fs.rmSync(path.dirname(program), { recursive: true });
  return dump;
}

/** Each table's numbers in the order of the catalogue's names: one architecture is read without the others. */
function numberColumns() {
  const tables = Object.keys(numbers);
  const columns = tables.map((arch) => [
    arch,
    Object.keys(table.syscalls)
      .map((name) => numbers[arch]?.[name] ?? '')
      .join(','),
  ]);
  const empty = tables
    .map((arch) => [
      arch,
      kernel
        .empty(arch)
        .filter((name) => name in (numbers[arch] ?? {}))
        .sort(),
    ])
    .filter(([, names]) => names.length);
  return { offsets, columns: Object.fromEntries(columns), empty: Object.fromEntries(empty) };
}

/** Bindings name a parameter and a decoder that exist. */
function checkedBindings() {
  const used = new Set();
  const wrong = [];
  for (const [name, pairs] of Object.entries(hand.bindings)) {
    const row = table.syscalls[name];
    const names = [row?.a ?? [], ...Object.values(row?.o ?? {})]
      .flat()
      .map((index) => table.arguments[index]?.match(/\w+$/)?.[0]);
    for (const [argument, decoder] of Object.entries(pairs)) {
      if (!names.includes(argument)) wrong.push(`${name} has no argument ${argument} (${names.join(' ')})`);
      if (!decoders[decoder]) wrong.push(`no decoder ${decoder}`);
      used.add(decoder);
    }
  }
  wrong.push(
    ...Object.keys(decoders)
      .filter((id) => !used.has(id))
      .map((id) => `decoder ${id} has no use`),
  );
  if (wrong.length) throw new Error(`bindings: ${wrong.join('; ')}`);
  return hand.bindings;
}

function checkedTexts() {
  const known = new Set(Object.values(decoders).flatMap((decoder) => Object.keys(decoder.v)));
  const lost = Object.keys(hand['value-texts']).filter((name) => !known.has(name));
  if (lost.length) throw new Error(`texts for values that no decoder has: ${lost.join(' ')}`);
  return hand['value-texts'];
}

function checkedCapabilities() {
  const names = readCapabilities(folders.headers);
  const { texts } = hand.capabilities;
  const differing = [
    ...names.filter((name) => !texts[name]),
    ...Object.keys(texts).filter((name) => !names.includes(name)),
  ];
  if (differing.length) throw new Error(`capabilities differ from the header: ${differing.join(' ')}`);
  return Object.fromEntries(names.map((name) => [name, texts[name]]));
}

/** Every name in a hand-written table is a syscall. */
function checkNames() {
  const { families, dangers, capabilities, summaries, kernels, notes, status, libseccomp } = hand;
  const mentioned = [
    ...Object.values(families).flatMap(({ members, through }) => [...members, ...Object.keys(through ?? {})]),
    ...Object.values(dangers).flatMap(Object.keys),
    ...Object.values(capabilities.syscalls).flat(),
    ...[summaries, kernels, notes, libseccomp.names].flatMap(Object.keys),
    ...Object.values(status).flat(),
    ...Object.values(hand['libc-aliases']).flat(),
  ];
  const unknown = mentioned.filter((name) => !table.syscalls[name]);
  if (unknown.length) throw new Error(`unknown syscalls in hand-written tables: ${unknown.join(' ')}`);
}

function provenance() {
  return {
    sources: sources.map((/** @type {any} */ { id, kind, suite: _, ...source }) => ({
      package: source.package,
      kind,
      version: lock[id].version,
      sha256: lock[id].sha256,
      licence: source.licence,
      taken: source.taken,
    })),
    numbersEqualToKernelHeaders: check,
    files: Object.fromEntries(Object.keys(files).map((file) => [file, digest(file)])),
  };
}

/** @param {string} file */
function digest(file) {
  return createHash('sha256')
    .update(fs.readFileSync(path.join(data, file)))
    .digest('hex');
}

/** @param {string} file @param {unknown} content */
function write(file, content, indent = 0) {
  const target = path.join(data, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, `${JSON.stringify(content, null, indent)}\n`);
}
