/**
 * Shows the wizard page with a sample state in a headless browser, without VS Code: screenshots of each
 * station in three themes, and what axe-core says. Usage: npx tsx test/workbench/page-preview.ts OUT [station] [theme]
 */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { stationIds } from '../../src/protocol/wizard-state';
import { sampleState } from '../protocol/sample-state';
import { themes } from './themes';

const root = path.resolve(__dirname, '../..');

async function bundle(): Promise<{ script: string; style: string }> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['webview/wizard.ts'],
    bundle: true,
    write: false,
    outdir: 'out',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    alias: { '@vscode/webview-ui-toolkit': '@vscode/webview-ui-toolkit/dist/toolkit.min.js' },
  });
  const text = (end: string): string => result.outputFiles.find((file) => file.path.endsWith(end))!.text;
  return { script: text('.js'), style: text('.css') };
}

async function open(
  page: Page,
  theme: keyof typeof themes,
  files: { script: string; style: string },
): Promise<void> {
  const variables = Object.entries(themes[theme]).map(([name, value]) => `--vscode-${name}: ${value};`);
  await page.setContent(
    `<!doctype html><html lang="en" style="${variables.join(' ').replaceAll('"', '&quot;')}"><head><title>Switchback</title>
     <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-n'; script-src 'nonce-n' 'unsafe-eval'">
     <meta property="csp-nonce" content="n"><style nonce="n">${files.style}</style></head>
     <body class="vscode-${theme}"><div id="app"></div></body></html>`,
  );
  await page.evaluate(
    `window.requests = [];
     window.acquireVsCodeApi = () => ({ postMessage: (message) => window.requests.push(message), setState: () => undefined });`,
  );
  await page.evaluate(files.script);
  await page.evaluate(`window.dispatchEvent(new Event('load')); document.body.className += ' ';`);
}

async function main(): Promise<void> {
  const [, , out = '/tmp/switchback-page', onlyStation, onlyTheme] = process.argv;
  mkdirSync(out, { recursive: true });
  const files = await bundle();
  console.log(`script ${files.script.length}, style ${files.style.length}`);
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    if (onlyTheme && theme !== onlyTheme) continue;
    for (const width of [1100, 400]) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: false });
      page.on('console', (message) => console.log(`  console: ${message.text()}`));
      page.on('pageerror', (error) => console.log(`  page error: ${error.message}`));
      await open(page, theme, files);
      for (const station of stationIds) {
        if (onlyStation && station !== onlyStation) continue;
        const state = sampleState(station);
        const message = JSON.stringify({ kind: 'state', state, panel: { station } });
        await page.evaluate(`window.postMessage(${message}, '*')`);
        await page.waitForTimeout(250);
        await page.screenshot({ path: path.join(out, `${station}-${theme}-${width}.png`), fullPage: true });
        if (width !== 1100) continue;
        await page.evaluate(axe);
        const violations = await page.evaluate<{ id: string; nodes: string[] }[]>(
          `axe.run().then(({ violations }) => violations.map((item) => ({
             id: item.id,
             nodes: item.nodes.map((node) => node.html.slice(0, 160) + ' | ' + node.failureSummary),
           })))`,
        );
        console.log(`${theme} ${station}: ${violations.length} violations`);
        for (const violation of violations)
          console.log(`  ${violation.id}\n    ${violation.nodes.slice(0, 4).join('\n    ')}`);
      }
      await page.close();
    }
  }
  await browser.close();
}

void main();
