import fs from 'node:fs';
import path from 'node:path';
import { pack, unpacking } from './packed.mjs';

/**
 * How every check says what it is about, as the formatter leaves it: constant texts in this order. An example may be worked out
 * instead, by a getter.
 */
const TEXT = String.raw`(?:\x60(?:[^\x60\\$]|\\[^]|\$(?!\{))*\x60|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`;
const GETTER = String.raw`get \w+\(\) \{\n(?: {6}.*\n)+ {4}\}`;
const COMMENT = String.raw`(?: {4}\/\/.*\n)*`;
const PROSE = new RegExp(
  String.raw`^  summary:\s+${TEXT},\n  explanation: ${TEXT},\n  example: \{\n(?:${COMMENT} {4}(?:\w+:\s+${TEXT}|${GETTER}),\n)+  \},\n`,
  'm',
);

const DESCRIPTION = new RegExp(String.raw`^    (?:  )?(?:description|patternErrorMessage):\s+${TEXT},\n`, 'gm');
const CHOICES = new RegExp(String.raw`^      enumDescriptions: \[\n(?:        ${TEXT},\n)+      \],\n`, 'gm');

/** The source of a check without its prose, which it gets from its prototype instead. */
export function withoutProse(source, code) {
  const parts = source.split(PROSE);
  if (parts.length !== 2)
    throw new Error(`${code}.ts does not have summary, explanation and example as constant texts, in this order`);
  return `import { documented } from 'packed:checks';\n${parts.join('  __proto__: documented,\n')}`;
}

/** The table of settings without what only the manifest tells. */
export function withoutDescriptions(source) {
  return source.replace(DESCRIPTION, '').replace(CHOICES, '');
}

/**
 * Leaves the prose of the checks out of a bundle for Node, into a packed file beside it that is read when somebody wants to know
 * more. It is a third of all that there is to say about profiles, and nothing that checking one needs.
 */
export function packedProse(checks, packed) {
  const codes = new Set(checks.map(({ code }) => code));
  return {
    name: 'packed-prose',
    setup(build) {
      build.onResolve({ filter: /^packed:checks$/ }, ({ path: name }) => ({ path: name, namespace: 'packed' }));
      build.onLoad({ filter: /^packed:checks$/, namespace: 'packed' }, () => ({
        contents: `${unpacking(packed)}
let prose;
const proseOf = (check) => (prose ??= JSON.parse(unpacked().toString()))[check.code];
export const documented = {
  get summary() { return proseOf(this).summary; },
  get explanation() { return proseOf(this).explanation; },
  get example() { return proseOf(this).example; },
};`,
      }));
      build.onLoad({ filter: /[\\/]server[\\/]src[\\/]checks[\\/]\w+[\\/].*\.ts$/ }, async ({ path: file }) => {
        const code = path.basename(file, '.ts');
        if (!codes.has(code)) return undefined;
        const source = await fs.promises.readFile(file, 'utf8');
        return { loader: 'ts', contents: withoutProse(source, code) };
      });
      build.onLoad({ filter: /[\\/]server[\\/]src[\\/]settings-table\.ts$/ }, async ({ path: file }) => ({
        loader: 'ts',
        contents: withoutDescriptions(await fs.promises.readFile(file, 'utf8')),
      }));
      build.onEnd(() => pack(packed, JSON.stringify(Object.fromEntries(checks.map(proseEntry)))));
    },
  };
}

const proseEntry = ({ code, summary, explanation, example }) => [code, { summary, explanation, example }];
