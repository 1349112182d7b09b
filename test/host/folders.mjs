import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where the harness keeps what it downloads: `SECCOMP_EDITOR_CACHE`, else a folder of its own in the user's cache. */
export function cacheFolder() {
  const userCache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return process.env.SECCOMP_EDITOR_CACHE || path.join(userCache, 'seccomp-profiles-editor');
}

/**
 * A private temporary folder. The name is short, for the sockets in it: their path must fit into 107 bytes.
 */
export function temporaryFolder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'spe-'));
}

/**
 * Removes a folder and all in it, also while a dying process still writes there.
 *
 * @param {string} folder
 */
export function removeFolder(folder) {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
