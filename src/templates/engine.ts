import path from 'node:path';
import type Handlebars from 'handlebars';
import { SwitchbackError, errorText } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { bytesText } from './bytes-text';
import { dateText, timeText } from './date-text';
import { durationText } from './duration-text';
import { markdownCell, markdownFence, markdownInlineCode, markdownText } from './markdown';
import { countText, rowsText } from './rows-text';
import { shellText } from './shell-text';
import { sqlComment } from './sql-comment';
import { formatIdentifier, quoteLiteral } from '../sql/identifier';

export interface RenderRequest {
  /** File name: `plan.md.hbs`. */
  name: string;
  context: object;
  shippedFolder: string;
  /** `.switchback/templates` of a trusted workspace; a template there wins. null in an untrusted one. */
  overrideFolder: string | null;
  files: Files;
}

/** The name of the folder that a workspace's own templates lie in, relative to the workspace. */
export const overrideFolderName = '.switchback/templates';

/**
 * Fills a template. Nothing is escaped by itself: templates say `text`, `cell`, `code`, `ident`, `literal` or
 * `comment`. Throws `invalid-file` naming file and line when the template is wrong or asks for a missing value,
 * and `not-found` when there is no such template.
 */
export async function renderTemplate(request: RenderRequest): Promise<string> {
  const { file, source } = await findTemplate(request);
  const library = await import('handlebars');
  // Bundlers and Node differ in whether a CommonJS module has a default.
  const handlebars = (library.default ?? library).create();
  registerHelpers(handlebars);
  try {
    // Line ends of the checkout must not decide those of the documents.
    return handlebars.compile(source.replaceAll('\r\n', '\n'), { noEscape: true, strict: true })(request.context);
  } catch (cause) {
    throw templateError(file, cause);
  }
}

async function findTemplate(request: RenderRequest): Promise<{ file: string; source: string }> {
  const folders = [request.overrideFolder, request.shippedFolder].filter((folder) => folder !== null);
  for (const folder of folders) {
    const file = path.join(folder, request.name);
    const source = await request.files.readIfExists(file);
    if (source !== null) return { file, source };
  }
  throw new SwitchbackError(
    'not-found',
    t('There is no template {0} in {1}. Reinstall Switchback, or add the template.', request.name, folders.join(', ')),
  );
}

function templateError(file: string, cause: unknown): SwitchbackError {
  const message = errorText(cause);
  const line = /(?:on line |- )(\d+)/.exec(message)?.[1] ?? null;
  const missing = /^"(.+)" not defined in/.exec(message)?.[1];
  const reason = missing ? t('there is no value "{0}"', missing) : message.split('\n')[0]!;
  return new SwitchbackError(
    'invalid-file',
    line === null
      ? t('The template {0} cannot be filled: {1}. Correct it, or remove it to use the shipped one.', file, reason)
      : t('The template {0} cannot be filled, line {1}: {2}. Correct it, or remove it to use the shipped one.', file, line, reason),
    { cause, details: { file, line: line === null ? null : Number(line) } },
  );
}

/** What templates can call; each does one thing. */
function registerHelpers(handlebars: typeof Handlebars): void {
  const helpers: Record<string, (value: unknown, options: Handlebars.HelperOptions) => string> = {
    ident: (value) => formatIdentifier(asText(value)),
    literal: (value) => quoteLiteral(asText(value)),
    comment: (value) => sqlComment(asText(value)),
    shell: (value) => shellText(asText(value)),
    text: (value) => markdownText(asText(value)),
    cell: (value) => markdownCell(asText(value)),
    code: (value, { hash }) => codeOf(asText(value), hash as CodeOptions),
    date: (value, { hash }) => (hash.time === true ? timeText(asText(value)) : dateText(asText(value))),
    duration: (value) => durationText(asNumber(value)),
    bytes: (value) => bytesText(asNumber(value)),
    rows: (value) => rowsText(asNumber(value)),
    ordinal: (value) => String((asNumber(value) ?? 0) + 1),
    count: (value) => countText(asNumber(value)),
  };
  for (const [name, helper] of Object.entries(helpers)) handlebars.registerHelper(name, helper);
}

interface CodeOptions {
  /** A fenced block in this language; inline code without it. */
  lang?: string;
  /** Inline code inside a table. */
  cell?: boolean;
}

function codeOf(text: string, options: CodeOptions): string {
  if (options.lang !== undefined) return markdownFence(text, options.lang);
  return markdownInlineCode(text, options.cell === true);
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return '';
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
