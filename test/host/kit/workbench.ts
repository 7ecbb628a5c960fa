import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { repository } from './folders';

/** How a person uses the workbench: keyboard and mouse, nothing else. */
export interface Workbench {
  readonly page: Page;
  /** Opens the command palette and runs the command with this title. */
  runCommand(title: string): Promise<void>;
  /** Types into the open quick input and accepts it. */
  answer(text: string): Promise<void>;
  /** Picks the item of the open quick pick whose label contains `text`. */
  pick(text: string): Promise<void>;
  /** Opens a file of the workspace through Quick Open. */
  openFile(name: string): Promise<void>;
  /** Shows Switchback's views in the side bar. */
  openSideBar(title: string): Promise<void>;
  treeItem(name: string | RegExp): Locator;
  /** Chooses an entry of a tree item's context menu. */
  chooseFromMenu(item: Locator, entry: string): Promise<void>;
  /** The code lens whose text contains `text`. */
  lens(text: string | RegExp): Locator;
  /** Waits for a lens above the first line: an editor keeps its place when one comes above what it shows. */
  seeTopLens(lens: Locator): Promise<void>;
  /** The content of the webview in front. */
  webview(): FrameLocator;
  /** Presses the button of a modal dialog. */
  confirm(button: string): Promise<void>;
  /** The texts in the list of notifications, which it opens and clears. */
  notifications(): Promise<string[]>;
  /** Presses a button of the newest notification, in their list: a window under test shows none by itself. */
  pressInNotification(button: string): Promise<void>;
  dismissNotifications(): Promise<void>;
  statusBar(text: string | RegExp): Locator;
  setTheme(theme: Theme): Promise<void>;
  /** Saves docs/screenshots/<name>.png at 1280 by 800. */
  screenshot(name: string): Promise<void>;
}

export type Theme = 'light' | 'dark' | 'high-contrast';

/** All the themes a page must be readable in. */
export const themes: readonly Theme[] = ['light', 'dark', 'high-contrast'];

/** Names in the theme picker, and the class that the workbench then has. */
const themeNames: Record<Theme, { name: string; marker: string }> = {
  light: { name: 'Light Modern', marker: 'vs' },
  dark: { name: 'Dark Modern', marker: 'vs-dark' },
  'high-contrast': { name: 'Dark High Contrast', marker: 'hc-black' },
};

const quickInput = '.quick-input-widget';

/** Waits until the workbench is there and gives the hands to use it. */
export async function useWorkbench(page: Page): Promise<Workbench> {
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
  await page.locator('.part.statusbar').waitFor({ timeout: 60_000 });
  const workbench: Workbench = {
    page,
    runCommand: (title) => runCommand(page, title),
    answer: (text) => answer(page, text),
    pick: (text) => pick(page, text),
    openFile: (name) => openFile(page, name),
    openSideBar: (title) => openSideBar(page, title),
    treeItem: (name) => page.getByRole('treeitem', { name }),
    chooseFromMenu: (item, entry) => chooseFromMenu(page, item, entry),
    lens: (text) => page.locator('.codelens-decoration a').filter({ hasText: text }),
    seeTopLens: (lens) => seeTopLens(page, lens),
    webview: () => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame'),
    confirm: (button) =>
      page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true }).click(),
    notifications: () => notifications(page),
    pressInNotification: (button) => pressInNotification(page, button),
    dismissNotifications: () => dismissNotifications(page),
    statusBar: (text) => page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }),
    setTheme: (theme) => setTheme(page, theme),
    screenshot: (name) => screenshot(page, name),
  };
  return workbench;
}

/** Keys go to the workbench only when it, and not a webview, has the focus: the title bar takes it first. */
async function openPalette(page: Page): Promise<Locator> {
  const input = page.locator(`${quickInput} input[type=text]`);
  for (let attempt = 0; attempt < 5; attempt++) {
    await page.keyboard.press('F1');
    const shown = await input.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (shown) return input;
    await page.locator('.part.statusbar').click({ position: { x: 400, y: 10 } });
  }
  throw new Error('The command palette did not open.');
}

