import { follow, startServer } from './client.mjs';
import { EditedDocument, places } from './document.mjs';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const IDLE_MS = 500;
/** As a quick typist. */
const KEY_EVERY_MS = 80;
const KEYS = 10;

const ACTION = /"action": ?"(SCMP_ACT_[A-Z]+)"/dg;
const NAME = /"([a-z]{2})[a-z0-9_]+"(?!\s*:)/dg;

/** Collects samples: `samples.json['moby edit']` is `{ ms: [...], cpu: [...] }`. */
export function recorder() {
  const samples = {};
  const record = (server, row, kind, value) => {
    if (value === undefined) return;
    samples[server] ??= {};
    samples[server][row] ??= {};
    samples[server][row][kind] ??= [];
    samples[server][row][kind].push(value);
  };
  return { samples, record };
}

/** Calls `work` for each server in turn; the order turns around every time, so that none is always behind the same one. */
export function turns(running) {
  let backwards = false;
  return async (work) => {
    const order = Object.entries(running);
    if (backwards) order.reverse();
    backwards = !backwards;
    for (const [name, each] of order) await work(name, each);
  };
}

async function timed(work) {
  const from = performance.now();
  const answer = await work();
  return { ms: performance.now() - from, answer };
}

/** Processor time of each server over `work`, for one of `count` operations, with the garbage that is collected in between. */
async function spent(running, row, count, record, work) {
  const before = Object.entries(running).map(([name, { server }]) => [name, server, server.cpu()]);
  await work();
  for (const [name, server, from] of before)
    record(name, row, 'cpu', from === undefined ? undefined : (server.cpu() - from) / count);
}

/** Process start to the answer to `initialize`, and memory once that is over. */
export async function starts(specs, times, record) {
  const inTurn = turns(specs);
  for (let i = 0; i < times; i++)
    await inTurn(async (name, spec) => {
      const server = await startServer(spec);
      record(name, 'start', 'ms', server.startMs);
      record(name, 'start', 'cpu', server.startCpu);
      if (i < 3) {
        await sleep(IDLE_MS);
        record(name, 'idle', 'mib', server.memory()?.now);
      }
      await server.stop();
    });
}

/** Fresh servers, all with the same document open; records how long its first diagnostics take. */
async function openAll(specs, { id, text }, record) {
  const running = {};
  for (const [name, spec] of Object.entries(specs)) {
    const server = await startServer(spec);
    await sleep(IDLE_MS);
    const document = new EditedDocument(`file:///bench/${id}.json`, text);
    const { uri, version } = document;
    running[name] = { server, document };
    await spent({ [name]: running[name] }, `${id} open`, 1, record, async () => {
      const { ms, answer } = await timed(async () => {
        await server.notify('textDocument/didOpen', {
          textDocument: { uri, languageId: spec.languageId ?? 'json', version, text },
        });
        return server.request('textDocument/diagnostic', { textDocument: { uri } });
      });
      record(name, `${id} open`, 'ms', ms);
      record(name, `${id} open`, 'answers', answer.items.length);
    });
  }
  return running;
}

/** One letter into the text and out again, each time until its diagnostics are there. */
async function keystrokes(running, id, count, record) {
  const inTurn = turns(running);
  const [first] = Object.values(running);
  const { text } = first.document;
  const spots = [...places(text, NAME, count / 4), ...places(text, ACTION, count / 4)];
  const edit = async (name, { server, document }, ...change) => {
    const { ms, answer } = await timed(async () => {
      await server.notify('textDocument/didChange', document.replace(...change));
      return server.request('textDocument/diagnostic', { textDocument: { uri: document.uri } });
    });
    record(name, `${id} key`, 'ms', ms);
    record(name, `${id} key`, 'answers', answer.items.length);
  };
  await spent(running, `${id} key`, 2 * spots.length, record, async () => {
    for (const spot of spots) {
      await inTurn((name, each) => edit(name, each, spot, 0, 'x'));
      await inTurn((name, each) => edit(name, each, spot, 1, ''));
    }
  });
}

/** Ten keys at a typist's pace: processor time for all of them, and the wait after the last. */
async function burst(running, id, record) {
  await turns(running)(async (name, { server, document }) => {
    const [spot] = places(document.text, ACTION, 1);
    const diagnostics = follow(server, document.uri);
    const cpu = server.cpu();
    let last;
    for (let key = 0; key < KEYS; key++) {
      last = performance.now();
      await server.notify('textDocument/didChange', document.replace(spot + key, 0, 'x'));
      diagnostics.changed();
      if (key < KEYS - 1) await sleep(KEY_EVERY_MS);
    }
    await diagnostics.settled();
    record(name, `${id} burst`, 'ms', performance.now() - last);
    await sleep(IDLE_MS);
    record(name, `${id} burst`, 'cpu', cpu === undefined ? undefined : server.cpu() - cpu);
    await server.notify('textDocument/didChange', document.replace(spot, KEYS, ''));
    await server.request('textDocument/diagnostic', { textDocument: { uri: document.uri } });
  });
}

/** A request at places of the document. */
async function requests(running, row, method, count, record) {
  const inTurn = turns(running);
  const [first] = Object.values(running);
  const spots = places(first.document.text, NAME, count);
  if (spots.length === 0) return;
  await spent(running, row, spots.length, record, async () => {
    for (const spot of spots)
      await inTurn(async (name, { server, document }) => {
        const position = document.positionAt(spot);
        const params = { textDocument: { uri: document.uri }, position };
        const { ms, answer } = await timed(() => server.request(method, params));
        record(name, row, 'ms', ms);
        record(name, row, 'answers', sizeOf(answer));
      });
  });
}

/** Items of a list, characters of a hover. */
function sizeOf(answer) {
  if (Array.isArray(answer)) return answer.length;
  if (Array.isArray(answer?.items)) return answer.items.length;
  return answer?.contents ? (answer.contents.value ?? JSON.stringify(answer.contents)).length : 0;
}

async function stopAll(running, id, record) {
  for (const [name, { server }] of Object.entries(running)) {
    record(name, `${id} peak`, 'mib', server.memory()?.peak);
    await server.stop();
  }
}

/** All that is measured with one document open, in fresh processes. */
export async function visit(specs, { id, text, keys, extra }, record) {
  const running = await openAll(specs, { id, text }, record);
  if (keys > 0) await keystrokes(running, id, keys, record);
  await requests(running, `${id} hover`, 'textDocument/hover', 40, record);
  await requests(running, `${id} symbols`, 'textDocument/documentSymbol', 12, record);
  if (extra === 'burst') await burst(running, id, record);
  await stopAll(running, id, record);
}

/** Completion inside of `names`, in fresh processes. */
export async function completions(specs, { id, text }, record) {
  const running = await openAll(specs, { id, text }, () => {});
  await requests(running, `${id} completion`, 'textDocument/completion', 80, record);
  await stopAll(running, id, () => {});
}
