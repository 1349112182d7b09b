import { interleaved, sampler } from '../rounds.mjs';

/** In process, milliseconds of processor time: our analysis beside what any server must at least do with a text. */
export async function floors(product, documents, rounds) {
  const target = product.defaultTarget();
  const onError = ({ code }, cause) => {
    throw new Error(`${code} failed`, { cause });
  };
  const found = {};
  for (const { id, text } of documents) {
    const valid = id !== 'broken';
    found[id] = await interleaved(
      {
        analysis: sampler(() => product.analyse(product.parseProfile(text), { target, onError }).findings),
        parseTree: sampler(() => product.parseTree(text)),
        ...(valid && { jsonParse: sampler(() => JSON.parse(text)) }),
      },
      rounds,
    );
  }
  return found;
}
