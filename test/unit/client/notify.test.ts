import assert from 'node:assert/strict';
import type * as Notify from '../../../client/src/notify.ts';
import { loadClient } from './editor.ts';

/** What VS Code makes links of (`src/vs/base/common/linkedText.ts`). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

const TEXTS = [
  'openat(3, "[free](command:workbench.action.terminal.new)") is denied',
  '[x](https://example.org)',
  '[x](HTTP://example.org "title")',
  'a [] b [x](file:///etc/passwd) c',
  '[[x]](command:a) ](command:b) [y](command:c)',
];

describe('a text with something from a file in it', () => {
  const shown: string[] = [];
  const show = (text: string): Promise<undefined> => {
    shown.push(text);
    return Promise.resolve(undefined);
  };
  const window = {
    showInformationMessage: show,
    showWarningMessage: show,
    showErrorMessage: show,
    showInputBox: ({ prompt }: { readonly prompt: string }) => show(prompt),
    withProgress: ({ title }: { readonly title: string }, run: (progress: object) => unknown) => {
      shown.push(title);
      return run({ report: ({ message }: { readonly message: string }) => shown.push(message) });
    },
  };
  let notify: typeof Notify;

  before(async () => {
    notify = await loadClient('notify.ts', { vscode: { window, ProgressLocation: { Notification: 15 } } });
  });
  beforeEach(() => {
    shown.length = 0;
  });

  it('is one that an editor would make links of', () => {
    for (const text of TEXTS) assert.match(text, LINK);
  });

  it('has no link wherever it is shown, and loses nothing', async () => {
    for (const text of TEXTS) {
      await notify.showInformation(text);
      await notify.showWarning(text);
      await notify.showError(text);
      await notify.askForLine({ prompt: text });
      await notify.showProgress(text, async (tell) => tell(text));
      const box: { validationMessage?: string | { readonly message: string } } = {};
      notify.showBelow(box as never, { message: text, severity: 1 });
      if (typeof box.validationMessage === 'object') shown.push(box.validationMessage.message);
    }
    assert.equal(shown.length, 7 * TEXTS.length);
    for (const [i, text] of shown.entries()) {
      assert.doesNotMatch(text, LINK);
      assert.equal(text.replaceAll(' ', ''), TEXTS[Math.floor(i / 7)]!.replaceAll(' ', ''));
    }
  });

  it('stays as it is where there is no link', () => {
    for (const text of ['socket(AF_ALG, [0], ...) is denied', 'names[3] (mkdir)'])
      assert.equal(notify.inert(text), text);
  });
});
