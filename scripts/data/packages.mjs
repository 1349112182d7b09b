// Fetches Debian packages by name and version into a cache, and checks each against the lock.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const cache = path.join(os.homedir(), '.cache', 'seccomp-profiles-data');

/**
 * @typedef {object} Source
 * @property {string} id what the generator calls it
 * @property {'binary' | 'source'} kind a .deb, or the upstream tarball of a source package
 * @property {string} package
 * @property {string} suite
 * @property {string} licence of what is taken
 * @property {string} taken
 *
 * @typedef {{ version: string, file: string, sha256: string }} Locked
 */

/**
 * Downloads what is missing and returns the folder of each unpacked source by its id.
 * @param {readonly Source[]} sources
 * @param {Record<string, Locked>} lock extended where a source is not in it
 * @returns {Record<string, string>}
 */
export function unpackAll(sources, lock) {
  fs.mkdirSync(path.join(cache, 'files'), { recursive: true });
  const apt = privateApt();
  return Object.fromEntries(
    sources.map((source) => {
      lock[source.id] ??= apt.newest(source);
      const locked = lock[source.id];
      const file = path.join(cache, 'files', locked.file);
      if (!fs.existsSync(file)) apt.download(source, locked, path.dirname(file));
      if (!locked.sha256) locked.sha256 = sha256(file);
      if (sha256(file) !== locked.sha256) throw new Error(`${locked.file}: checksum differs from sources.lock.json`);
      return [source.id, unpack(source, file, locked.sha256)];
    }),
  );
}

/** @param {string} file */
export const sha256 = (file) => createHash('sha256').update(fs.readFileSync(file)).digest('hex');

/** @param {Source} source @param {string} file @param {string} digest */
function unpack(source, file, digest) {
  const folder = path.join(cache, 'unpacked', `${source.id}-${digest.slice(0, 12)}`);
  if (fs.existsSync(folder)) return folder;
  const half = `${folder}.part`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.mkdirSync(half, { recursive: true });
  if (source.kind === 'binary') execFileSync('dpkg-deb', ['-x', file, half]);
  else execFileSync('tar', ['-xJf', file, '-C', half, '--strip-components=1']);
  fs.renameSync(half, folder);
  return folder;
}

/** Extracts some members of a tarball once; returns their folder. @param {string} tarball @param {readonly string[]} patterns */
export function extractOnce(tarball, patterns) {
  const folder = `${tarball}.members`;
  if (fs.existsSync(folder)) return folder;
  const half = `${folder}.part`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.mkdirSync(half, { recursive: true });
  execFileSync('tar', ['-xJf', tarball, '-C', half, '--strip-components=1', '--wildcards', ...patterns]);
  fs.renameSync(half, folder);
  return folder;
}

/**
 * apt with lists of its own, so that suites can be read which the machine does not use: nothing of the system changes.
 * The mirror is the one that the machine's own sources name.
 */
function privateApt() {
  const folder = path.join(cache, 'apt');
  const options = [
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Etc::SourceList=${folder}/suites.sources`,
    'Dir::Etc::SourceParts=-',
    `Dir::Cache=${folder}/cache`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  let ready = false;
  const run = (/** @type {string} */ program, /** @type {readonly string[]} */ args, cwd = folder) => {
    if (!ready) refresh();
    return execFileSync(program, [...options, ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  };
  const refresh = () => {
    ready = true;
    for (const part of ['lists/partial', 'cache/archives/partial'])
      fs.mkdirSync(path.join(folder, part), { recursive: true });
    fs.writeFileSync(path.join(folder, 'suites.sources'), debianSuites(['sid', 'trixie']));
    run('apt-get', ['-q', 'update']);
  };
  return {
    /** @param {Source} source @returns {Locked} */
    newest(source) {
      const wanted = source.kind === 'source' ? 'Sources' : 'Packages';
      const rows = run('apt-cache', ['madison', source.package])
        .split('\n')
        .map((row) => row.split('|').map((cell) => cell.trim()));
      const versions = rows
        .filter(([, , origin]) => origin?.includes(` ${source.suite}/`) && origin.endsWith(wanted))
        .map(([, version]) => version ?? '')
        .sort((a, b) => (isNewer(a, b) ? 1 : -1));
      const version = versions.at(-1);
      if (!version) throw new Error(`${source.package} is not in ${source.suite}`);
      if (source.kind === 'source') return { version, ...this.tarball(source, version) };
      return { version, file: `${source.package}_${version.replace(/^\d+:/, '')}.deb`, sha256: '' };
    },
    /** @param {Source} source @param {string} version */
    tarball(source, version) {
      const uris = run('apt-get', ['--print-uris', '--download-only', 'source', `${source.package}=${version}`]);
      const found = uris.match(/^'\S+' (\S+\.orig\.tar\.xz) \d+ SHA256:(\w+)/m);
      if (!found) throw new Error(`${source.package} ${version} has no upstream tarball`);
      return { file: found[1] ?? '', sha256: found[2] ?? '' };
    },
    /** @param {Source} source @param {Locked} locked @param {string} into */
    download(source, locked, into) {
      const work = fs.mkdtempSync(path.join(into, 'download-'));
      const what = `${source.package}=${locked.version}`;
      if (source.kind === 'binary') run('apt-get', ['-q', 'download', what], work);
      else attempt(() => run('apt-get', ['-q', '--download-only', '--tar-only', 'source', what], work));
      const got = fs
        .readdirSync(work)
        .find((name) => (source.kind === 'binary' ? name.endsWith('.deb') : name === locked.file));
      if (!got) throw new Error(`${what} was not downloaded`);
      fs.renameSync(path.join(work, got), path.join(into, locked.file));
      fs.rmSync(work, { recursive: true });
    },
  };
}

/** A mirror may lack other tarballs of a source than the wanted one, which the caller checks. @param {() => void} action */
function attempt(action) {
  try {
    action();
  } catch {
    console.error('some files of the source package were not found');
  }
}

/** @param {string} a @param {string} b */
function isNewer(a, b) {
  try {
    execFileSync('dpkg', ['--compare-versions', a, 'gt', b]);
    return true;
  } catch {
    return false;
  }
}

/** @param {readonly string[]} suites */
function debianSuites(suites) {
  const targets = execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' });
  const mirror = targets.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (!mirror) throw new Error('no Debian mirror in the apt sources: run this on Debian');
  const key = '/usr/share/keyrings/debian-archive-keyring.gpg';
  return `Types: deb deb-src\nURIs: ${mirror}\nSuites: ${suites.join(' ')}\nComponents: main\nSigned-By: ${key}\n`;
}
