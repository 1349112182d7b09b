import { repeated } from './documents.mjs';
import { interleaved, sampler } from './rounds.mjs';
import { ms, ratio } from './table.mjs';

function texts(product) {
  const { text } = product.defaultProfile('docker');
  const profile = JSON.parse(text);
  return {
    'no rules': '{ "defaultAction": "SCMP_ACT_ERRNO" }',
    'Docker’s default': text,
    'Docker’s default, minified': JSON.stringify(profile),
    'Docker’s default ten times, other rules': JSON.stringify(repeated(product, profile, 10), null, 2),
  };
}

/** Every syscall on every architecture of the profile; the number of verdicts. */
function evaluateAll(product, profile, target) {
  const policy = profile && product.policyOf(profile, target);
  let count = 0;
  for (const arch of policy?.resolved.architectures ?? [])
    for (const name of product.syscallNames()) if (product.verdictOf(policy, name, arch)) count++;
  return count;
}

/** Diagnostics and evaluation of whole texts beside jsonc-parser's tree of the same text. Gives rows and notes. */
export async function readings(product, rounds) {
  const rows = [];
  const counts = [];
  const target = product.defaultTarget();
  for (const [name, text] of Object.entries(texts(product))) {
    const document = product.parseProfile(text);
    const findings = () => product.analyse(product.parseProfile(text), { target, onError: fail }).findings;
    const measured = await interleaved(
      {
        tree: sampler(() => product.parseTree(text)),
        parsed: sampler(() => product.parseProfile(text)),
        checked: sampler(findings),
        evaluated: sampler(() => evaluateAll(product, document.profile, target)),
        keystroke: sampler(() => evaluateAll(product, product.parseProfile(text).profile, target)),
      },
      rounds,
    );
    const verdicts = evaluateAll(product, document.profile, target);
    rows.push(...rowsOf(`${name}, ${(text.length / 1000).toFixed(1)} kB`, measured));
    counts.push(`${name} ${findings().length} findings, ${verdicts} verdicts`);
  }
  return {
    rows,
    notes: [
      `Every reading is of the whole text or profile, nothing is kept between runs: ${counts.join('; ')}. \`parseTree\` gives a bare tree; our parse also lists problems and builds the typed profile.`,
    ],
  };
}

function fail(check, error) {
  throw new Error(`${check.code} failed`, { cause: error });
}

function rowsOf(what, { tree, parsed, checked, evaluated, keystroke }) {
  const row = (label, value) => [what, label, ms(value), 'jsonc-parser, parseTree', ms(tree), ratio(value, tree)];
  return [
    row('parse', parsed),
    row('parse, all diagnostics', checked),
    row('all verdicts of the parsed profile', evaluated),
    row('parse, all verdicts', keystroke),
  ];
}
