import fs from 'node:fs';
import path from 'node:path';

const RETRY_MS = 3000;
const RETRIES = 20;

/**
 * A user of one editor window. Each function waits for what it names and fails after a minute.
 *
 * @typedef {ReturnType<typeof createDriver>} Driver
 */

/**
 * @param {object} window
 * @param {import('playwright-core').Page} window.page
 * @param {string} window.folder the open folder
 * @param {string} [window.shots] where screenshots go
 * @param {Record<string, string>} [window.engineEnv] variables that make Docker's program use the tests' engine
 * @param {() => Promise<void>} window.close
 */
export function createDriver({ page, folder, shots, engineEnv, close }) {
  const editor = (file) => page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"]`);
  const input = page.locator('.quick-input-widget input').first();
  const listRow = (text) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();

  /** A key that comes while VS Code is busy can come to nothing, so it is pressed again until its effect shows. */
  async function pressUntil(key, effect) {
    for (let attempt = 1; ; attempt++) {
      await page.keyboard.press(key);
      try {
        return await effect.first().waitFor({ timeout: RETRY_MS });
      } catch (error) {
        if (attempt === RETRIES) throw error;
        await page.keyboard.press('Escape');
      }
    }
  }

  /** Opens the input box by a key, enters a text and chooses the row that has `choice`. */
  async function enter(key, text, choice) {
    await pressUntil(key, input);
    await input.fill(text);
    if (choice) await listRow(choice).waitFor();
    await page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** The middle of a text's first occurrence in an editor, however its colours split it. */
  async function pointAt(file, text) {
    await editor(file).locator('.view-line', { hasText: text }).first().waitFor();
    const point = await editor(file).evaluate(centreOf, text);
    if (!point) throw new Error(`${text} is not visible in ${file}.`);
    return point;
  }

  return {
    page,
    folder,
    engineEnv,
    close,
    editor,
    pressUntil,

    /** Waits until a file is in an editor with its text. */
    async shows(file) {
      await editor(file).waitFor();
      await editor(file).locator('.view-line span span').first().waitFor();
    },

    /** Opens a file of the folder by a double click in the explorer. */
    async open(file) {
      await page.locator('.explorer-folders-view .monaco-list-row', { hasText: file }).first().dblclick();
      await this.shows(file);
    },

    /** Runs a command of the palette by its full title there. */
    runCommand: (title) => enter('F1', `>${title}`, title),

    /** Waits until the status bar names the language. */
    async languageIs(name) {
      await page.locator('[id="status.editor.mode"]', { hasText: name }).waitFor();
    },

    /** Waits for an underline: `error`, `warning` or `info`. */
    async squiggle(file, severity) {
      await editor(file).locator(`.squiggly-${severity}`).first().waitFor();
    },

    /**
     * Runs the command "Fix All" until no error is underlined: while other extensions still register their code actions,
     * VS Code finds none.
     */
    async fixAll(file) {
      const errors = editor(file).locator('.squiggly-error');
      await retry(async () => {
        await this.click(file);
        await this.runCommand('Fix All');
        await errors.first().waitFor({ state: 'hidden', timeout: RETRY_MS });
      });
    },

    /** Puts the caret into a text's first occurrence in a file, `offset` characters behind its start. */
    async putCaret(file, text, offset = 0) {
      const content = fs.readFileSync(path.join(folder, file), 'utf8');
      await this.click(file);
      await enter('Control+G', `:${lineAndColumn(content, text, offset)}`);
    },

    /** Gives an editor the keyboard. */
    async click(file) {
      await editor(file).locator('.view-line').first().click();
    },

    /** Moves the mouse over a text and waits for a hover that has `expected`. Gives the hover's whole text. */
    async hover(file, text, expected) {
      const hover = page.locator('.monaco-hover:not(.hidden)').filter({ hasText: expected }).first();
      await retry(async () => {
        await page.mouse.move(5, 5);
        const point = await pointAt(file, text); // anew: a code lens that comes late moves the lines
        await page.mouse.move(point.x, point.y, { steps: 4 });
        await hover.waitFor({ timeout: RETRY_MS });
      });
      return hover.innerText();
    },

    /** Takes the mouse away, so that hovers go. */
    async leave() {
      await page.mouse.move(5, 5);
      await page.locator('.monaco-hover:not(.hidden)').first().waitFor({ state: 'hidden' });
    },

    /** Asks for completion at the caret, waits until `expected` is offered, and gives the visible labels. */
    async complete(expected) {
      const rows = page.locator('.suggest-widget.visible .monaco-list-row');
      await pressUntil('Control+Space', rows.filter({ hasText: expected }));
      return rows.evaluateAll((all) => all.map((row) => row.ariaLabel ?? ''));
    },

    /** Waits for the light bulb beside the caret. */
    async lightBulb(file) {
      await editor(file).locator('.codicon-light-bulb, [class*="codicon-gutter-lightbulb"]').first().waitFor();
    },

    /** Opens the quick fixes at the caret and waits for the one with this title; `apply` chooses it. */
    async quickFix(title) {
      const action = page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first();
      await pressUntil('Control+.', action);
      return { apply: () => action.click() };
    },

    /** Clicks a code lens. */
    async clickLens(file, title) {
      await editor(file).locator('.codelens-decoration a', { hasText: title }).first().click();
    },

    /** Clicks "Test in Docker" until something comes of it: a click while VS Code draws its lenses anew is lost. */
    async testInDocker(file) {
      await retry(async () => {
        await this.clickLens(file, 'Test in Docker');
        await page.locator('.notification-toast').first().waitFor({ timeout: RETRY_MS });
      });
    },

    /** Waits for a notification with this text. */
    async notification(text, timeout) {
      const message = page.locator('.notification-toast .notification-list-item-message', { hasText: text });
      await message.first().waitFor({ timeout });
    },

    /** Runs a command of the palette until it notifies of this: a key that comes while VS Code is busy can come to nothing. */
    async commandSays(title, text) {
      await retry(async () => {
        await this.runCommand(title);
        await this.notification(text, RETRY_MS);
      });
    },

    /** Opens the problems panel, waits for a row with `expected`, and gives the texts of the visible rows. */
    async problems(expected) {
      await this.runCommand('Problems: Focus on Problems View');
      const rows = page.locator('.markers-panel .monaco-list-row');
      await rows.filter({ hasText: expected }).first().waitFor();
      return rows.allInnerTexts();
    },

    /** Waits until a text is visible outside the folder's files: in a report, a notification, a panel, a preview. */
    async sees(text) {
      const outside = `.notification-toast, .part.panel, .editor-instance .monaco-editor:not([data-uri*="${folder}/"])`;
      await retry(() => {
        const inPage = page.locator(outside).filter({ hasText: text }).first();
        const inFrames = page.frames().filter((frame) => frame !== page.mainFrame());
        const places = [inPage, ...inFrames.map((frame) => frame.getByText(text).first())];
        return Promise.any(places.map((place) => place.waitFor({ timeout: RETRY_MS })));
      });
    },

    /** Saves a file, and waits until what is on disk satisfies `expected`. Gives it. */
    async saved(file, expected) {
      const onDisk = path.join(folder, file);
      const read = () => fs.readFileSync(onDisk, 'utf8');
      await this.click(file);
      await retry(async () => {
        await page.keyboard.press('Control+S');
        await settle(() => expected(read()));
      });
      return read();
    },

    /**
     * Loads the window anew once the browser's storage holds what is `kept`: VS Code writes there at intervals, and what
     * it writes while the page goes can come too late.
     *
     * @param {RegExp} kept
     */
    async reload(kept) {
      await retry(async () => {
        if (await page.evaluate(isStored, kept)) return;
        await page.waitForTimeout(RETRY_MS);
        throw new Error(`VS Code has not stored ${kept}.`);
      });
      await page.reload();
    },

    /** Takes a screenshot, where screenshots are wanted. */
    async shot(name) {
      if (!shots) return;
      fs.mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: path.join(shots, `${name}.png`) });
    },
  };
}

