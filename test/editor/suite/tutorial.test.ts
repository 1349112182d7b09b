import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  apply,
  closeEditors,
  codeActions,
  codeLensTitles,
  completionLabels,
  current,
  diagnostics,
  hoverText,
  languageBecomes,
  openAtCursor,
  openFile,
  poll,
  positionOf,
  wholeOf,
} from './helpers.ts';

const isError = (diagnostic: vscode.Diagnostic) => diagnostic.severity === vscode.DiagnosticSeverity.Error;

describe('the installed extension', () => {
  it('is the one that was packaged', () => {
    const extension = vscode.extensions.getExtension('seccomp-profiles.seccomp-profiles');
    assert.ok(extension, 'the extension is not installed');
    assert.match(extension.extensionPath, /seccomp-profiles\.seccomp-profiles-\d/);
  });
});

describe('a profile from an old tutorial', () => {
  let tutorial: vscode.TextDocument;

  before(async () => {
    const opened = await openFile('examples/tutorial.json');
    await languageBecomes(opened, 'seccomp');
    tutorial = current(opened);
  });

  after(closeEditors);

  it('is underlined where a container engine refuses it', async () => {
    const found = await diagnostics(tutorial, 'errors about commas', (all) => all.filter(isError).length >= 2);
    for (const diagnostic of found) assert.equal(diagnostic.source, 'seccomp');
    assert.ok(found.filter(isError).every((d) => /comma/i.test(d.message)));
  });

  it('is told which relatives of the denied syscalls still do the same', async () => {
    const relatives = ['mkdirat', 'io_uring', 'fchmod', 'fchmodat', 'fchmodat2', 'lchown', 'fchown', 'fchownat'];
    const found = await diagnostics(tutorial, 'the relatives', (all) => {
      const messages = all.map((d) => d.message).join('\n');
      return relatives.every((name) => new RegExp(`\\b${name}`).test(messages));
    });
    assert.ok(found.some((d) => d.severity === vscode.DiagnosticSeverity.Warning));
  });

  it('explains a syscall on hover', async () => {
    const place = positionOf(tutorial, 'mkdir').translate(0, 1);
    const text = await poll('hover on mkdir', async () => (await hoverText(tutorial, place)) || undefined);
    assert.match(text, /create a directory/i);
    assert.match(text, /mode/);
  });

  it('has a code lens that tests it in a container', async () => {
    await poll('the lens', async () =>
      (await codeLensTitles(tutorial)).some((title) => title.includes('Test in Docker')),
    );
  });

  it('is one that Docker reads after one fix of everything', async () => {
    const fixAll = await poll('a fix for all', async () => {
      const offered = await codeActions(tutorial, vscode.CodeActionKind.SourceFixAll);
      return offered.find((action) => action.kind?.value.startsWith('source.fixAll'));
    });
    await apply(fixAll);
    const profile: unknown = JSON.parse(tutorial.getText());
    assert.deepEqual(Object.keys(profile as object), ['defaultAction', 'architectures', 'syscalls']);
    await diagnostics(tutorial, 'no error is left', (all) => !all.some(isError));
  });

  it('has a fix that denies the relatives too', async () => {
    const fix = await poll('a fix that adds mkdirat', async () => {
      const offered = await codeActions(tutorial, vscode.CodeActionKind.QuickFix, wholeOf(tutorial));
      return offered.find((action) => /mkdirat/.test(JSON.stringify(action.edit?.entries() ?? [])));
    });
    await apply(fix);
    assert.match(tutorial.getText(), /"mkdirat"/);
  });
});

describe('completion', () => {
  after(closeEditors);

  it('offers the syscalls of the same family within a rule', async () => {
    const { document, position } = await openAtCursor(`{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mkdir", "|"], "action": "SCMP_ACT_ERRNO" }]
}`);
    await languageBecomes(document, 'seccomp');
    const labels = await poll('completion', async () => {
      const offered = await completionLabels(document, position);
      return offered.includes('mkdirat') ? offered : undefined;
    });
    assert.equal(labels[0], 'mkdirat', 'the relative of the names that are there comes first');
    assert.ok(!labels.includes('mkdir'), 'what the rule has already is left out');
  });
});
