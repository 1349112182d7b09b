import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { oneWrite } from '../../../server/entry/one-write.ts';

describe('messages on a stream', () => {
  it('are written as one piece each, in their order', async () => {
    const pieces: string[] = [];
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        pieces.push(chunk.toString());
        setImmediate(done);
      },
    });
    const writer = new StreamMessageWriter(oneWrite(output));
    const bodies = ['a', 'ä'.repeat(100_000), ''].map((text) => ({ jsonrpc: '2.0', text }));
    await Promise.all(bodies.map((body) => writer.write(body)));
    assert.equal(pieces.length, bodies.length);
    pieces.forEach((piece, i) => {
      const [header, body] = piece.split('\r\n\r\n');
      assert.deepEqual(JSON.parse(body!), bodies[i]);
      assert.equal(header, `Content-Length: ${Buffer.byteLength(body!)}`);
    });
  });

  it('are understood at the other end', async () => {
    const [there, back] = [new PassThrough(), new PassThrough()];
    const server = createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(oneWrite(back)));
    const client = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
    server.onRequest('echo', (text: string) => text);
    server.listen();
    client.listen();
    const texts = Array.from({ length: 50 }, (_, i) => '\u{1f600}'.repeat(i * i));
    assert.deepEqual(await Promise.all(texts.map((text) => client.sendRequest('echo', text))), texts);
    server.dispose();
    client.dispose();
  });

  it('tell when nobody reads any more', async () => {
    const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken pipe')) });
    const stream = oneWrite(output);
    const failed = once(stream, 'error');
    const writer = new StreamMessageWriter(stream);
    const closed = new Promise<void>((resolve) => void writer.onClose(resolve));
    await assert.rejects(writer.write({ jsonrpc: '2.0' }), /broken pipe/);
    assert.match(String((await failed)[0]), /broken pipe/);
    await closed;
  });

  it('end with the stream behind', async () => {
    const output = new PassThrough();
    const stream = oneWrite(output);
    const closed = once(stream, 'close');
    output.destroy();
    await closed;
  });
});