async function retry(step) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt === RETRIES) throw error;
    }
  }
}

async function settle(condition) {
  const end = Date.now() + RETRY_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error('The saved file is not what was expected.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function lineAndColumn(content, text, offset) {
  const index = content.indexOf(text);
  if (index < 0) throw new Error(`${text} is not in the saved file.`);
  const before = content.slice(0, index + offset).split('\n');
  return `${before.length}:${before.at(-1).length + 1}`;
}

/** Runs in the page. VS Code draws spaces as non-breaking ones, and a line as many elements. */
function centreOf(root, text) {
  const lines = [...root.querySelectorAll('.view-line')];
  const textOf = (line) => line.textContent.replaceAll('\u00a0', ' ');
  const line = lines.sort((a, b) => a.offsetTop - b.offsetTop).find((l) => textOf(l).includes(text));
  if (!line) return undefined;
  const middle = textOf(line).indexOf(text) + Math.floor(text.length / 2);
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (passed + node.length > middle) {
      const range = document.createRange();
      range.setStart(node, middle - passed);
      range.setEnd(node, middle - passed + 1);
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }
    passed += node.length;
  }
  return undefined;
}

/** Runs in the page. Whether a pattern is found in any value of any of its databases. */
async function isStored(pattern) {
  const finished = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    const database = await finished(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        const values = await finished(database.transaction(store).objectStore(store).getAll());
        if (values.some((value) => typeof value === 'string' && pattern.test(value))) return true;
      }
    } finally {
      database.close();
    }
  }
  return false;
}
