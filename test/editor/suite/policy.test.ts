import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CompareResult } from '../../../server/src/protocol.ts';
import {
  closeEditors,
  codeLensTitles,
  current,
  languageBecomes,
  openText,
  poll,
  positionOf,
  wholeOf,
} from './helpers.ts';

const PROFILE = `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [
    {
      "names": ["clone"],
      "action": "SCMP_ACT_ERRNO",
      "errnoRet": 13,
      "args": [{ "index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ" }]
    },
    { "names": ["mount"], "action": "SCMP_ACT_ERRNO" }
  ]
}
`;

async function openProfile(text = PROFILE): Promise<vscode.TextDocument> {
  const opened = await openText(text);
  await languageBecomes(opened, 'seccomp');
  return current(opened);
}

const compare = (name: string, ...args: readonly unknown[]): Promise<CompareResult> =>
  poll(name, () => vscode.commands.executeCommand<CompareResult | undefined>(name, ...args));

const tabs = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);

describe('the meaning of a profile in the editor', () => {
  let profile: vscode.TextDocument;

  beforeEach(async () => {
    profile = await openProfile();
  });

  afterEach(closeEditors);

  it('stands between its words as inlay hints', async () => {
    const labels = await poll('hints', async () => {
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        profile.uri,
        wholeOf(profile),
      );
      return hints.length > 0 && hints.map(({ label }) => label);
    });
    assert.deepEqual(labels, ['EACCES', 'flags', 'CLONE_NEWUSER', 'CLONE_NEWUSER']);
  });

  it('is told in lenses above the profile and its rules', async () => {
    const titles = await poll('lenses', async () => {
      const found = await codeLensTitles(profile);
      return found.some((title) => title.startsWith('denies')) && found;
    });
    assert.ok(titles.some((title) => /^allowed \d+ · conditional 1 · denied 1$/.test(title)));
    assert.ok(titles.some((title) => /^\d+ looser than Docker's default: /.test(title)));
    assert.ok(titles.includes('denies mount'));
  });

  it('is explained for a call, and Enter goes to the rule that decides', async () => {
    await poll('the rule is selected', async () => {
      await vscode.commands.executeCommand('seccomp.explain', 'mount("a", "/b", NULL, 0, NULL)');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const editor = vscode.window.activeTextEditor;
      return (
        editor?.document.uri.toString() === profile.uri.toString() && profile.getText(editor.selection) === '"mount"'
      );
    });
  });

  it('is compared with the defaults', async () => {
    const docker = await compare('seccomp.compareWithDocker');
    assert.ok(docker.kind === 'report' && /looser/.test(docker.headline));
    await poll('the report is shown', () => tabs().some(({ label }) => label.includes("next to Docker's default")));
    await vscode.window.showTextDocument(profile, vscode.ViewColumn.One);
    const podman = await compare('seccomp.compareWithPodman', profile.uri);
    assert.ok(podman.kind === 'report' && /Podman's default/.test(podman.title));
  });

  it('is compared with another file, which need not be open', async () => {
    const other = await openProfile(PROFILE.replace('"mount"', '"umount2"'));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    const result = await compare('seccomp.compareProfiles', profile.uri, [profile.uri, other.uri]);
    assert.ok(result.kind === 'report');
    assert.match(result.headline, /: 1 looser, 1 tighter$/);
    assert.match(result.markdown, /`mount`.*\| allowed/);
  });

  it('is compared with what Git has of it in HEAD', async () => {
    const folder = path.dirname(profile.uri.fsPath);
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, stdio: 'ignore' });
    git('init');
    git('add', path.basename(profile.uri.fsPath));
    git('commit', '-m', 'a profile');
    const edit = new vscode.WorkspaceEdit();
    const start = positionOf(profile, '"mount"');
    edit.replace(profile.uri, new vscode.Range(start, start.translate(0, 7)), '"mount", "bpf"');
    await vscode.workspace.applyEdit(edit);
    const result = await compare('seccomp.compareWithHead', profile.uri);
    assert.ok(result.kind === 'report');
    assert.match(result.headline, /in HEAD: 1 tighter$/);
    assert.match(result.markdown, /`bpf`/);
    await profile.save();
  });

  it('is shown as a table of all syscalls beside the profile', async () => {
    await vscode.commands.executeCommand('seccomp.showPolicyTable');
    const tab = await poll('the table', () =>
      tabs().find(
        ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('seccomp.policyTable'),
      ),
    );
    assert.match(tab.label, /^Policy of text-\d+\.json$/);
  });
});

describe('a new profile', () => {
  afterEach(closeEditors);

  it("starts as Docker's default where the user takes the first of the list", async () => {
    const asked = vscode.commands.executeCommand('seccomp.newProfile').then(() => true);
    await poll('the first template is taken', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return Promise.race([asked, new Promise<false>((resolve) => setTimeout(resolve, 200, false))]);
    });
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.languageId, 'seccomp');
    assert.equal(JSON.parse(document.getText()).defaultAction, 'SCMP_ACT_ERRNO');
  });
});
