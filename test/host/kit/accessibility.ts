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
  const frame = await webviewFrame(page);
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
