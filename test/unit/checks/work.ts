import { analyse } from '../../../server/src/checks/analyse.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import type { ProfileDocument } from '../../../server/src/profile/model.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

/** How often something of the document was read: a measure of work that is the same on every machine. */
export interface Work {
  readonly findings: number;
  readonly fixes: number;
}

/** What it takes to find all that is wrong with a text, and to make all fixes of it. */
export function workOn(text: string): Work {
  const counter = { reads: 0 };
  const { findings } = analyse(counted(parseProfile(text), counter), {
    target: defaultTarget(),
    onError: (check, cause) => {
      throw new Error(`${check.code} failed`, { cause });
    },
  });
  const found = { count: findings.length, reads: counter.reads };
  for (const { fixes } of findings) fixes?.();
  return { findings: found.reads, fixes: counter.reads - found.reads };
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
