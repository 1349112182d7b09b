/** The editor's copy of a text, which makes the changes that are sent. */
export class EditedDocument {
  #lines;

  constructor(uri, text) {
    this.uri = uri;
    this.text = text;
    this.version = 1;
    this.#count();
  }

  #count() {
    this.#lines = [0];
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) this.#lines.push(at + 1);
  }

  positionAt(offset) {
    let line = 0;
    for (let step = 1 << Math.floor(Math.log2(this.#lines.length)); step > 0; step >>= 1)
      if (this.#lines[line + step] <= offset) line += step;
    return { line, character: offset - this.#lines[line] };
  }

  /** Replaces `length` characters at `offset`; gives the parameters of `textDocument/didChange`. */
  replace(offset, length, text) {
    const range = { start: this.positionAt(offset), end: this.positionAt(offset + length) };
    this.text = this.text.slice(0, offset) + text + this.text.slice(offset + length);
    this.version++;
    this.#count();
    return { textDocument: { uri: this.uri, version: this.version }, contentChanges: [{ range, text }] };
  }
}

/** Offsets where the first group of `pattern` ends, at most `count`, spread over the text. */
export function places(text, pattern, count) {
  const all = [...text.matchAll(pattern)].map(({ indices }) => indices[1][1]);
  const taken = Math.min(count, all.length);
  // coprime with most lengths, so that neighbours in time are not neighbours in the text
  return Array.from({ length: taken }, (_, i) => all[Math.floor((((i * 7) % taken) * all.length) / taken)]);
}
