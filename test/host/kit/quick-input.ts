import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { repository } from './folders';

/** How a person answers a series of questions in the quick input. */
export interface QuickInput {
  /** Waits for a question by its words; `place` is where in the series it must stand: `2/6`. */
  see(question: string, place?: string): Promise<void>;
  /** What Enter would take: the entry in focus, or what the field holds. */
  proposed(): Promise<string>;
  /** Replaces what the field holds, and accepts it. */
  type(text: string): Promise<void>;
  /** Takes what is proposed. */
  accept(): Promise<void>;
  /** Picks the entry whose label is `label`. */
  pick(label: string): Promise<void>;
  /** Ticks or unticks an entry of a list with boxes. */
  tick(label: string): Promise<void>;
  /** Labels of the ticked entries. */
  ticked(): Promise<string[]>;
  /** Presses the Back button. */
  back(): Promise<void>;
  /** Closes the question for good. */
  escape(): Promise<void>;
  /** Types and accepts; gives the message that says why it was not taken. */
  refused(text: string): Promise<string>;
}

/** The quick input of the window. With `pictures` each question is photographed under that name, for people to look at. */
export function useQuickInput(page: Page, pictures?: string): QuickInput {
  const widget = page.locator('.quick-input-widget');
  const field = widget.locator('input[type=text], input[type=password]').first();
  const rows = widget.locator('.monaco-list-row');
  const message = widget.locator('.quick-input-message');
  const row = (label: string): Locator => rows.filter({ has: labelOf(page, label) }).first();
  let taken = 0;
  return {
    see: async (question, place) => {
      const asked = message.filter({ hasText: question }).or(widget.getByPlaceholder(question));
      await asked.first().waitFor();
      const title = await widget.locator('.quick-input-title').innerText();
      if (place !== undefined) assert.ok(title.endsWith(` (${place})`), `"${title}" is not at ${place}`);
      if (pictures !== undefined) await photograph(page, `${pictures}-${String(++taken).padStart(2, '0')}`);
    },
    proposed: async () => {
      const focused = widget.locator('.monaco-list-row.focused .label-name');
      return (await focused.count()) > 0 ? (await focused.first().innerText()).trim() : field.inputValue();
    },
    type: async (text) => {
      await field.fill(text);
      await field.press('Enter');
    },
    accept: () => field.press('Enter'),
    pick: (label) => row(label).click(),
    tick: (label) => row(label).click(),
    ticked: async () => {
      const chosen = await rows.and(page.locator('[aria-checked=true]')).all();
      return Promise.all(chosen.map((item) => item.locator('.label-name').first().innerText()));
    },
    back: () => widget.getByRole('button', { name: /^Back/ }).click(),
    escape: async () => {
      await field.press('Escape');
      await widget.waitFor({ state: 'hidden' });
    },
    refused: async (text) => {
      await field.fill(text);
      await field.press('Enter');
      await widget.locator('.monaco-inputbox.error').waitFor();
      return message.innerText();
    },
  };
}

function labelOf(page: Page, label: string): Locator {
  return page.locator('.quick-input-list-row:first-child .label-name').getByText(label, { exact: true });
}

async function photograph(page: Page, name: string): Promise<void> {
  const folder = path.join(repository, '.switchback-test', 'steps');
  await mkdir(folder, { recursive: true });
  await page.mouse.move(1000, 700);
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
