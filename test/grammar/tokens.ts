import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import onigurumaModule from 'vscode-oniguruma';
import textmateModule, { type IGrammar } from 'vscode-textmate';

/** A stretch of one line and its scopes, outermost first, without the root scope. */
export interface Token {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly scopes: readonly string[];
}

const { loadWASM, createOnigScanner, createOnigString } = onigurumaModule;
const { Registry, parseRawGrammar, INITIAL } = textmateModule;
const scopeName = 'source.json.seccomp';
const file = 'syntaxes/seccomp.tmLanguage.json';

let loading: Promise<IGrammar> | undefined;

/** The grammar as an editor loads it; read once. */
export function grammar(): Promise<IGrammar> {
  loading ??= load();
  return loading;
}

async function load(): Promise<IGrammar> {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await loadWASM(new Uint8Array(readFileSync(wasm)));
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async (name) => (name === scopeName ? parseRawGrammar(readFileSync(file, 'utf8'), file) : null),
  });
  const loaded = await registry.loadGrammar(scopeName);
  if (!loaded) throw new Error(`no grammar for ${scopeName}`);
  return loaded;
}

/** Tokens of the text, line by line with the state carried over; blank ones are left out. */
export function tokenize(loaded: IGrammar, text: string): Token[] {
  let state = INITIAL;
  return text.split(/\r?\n/).flatMap((content, line) => {
    const result = loaded.tokenizeLine(content, state);
    state = result.ruleStack;
    return result.tokens
      .map((token) => ({
        line,
        start: token.startIndex,
        end: Math.min(token.endIndex, content.length),
        text: content.slice(token.startIndex, token.endIndex),
        scopes: token.scopes.slice(1),
      }))
      .filter((token) => token.text.trim() !== '');
  });
}
