import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** The frame with the content of the webview in front. Throws when there is none. */
export async function webviewFrame(page: Page): Promise<Frame> {
  const content = page.frameLocator('iframe.webview.ready').locator('iframe#active-frame');
  await content.waitFor({ state: 'attached', timeout: 30_000 });
  const frame = await (await content.elementHandle())?.contentFrame();
  if (!frame) throw new Error('No webview is open.');
  await frame.waitForLoadState('domcontentloaded');
  return frame;
}

/** What axe-core finds wrong in the webview, one line per rule; an empty list is the only good answer. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  return violationsIn(await webviewFrame(page));
}

/** The same for a webview that may not run scripts, axe-core's included: a copy of it is looked at, in a page beside. */
export async function accessibilityViolationsOfCopy(page: Page): Promise<string[]> {
  const html = await (await webviewFrame(page)).content();
  const copy = await page.context().newPage();
  try {
    // The theme's variables are in an attribute that the page's own policy keeps a copy from using.
    await copy.setContent(html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
    return await violationsIn(copy.mainFrame());
  } finally {
    await copy.close();
  }
}

async function violationsIn(frame: Frame): Promise<string[]> {
  const axe = await readFile(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
  await frame.evaluate(axe);
  const results = await frame.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    return await runner.run();
  });
  if (results.passes.length === 0) throw new Error('axe-core looked at nothing: the webview is empty.');
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(' ')).join('; ')})`,
  );
}
