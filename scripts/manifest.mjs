// Writes into package.json what follows from the sources: the settings, and which of them a workspace that is not trusted may not
// decide. `--check` fails where that is stale instead of writing it.
import fs from 'node:fs';
import path from 'node:path';
import { loadModule, root } from './lib/load.mjs';

const file = path.join(root, 'package.json');
const { settingsTable } = await loadModule('server/src/settings-table.ts');
const { SEVERITIES } = await loadModule('server/src/settings.ts');
const { CHECKS } = await loadModule('server/src/checks/index.ts');

/** A setting as VS Code wants it. */
function property({ schema, description }, order) {
  return { order, markdownDescription: description, ...schema };
}

/** One property for each check, so that the settings editor offers and explains them. */
function severities() {
  const properties = CHECKS.map(({ code, severity, summary }) => [
    code,
    { type: 'string', enum: SEVERITIES, default: severity, description: summary },
  ]);
  return {
    order: 0,
    markdownDescription: 'Severity by diagnostic where it is to differ, or `off`.',
    type: 'object',
    default: {},
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

/** The sections of the settings editor, by the first part of a setting's name. */
const SECTIONS = [
  ['target', 'Target'],
  ['diagnostics', 'Diagnostics'],
  ['recognition', 'Recognition'],
  ['codeLens', 'Code Lens'],
  ['inlayHints', 'Inlay Hints'],
  ['container', 'Test in Container'],
];

function configuration() {
  const settings = [
    ...settingsTable().map((spec, i) => [`seccomp.${spec.key}`, property(spec, i)]),
    ['seccomp.diagnostics.severity', severities()],
  ];
  const lost = settings.filter(([name]) => !SECTIONS.some(([prefix]) => name.startsWith(`seccomp.${prefix}.`)));
  if (lost.length > 0) throw new Error(`No section for ${lost.map(([name]) => name).join(', ')}`);
  return SECTIONS.map(([prefix, title]) => ({
    title,
    properties: Object.fromEntries(settings.filter(([name]) => name.startsWith(`seccomp.${prefix}.`))),
  }));
}

const restricted = () =>
  settingsTable()
    .filter((spec) => spec.restricted)
    .map(({ key }) => `seccomp.${key}`);

const before = fs.readFileSync(file, 'utf8');
const manifest = JSON.parse(before);
manifest.contributes.configuration = configuration();
manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restricted();
const after = `${JSON.stringify(manifest, null, 2)}\n`;

if (after === before) console.log('package.json is up to date');
else if (process.argv.includes('--check')) {
  console.error('package.json is stale; run npm run manifest');
  process.exitCode = 1;
} else {
  fs.writeFileSync(file, after);
  console.log('package.json written');
}
