import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { keepCode, readCode } from './kept-code.ts';

/** Which program of the bundle this is. */
declare const PROGRAM: 'server' | 'cli';

/** Different for every content of the bundle: V8 compares no more than lengths. */
declare const BUNDLE: string;

/** What a file of the bundle is called with, as a module is. */
type Run = (exports: object, require: (id: string) => unknown, module: Module, file: string, folder: string) => void;

interface Module {
  // as CommonJS has it
  exports: Readonly<Record<string, (settled: () => void) => unknown>>;
}

interface Loaded {
  readonly module: Module;
  /** Keeps what V8 has compiled of the file by now. */
  readonly keep: () => void;
}

/** What Node puts around a module. */
const WRAPPER = ['(function (exports, require, module, __filename, __dirname) {', '\n})'] as const;

/** What any program needs of Node, `net` for its standard streams. */
const NEEDED = ['net', 'os', 'string_decoder', 'url', 'util'];

/**
 * Both programs work in short bursts, in which V8's optimizing compilers cost more than they gain, in time and in memory: they
 * get to work thirty times later. Earlier releases of V8 count bytes of code for that, later ones calls.
 */
function optimizeLater(): void {
  const release = Number.parseInt(process.versions.v8, 10);
  if (release === 11) setFlagsFromString('--interrupt-budget=2000000');
  // an unknown flag makes V8 write to standard error
  if (release < 12 || release > 14) return;
  setFlagsFromString('--invocation-count-for-turbofan=90000');
  setFlagsFromString('--invocation-count-for-maglev=12000');
}

const isDisabled = Boolean(process.env.NODE_DISABLE_COMPILE_CACHE);
const loaded = new Map<string, Loaded>();

/** What a file of the bundle requires: other files of it, and Node. */
function requireFrom(id: string): unknown {
  return id.startsWith('./') ? (loaded.get(id) ?? load(id)).module.exports : require(id);
}

/**
 * Loads a file of the bundle as `require` does, with the code that V8 compiled of it in an earlier start. That lies beside the
 * bundle, since whoever can write it can run code; where that folder cannot be written, there is none.
 */
function load(id: string): Loaded {
  const file = join(__dirname, id);
  const name = `${PROGRAM}-${basename(id)}-${BUNDLE}-${cachedDataVersionTag().toString(16)}`;
  const kept = join(__dirname, '.cache', name);
  const [head, tail] = WRAPPER;
  // in one piece, since V8 keeps each that a string was put together from for a while
  const source = Buffer.concat([Buffer.from(head), readFileSync(file), Buffer.from(tail)]).toString();
  const cachedData = isDisabled ? undefined : readCode(kept);
  const script = new Script(source, { filename: file, columnOffset: -head.length, ...(cachedData && { cachedData }) });
  const isNew = cachedData === undefined || script.cachedDataRejected === true;
  const module: Module = { exports: {} };
  const keep = (): void => {
    if (isNew && !isDisabled) keepCode(kept, script.createCachedData());
  };
  const made = { module, keep };
  loaded.set(id, made);
  const run: Run = script.runInThisContext();
  run(module.exports, requireFrom, module, file, __dirname);
  return made;
}

// V8 takes the compiled code that comes with Node, and ours, only under the flags that it was made with
for (const id of NEEDED) require(`node:${id}`);
optimizeLater();
load(`./program-${PROGRAM}.cjs`).module.exports.start?.(() => {
  for (const { keep } of loaded.values()) keep();
});
