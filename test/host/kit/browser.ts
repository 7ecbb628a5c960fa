import { chromium, type Browser, type ConsoleMessage, type Page } from 'playwright-core';
import type { BrowserProgram } from '../../../scripts/provision-host.mjs';

/** What the page complained about. Kept apart from the harmless noise of a server without a gallery. */
export interface PageErrors {
  readonly lines: string[];
}

export interface HostPage {
  page: Page;
  errors: PageErrors;
  /** The exit code the test driver reports, once the tests in the host are over. */
  finished: Promise<number>;
  close(): Promise<void>;
}

/** The size of every screenshot. */
export const windowSize = { width: 1280, height: 800 };

const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
];

/** Opens a headless browser on a page of the workbench; log lines of the tests in the host go to `log`. */
export async function openHostPage(
  program: BrowserProgram,
  url: string,
  log: (line: string) => void = () => undefined,
): Promise<HostPage> {
  const browser = await chromium.launch({
    executablePath: program.executable,
    env: { ...processEnvironment(), ...program.env },
    args: browserArguments,
    headless: true,
  });
  try {
    return await openPage(browser, url, log);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function openPage(browser: Browser, url: string, log: (line: string) => void): Promise<HostPage> {
  const context = await browser.newContext({ viewport: windowSize, locale: 'en-US', timezoneId: 'UTC' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  const page = await context.newPage();
  const lines: string[] = [];
  page.on('console', (message) => {
    if (isOwnError(message)) lines.push(message.text());
  });
  page.on('pageerror', (error) => {
    if (!isOfWebviewHost(error)) lines.push(error.message);
  });
  const finished = exitCode(page, browser);
  await page.exposeFunction('codeAutomationLog', (_type: string, values: unknown[]) =>
    log(formatLog(values)),
  );
  await finished.expose();
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return { page, errors: { lines }, finished: finished.code, close: () => browser.close() };
}

function exitCode(page: Page, browser: Browser): { code: Promise<number>; expose(): Promise<void> } {
  let report: (code: number) => void = () => undefined;
  const code = new Promise<number>((resolve) => {
    report = resolve;
    browser.on('disconnected', () => resolve(1));
  });
  const expose = async (): Promise<void> => {
    await page.exposeFunction('codeAutomationExit', (value: number) => report(value));
  };
  return { code, expose };
}

/** What VS Code's own frame around a webview says when that is closed, or gets the focus, while it still loads. */
function isOfWebviewHost(error: Error): boolean {
  const stack = error.stack ?? '';
  // It looks for the body of a page that is not there yet.
  if (/reading 'classList'/.test(error.message)) return /^.*\n\s+at .*\/webview\/browser\/pre\//.test(stack);
  // The frame's own address names the extension it is for.
  return error.message === 'Found unexpected null' && !/switchback/i.test(stack.replaceAll(/\?\S*/g, ''));
}

/** Errors that the product's webview or host wrote; the workbench's own noise is left out by its origin and words. */
function isOwnError(message: ConsoleMessage): boolean {
  if (message.type() !== 'error') return false;
  const from = message.location().url;
  const text = message.text();
  if (/switchback/i.test(from) || /switchback/i.test(text)) return true;
  return /Content Security Policy|Refused to/.test(text) && /webview|vscode-resource/.test(from + text);
}

function formatLog(values: unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== 'string') return values.map(text).join(' ');
  let next = 0;
  const filled = first.replace(/%[sdioOjc%]/g, (mark) => {
    if (mark === '%%') return '%';
    const value = next < rest.length ? rest[next++] : '';
    return mark === '%c' ? '' : text(value);
  });
  return [filled, ...rest.slice(next).map(text)].join(' ');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function processEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
