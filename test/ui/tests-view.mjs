/**
 * A row of the Test Explorer, by a part of what it tells a screen reader: its name, and what came of it.
 *
 * @param {import('./driver.mjs').Driver} ui
 * @param {string} text
 */
export const testRow = (ui, text) => ui.page.locator(`.test-explorer .monaco-list-row[aria-label*="${text}"]`).first();

/** @param {import('./driver.mjs').Driver} ui */
export const testLabels = (ui) =>
  ui.page.locator('.test-explorer .monaco-list-row').evaluateAll((all) => all.map((row) => row.ariaLabel));
