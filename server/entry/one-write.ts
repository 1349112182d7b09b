import { Writable } from 'node:stream';

/**
 * A stream for the protocol's library, which writes the header of a message as text and then its body as bytes. Both go on
 * as one piece: whoever reads is woken once, and not by a header that says nothing yet.
 */
export function oneWrite(output: Writable): Writable {
  let header = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      if (typeof chunk === 'string') {
        header += chunk;
        done();
        return;
      }
      const message = Buffer.concat([Buffer.from(header, 'ascii'), chunk]);
      header = '';
      output.write(message, done);
    },
  });
  output.on('error', (error) => stream.destroy(error));
  output.on('close', () => stream.destroy());
  return stream;
}
