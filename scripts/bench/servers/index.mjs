import { documents } from '../documents.mjs';
import { table } from '../table.mjs';
import { floors } from './floors.mjs';
import { completions, recorder, starts, visit } from './measure.mjs';
import { servers } from './peers.mjs';
import { answers, reasons, report, verdict } from './report.mjs';

const STEPS = {
  start: 'process start to `initialize`',
  idle: 'memory, idle',
  open: 'open to diagnostics',
  key: 'keystroke to diagnostics',
  burst: 'ten keys in a row',
  hover: 'hover',
  symbols: 'symbols',
  completion: 'completion in `names`',
  peak: 'memory, peak',
};

const STARTS = 15;

/** Why a whole analysis does not take as little as a tree. */
const ANALYSIS =
  'Why not, all analysis: a tree is a sixth of it. The rest are 81 checks, a filter for each of three architectures, and what is known of its rules; a keystroke pays for one rule of that.';

/** Every row of the servers' table and its notes. `rounds` is how often fresh processes visit each document. */
export async function compareServers(product, rounds, progress) {
  const { ours, json, jsonNames, bare } = await servers(product);
  const { samples, record } = recorder();
  const all = documents(product);
  progress('start');
  await starts({ ours, json, bare }, STARTS, record);
  for (let round = 0; round < rounds; round++) {
    for (const document of all) {
      progress(`${document.label}, round ${round + 1} of ${rounds}`);
      await visit({ ours, json, bare }, document, record);
    }
    const docker = all.find(({ id }) => id === 'docker');
    await completions({ ours, json: jsonNames, bare }, docker, record);
  }
  progress('in process');
  const label = (what) => {
    const [id, step] = what.includes(' ') ? what.split(' ') : ['', what];
    const document = all.find((each) => each.id === id);
    return document ? `${STEPS[step]}, ${document.label}` : STEPS[step];
  };
  return {
    table: report(samples, label),
    inProcess: inProcessTable(all, await floors(product, all, 7)),
    notes: [...reasons(samples), ANALYSIS, answers(samples, label)],
  };
}

function inProcessTable(all, measured) {
  const rows = all.map(({ id, label, text }) => {
    const { analysis, parseTree, jsonParse } = measured[id];
    const ratio = analysis / parseTree;
    const times = [analysis, parseTree, jsonParse].map((ms) => (ms === undefined ? '–' : ms.toFixed(3)));
    return [`${label}, ${(text.length / 1000).toFixed(0)} kB`, ...times, ratio.toFixed(2), verdict(ratio, 1)];
  });
  const head = [
    'all analysis, in process, ms processor',
    'ours',
    '`parseTree`',
    '`JSON.parse`',
    'of `parseTree`',
    'aim',
  ];
  return table(head, rows);
}
