import { createTests } from '../../../server/src/cases/create.ts';
import { type Analysis, analyse } from '../../../server/src/checks/analyse.ts';
import { complete } from '../../../server/src/features/completion.ts';
import { foldingRanges } from '../../../server/src/features/folding.ts';
import { hover } from '../../../server/src/features/hover.ts';
import { inlayHints } from '../../../server/src/features/inlay.ts';
import { selectionRanges } from '../../../server/src/features/selection.ts';
import { symbols } from '../../../server/src/features/symbols.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import type { ProfileDocument } from '../../../server/src/profile/model.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

/** How often something of the document was read: a measure of work that is the same on every machine. */
export interface Work {
  readonly findings: number;
  readonly fixes: number;
  readonly features: number;
}

/** What it takes to find all that is wrong with a text, to make all fixes of it, and to answer what an editor asks. */
export function workOn(text: string): Work {
  const counter = { reads: 0 };
  const analysis = analyse(counted(parseProfile(text), counter), {
    target: defaultTarget(),
    onError: (check, cause) => {
      throw new Error(`${check.code} failed`, { cause });
    },
  });
  const { findings } = analysis;
  const found = findings.length && counter.reads;
  for (const { fixes } of findings) fixes?.();
  const mended = counter.reads;
  answer(analysis);
  return { findings: found, fixes: mended - found, features: counter.reads - mended };
}

/** Asks what an editor shows of the whole text, and what it asks at some places of it. */
function answer(analysis: Analysis): void {
  const { document } = analysis;
  const { length } = document.text;
  symbols(document);
  foldingRanges(document);
  inlayHints(analysis, { start: 0, end: length }, { arguments: true, values: true, errnos: true });
  createTests(analysis);
  for (let place = 0; place < 40; place++) {
    const offset = Math.floor((length * place) / 39);
    hover(analysis, offset);
    complete(analysis, offset, { snippets: true });
    selectionRanges(document, offset);
  }
}

/** The document, with each read of a property of anything in it counted. */
function counted(document: ProfileDocument, counter: { reads: number }): ProfileDocument {
  const proxies = new WeakMap<object, object>();
  const originals = new WeakMap<object, object>();
  const original = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? (originals.get(value) ?? value) : value;
  const wrap = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const known = proxies.get(value);
    if (known) return known;
    const proxy = value instanceof Map ? wrapMap(value) : new Proxy(value, handler);
    proxies.set(value, proxy);
    originals.set(proxy, value);
    return proxy;
  };
  const wrapMap = (map: ReadonlyMap<unknown, unknown>): object => ({
    get: (key: unknown) => wrap(map.get(original(key))),
    has: (key: unknown) => map.has(original(key)),
    values: () => [...map.values()].map(wrap).values(),
  });
  const handler: ProxyHandler<object> = {
    get: (target, key) => {
      counter.reads++;
      return wrap(Reflect.get(target, key));
    },
  };
  return wrap(document) as ProfileDocument;
}
