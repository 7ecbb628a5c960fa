import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { accessibilityViolations, webviewFrame } from './accessibility';
import { themes, type Theme, type Workbench } from './workbench';

export type Station = 'Change' | 'Assess' | 'Plan' | 'Implement' | 'Verify' | 'Contract';

/** How a person uses the wizard's page: what is seen, and clicks and keys on it. */
export interface Wizard {
  readonly page: FrameLocator;
  /** The content of the station in front. */
  readonly main: Locator;
  button(name: string | RegExp): Locator;
  press(name: string | RegExp): Promise<void>;
  goTo(station: Station): Promise<void>;
  /** Chooses an entry of a list. */
  choose(label: string, option: string | RegExp): Promise<void>;
  type(label: string, text: string): Promise<void>;
  /** Waits until the page shows the text and nothing is busy. Throws with what the page complains about. */
  see(text: string | RegExp): Promise<void>;
  /** The value beside a label in a list of facts. */
  fact(label: string): Promise<string>;
  text(): Promise<string>;
  /** What axe-core finds in each theme, the theme named first; the light theme is left in the end. */
  violations(): Promise<string[]>;
}

const bodyClass: Record<Theme, string> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  'high-contrast': 'vscode-high-contrast',
};

/** The wizard in front. */
export function useWizard(workbench: Workbench): Wizard {
  const page = workbench.webview();
  const main = page.locator('main');
  const button = (name: string | RegExp): Locator =>
    page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  return {
    page,
    main,
    button,
    press: (name) => button(name).click(),
    goTo: async (station) => {
      await page.getByRole('navigation').getByRole('button', { name: station }).click();
      await main.getByRole('heading', { level: 2, name: station, includeHidden: true }).waitFor({
        state: 'attached',
      });
    },
    choose: async (label, option) => {
      const list = page.getByRole('combobox', { name: label });
      const wanted = page.getByRole('option', { name: option }).first();
      // The list fills when the database was read.
      await list.locator('xpath=.').and(page.locator(':not([disabled])')).waitFor();
      await page.locator('vscode-option').filter({ hasText: option }).first().waitFor({ state: 'attached' });
      await list.click();
      await wanted.click();
    },
    type: async (label, text) => {
      const field = page.getByRole('textbox', { name: label });
      await field.fill(text);
      await field.press('Tab');
    },
    see: (text) => see(page, main, text),
    fact: (label) =>
      main
        .locator('dl > div')
        .filter({ has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) })
        .first()
        .locator('dd')
        .innerText(),
    text: () => main.innerText(),
    violations: () => violations(workbench, page),
  };
}

async function see(page: FrameLocator, main: Locator, text: string | RegExp): Promise<void> {
  const problem = page.getByRole('alert').filter({ hasText: /\S/ });
  const wanted = main.getByText(text).first();
  await wanted.or(problem).first().waitFor({ timeout: 60_000 });
  assert.deepEqual(await problem.allInnerTexts(), []);
  await page.locator('.messages progress').waitFor({ state: 'detached', timeout: 60_000 });
  assert.deepEqual(await problem.allInnerTexts(), []);
}

async function violations(workbench: Workbench, page: FrameLocator): Promise<string[]> {
  const found: string[] = [];
  for (const theme of [...themes.filter((item) => item !== 'light'), 'light' as const]) {
    await workbench.setTheme(theme);
    await page.locator(`body.${bodyClass[theme]}`).waitFor();
    // Colours of the toolkit's controls fade from one theme to the next.
    await workbench.page.waitForTimeout(400);
    found.push(...(await accessibilityViolations(workbench.page)).map((line) => `${theme}: ${line}`));
  }
  await (await webviewFrame(workbench.page)).evaluate('scrollTo(0, 0)');
  return found;
}
