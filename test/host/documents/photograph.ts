import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { BrowserProgram } from '../../../scripts/provision-host.mjs';
import { repository } from '../kit/folders';
import { shrinkPicture } from './shrink-picture';

const width = 1000;
/** A picture is no taller than this, in pixels: taller pages are cut between two blocks. */
const tallest = 2600;

/** Starts a headless browser for photographs. The caller closes it. */
export function openCamera(program: BrowserProgram): Promise<Browser> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return chromium.launch({
    executablePath: program.executable,
    env: { ...Object.fromEntries(own), ...program.env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-lcd-text',
      '--force-color-profile=srgb',
    ],
    headless: true,
  });
}

/** Photographs a page in full into `folder`, its diagrams drawn: `name.png`, or `name-1.png`, `name-2.png` and so on. */
export async function photograph(
  browser: Browser,
  html: string,
  folder: string,
  name: string,
): Promise<string[]> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  try {
    await page.setContent(html);
    await drawDiagrams(page);
    await mkdir(folder, { recursive: true });
    const cuts = await cutsOf(page);
    const parts = cuts.slice(1).map((end, index) => ({ top: cuts[index]!, height: end - cuts[index]! }));
    const files: string[] = [];
    for (const [index, { top, height }] of parts.entries()) {
      const file = parts.length === 1 ? `${name}.png` : `${name}-${index + 1}.png`;
      const clip = { x: 0, y: top, width, height };
      const picture = await page.screenshot({ clip, fullPage: true });
      await writeFile(path.join(folder, file), shrinkPicture(picture));
      files.push(file);
    }
    return files;
  } finally {
    await page.close();
  }
}

async function drawDiagrams(page: Page): Promise<void> {
  if ((await page.locator('.mermaid').count()) === 0) return;
  await page.addScriptTag({
    path: path.join(repository, 'node_modules', 'mermaid', 'dist', 'mermaid.min.js'),
  });
  await page.evaluate(
    `mermaid.initialize({ startOnLoad: false, theme: 'neutral' }), mermaid.run({ querySelector: '.mermaid' })`,
  );
}

/** Where the page is cut, from its top to its end: before a block, rather a heading, and never inside one. */
async function cutsOf(page: Page): Promise<number[]> {
  const { end, blocks } = await page.evaluate<{ end: number; blocks: { top: number; rank: number }[] }>(`({
    end: document.documentElement.scrollHeight,
    blocks: [...document.body.querySelectorAll('body > *, li, tr')].map((block) => ({
      top: Math.floor(block.getBoundingClientRect().top + scrollY) - 4,
      rank: ['H2', 'H3', 'H4'].indexOf(block.tagName),
      after: /^H\\d$/.test(block.previousElementSibling?.tagName ?? ''),
    })).filter((block) => !block.after || block.rank >= 0),
  })`);
  const cuts = [0];
  while (end - cuts.at(-1)! > tallest) {
    const from = cuts.at(-1)!;
    const near = blocks.filter(({ top }) => top > from + tallest / 3 && top <= from + tallest);
    const heading = near.findLast(({ top, rank }) => rank >= 0 && top > from + (tallest * 2) / 3);
    cuts.push((heading ?? near.at(-1) ?? { top: from + tallest }).top);
  }
  return [...cuts, end];
}
