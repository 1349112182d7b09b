export const ms = (value) => `${value < 0.1 ? value.toFixed(4) : value.toFixed(2)} ms`;
export const perSecond = (value) => `${(value / 1e6).toPrecision(3)} M/s`;
export const ratio = (ours, theirs) => `${(ours / theirs).toFixed(2)}×`;

/** A table of markdown; every row has as many cells as the head. */
export function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
