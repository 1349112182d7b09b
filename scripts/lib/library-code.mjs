import fs from 'node:fs';
import path from 'node:path';

/** What TypeScript puts in front of each of its files, before the file says that it is a module. */
const HELPERS = /^var __createBinding = \(this && [\s\S]*?(?=^Object\.defineProperty\(exports, "__esModule")/m;
const HELPER = /^var (__\w+) = /gm;

const HELPERS_MODULE = 'library-code:helpers';

/** What a file hands on of another, name by name. */
const handing = (from) =>
  String.raw`Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return ${from}\.\w+; \} \}\);\n`;
const HANDING = new RegExp(handing(String.raw`(?<from>\w+)`), 'm');
const HANDINGS = new RegExp(`^${handing(String.raw`(\w+)`)}(?:${handing(String.raw`\2`)})*`, 'gm');

/** Names said before they have a value, for the sake of files that hand on all of another but what they have themselves. */
const SAID = /^(?:exports\.\w+ = )+void 0;\n/gm;
const HANDS_ON_ALL = '__exportStar(';

/** What the description of the protocol for machines is generated from. */
const DESCRIPTION =
  /^ +\w+\.(?:messageDirection = messages_1\.MessageDirection\.\w+|capabilities = messages_1\.CM\.create\(.*\));\n/gm;

/** The file whose helpers the others take: it has nearly all. */
const HELPERS_FROM = path.join('vscode-languageclient', 'lib', 'node', 'main.js');

const namesIn = (helpers) => [...helpers.matchAll(HELPER)].map(([, name]) => name);

/** A file of a library that takes its helpers from one place, where they are all there. */
export function withoutHelpers(source, there) {
  const names = namesIn(HELPERS.exec(source)?.[0] ?? '');
  if (names.length === 0 || !names.every((name) => there.includes(name))) return source;
  return source.replace(HELPERS, () => `const { ${names.join(', ')} } = require('${HELPERS_MODULE}');\n`);
}

/** A file of a library without what has no effect, and with all that it hands on of another file in one statement. */
export function shortened(source) {
  const rest = source.includes(HANDS_ON_ALL) ? source : source.replace(SAID, '');
  return rest.replace(DESCRIPTION, '').replace(HANDINGS, (lines) => {
    const { from } = HANDING.exec(lines).groups;
    const names = [...lines.matchAll(/"(\w+)".*\.(\w+); /g)];
    if (names.some(([, to, of]) => to !== of)) return lines;
    return `require('${HELPERS_MODULE}').handOn(${from}, exports, '${names.map(([, name]) => name).join(' ')}');\n`;
  });
}

const HAND_ON = `function handOn(from, to, names) {
  for (const name of names.split(' ')) Object.defineProperty(to, name, { enumerable: true, get: () => from[name] });
}`;

/** The helpers, and the module that has them. */
export function helpersOf(folder) {
  const [helpers] = HELPERS.exec(read(path.join(folder, HELPERS_FROM)));
  const names = namesIn(helpers);
  return { names, contents: `${helpers}${HAND_ON}\nmodule.exports = { ${names.join(', ')}, handOn };` };
}

const FILES = /[\\/]vscode-(?:languageclient|languageserver|languageserver-protocol|jsonrpc)[\\/]lib[\\/].*\.js$/;
const read = (file) => fs.readFileSync(file, 'utf8');

/**
 * Bundles Microsoft's libraries for the protocol with other `contents` for some of their files, by path in `folder`, and with the
 * helpers that each file has only once. What is bundled may use none of the names of the protocol that are `gone`.
 */
export function libraryCode(folder, contents, gone) {
  const others = new Map(Object.entries(contents).map(([name, code]) => [path.join(folder, name), code]));
  const lost = [...others.keys()].filter((file) => !fs.existsSync(file));
  if (lost.length > 0) throw new Error(`${lost.join(', ')}: the library has no such file any more`);
  const helpers = helpersOf(folder);
  return {
    name: 'library-code',
    setup(build) {
      build.onLoad({ filter: FILES }, ({ path: file }) => {
        if (others.has(file)) return { contents: others.get(file) };
        const source = read(file);
        assertWithout(source, gone, file);
        return { contents: shortened(withoutHelpers(source, helpers.names)) };
      });
      build.onResolve({ filter: /^library-code:/ }, ({ path: name }) => ({ path: name, namespace: 'library-code' }));
      build.onLoad({ filter: /helpers$/, namespace: 'library-code' }, () => ({ contents: helpers.contents }));
    },
  };
}

/** What a file hands on by a getter it does not use. */
const HANDED_ON = /^Object\.defineProperty\(exports, .*$/gm;

function assertWithout(source, gone, file) {
  const used = new Set(
    [...source.replace(HANDED_ON, '').matchAll(/\b(?!exports\.)\w+\.(\w+)/g)].map(([, name]) => name),
  );
  const missed = gone.filter((name) => used.has(name));
  if (missed.length > 0) throw new Error(`${file} uses ${missed.join(', ')}, which is left out`);
}
