import { median } from '../rounds.mjs';
import { table } from '../table.mjs';
import { AIMS, REASONS } from './aims.mjs';

const digits = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(0));

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const UNIT = { ms: 'ms', cpu: 'ms processor', mib: 'MiB' };

function cell(values, of) {
  if (!values) return '–';
  const high = of === 'ms' && values.length >= 10 ? ` (${digits(percentile(values, 0.95))})` : '';
  return `${digits(median(values))}${high}`;
}

/** `0.48`, or nothing where one of the two was not measured. */
function ratioOf(ours, theirs) {
  return ours && theirs ? median(ours) / median(theirs) : undefined;
}

export function verdict(ratio, aim) {
  if (ratio === undefined || aim === undefined) return '';
  return ratio <= aim ? `≤ ${aim} met` : `**≤ ${aim} not met**`;
}

/** One row for each thing that was measured and each way to measure it. `labels` puts rows into words. */
export function report(samples, labels) {
  const rows = [];
  for (const what of Object.keys(samples.ours))
    for (const of of Object.keys(UNIT)) {
      const [ours, json, bare] = ['ours', 'json', 'bare'].map((name) => samples[name]?.[what]?.[of]);
      if (!ours) continue;
      const ratio = ratioOf(ours, json);
      const aim = AIMS.find((each) => each.what === what && each.of === of)?.aim;
      const shown = ratio === undefined ? '' : ratio.toFixed(2);
      const cells = [cell(ours, of), cell(json, of), cell(bare, of), shown, verdict(ratio, aim)];
      rows.push([labels(what), UNIT[of], ...cells]);
    }
  return table(['what', 'in', 'ours', 'VS Code’s JSON server', 'bare server', 'ours takes', 'aim'], rows);
}

/** Why aims are missed, one line for each kind of row. */
export function reasons(samples) {
  const missed = AIMS.filter(({ what, of, aim }) => {
    const ratio = ratioOf(samples.ours?.[what]?.[of], samples.json?.[what]?.[of]);
    return ratio !== undefined && ratio > aim;
  });
  const kinds = [...new Set(missed.map(({ what }) => what.split(' ').at(-1)))].filter((kind) => REASONS[kind]);
  return kinds.map((kind) => `Why not, ${kind}: ${REASONS[kind]}`);
}

/** How much the answers held, so that a fast empty answer shows. */
export function answers(samples, labels) {
  const rows = Object.keys(samples.ours).flatMap((what) => {
    const [ours, json] = ['ours', 'json'].map((name) => samples[name]?.[what]?.answers);
    return ours ? [`${labels(what)} ${median(ours)} and ${json ? median(json) : '–'}`] : [];
  });
  return `Answers held (ours and the JSON server’s, middle): ${rows.join('; ')}. A ratio to an empty answer says little.`;
}