/** A busy window may show the list before the extension's commands are in it: then the palette is opened again. */
async function seeTopLens(page: Page, lens: Locator): Promise<void> {
  for (let left = 20; ; left -= 1) {
    await page.locator('.monaco-editor .view-lines').first().hover();
    await page.mouse.wheel(0, -10_000);
    await page.mouse.move(0, 0);
    try {
      return await lens.waitFor({ timeout: 2000 });
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

async function runCommand(page: Page, title: string): Promise<void> {
  const row = page
    .locator(`${quickInput} .monaco-list-row`)
    .filter({ has: page.getByText(title, { exact: true }) })
    .first();
  await takeFromPalette(page, `>${title}`, row);
}

async function answer(page: Page, text: string): Promise<void> {
  const input = page.locator(`${quickInput} input`);
  await input.waitFor();
  await input.fill(text);
  await input.press('Enter');
}

async function pick(page: Page, text: string): Promise<void> {
  await page.locator(`${quickInput} .monaco-list-row`).filter({ hasText: text }).first().click();
}

/** A window that just opened may not find a file at the first asking: then it is asked again. */
async function openFile(page: Page, name: string): Promise<void> {
  const row = page
    .locator(`${quickInput} .monaco-list-row`)
    .filter({ hasText: path.basename(name) })
    .first();
  await takeFromPalette(page, name, row);
  await page.getByRole('tab', { name: path.basename(name) }).waitFor();
  await page
    .locator(`.editor-instance .monaco-editor[data-uri$="${path.basename(name)}"] .view-line`)
    .first()
    .waitFor();
}

/**
 * Types into the palette and takes an entry. A busy window may close the palette under the typist, or not know the entry yet:
 * then it is asked again. The last asking fails with what was missing.
 */
async function takeFromPalette(page: Page, text: string, row: Locator): Promise<void> {
  const attempts = 5;
  for (let attempt = 1; ; attempt++) {
    try {
      const input = await openPalette(page);
      await input.fill(text, { timeout: 5_000 });
      await row.waitFor({ timeout: 10_000 });
      await row.click({ timeout: 5_000 });
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

async function openSideBar(page: Page, title: string): Promise<void> {
  const item = page.locator('.part.activitybar').getByRole('tab', { name: title });
  await item.waitFor();
  if ((await item.getAttribute('aria-expanded')) !== 'true') await item.click();
  await page.locator('.part.sidebar').getByText(title).first().waitFor();
}

async function chooseFromMenu(page: Page, item: Locator, entry: string): Promise<void> {
  await item.click({ button: 'right' });
  const wanted = page.getByRole('menuitem', { name: entry, exact: true });
  await wanted.waitFor();
  // A menu ignores a click that comes sooner after it opened than a hand could.
  await page.waitForTimeout(400);
  await wanted.click();
  await wanted.waitFor({ state: 'hidden' });
}

async function notifications(page: Page): Promise<string[]> {
  await runCommand(page, 'Notifications: Show Notifications');
  const texts = await page.locator('.notification-list-item-message').allInnerTexts();
  await dismissNotifications(page);
  return texts;
}

async function pressInNotification(page: Page, button: string): Promise<void> {
  await runCommand(page, 'Notifications: Show Notifications');
  await page
    .locator('.notifications-center')
    .getByRole('button', { name: button, exact: true })
    .first()
    .click();
}

async function dismissNotifications(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Clear All Notifications');
}

async function setTheme(page: Page, theme: Theme): Promise<void> {
  const { name, marker } = themeNames[theme];
  await runCommand(page, 'Preferences: Color Theme');
  await answer(page, name);
  await page.locator(`.monaco-workbench.${marker}`).waitFor();
}

async function screenshot(page: Page, name: string): Promise<void> {
  const folder = path.join(repository, 'docs', 'screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
