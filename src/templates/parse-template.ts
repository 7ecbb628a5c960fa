import type Handlebars from 'handlebars';
import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import type { FoundTemplate } from './find-template';
import { TemplateMistake } from './mistake';

/** A template's syntax tree. Throws TemplateMistake where it cannot be read. */
export function parseTemplate(
  handlebars: typeof Handlebars,
  { file, source }: FoundTemplate,
): hbs.AST.Program {
  try {
    return handlebars.parse(source);
  } catch (cause) {
    const message = errorText(cause);
    const placed = placeOf(cause);
    const said = /on line (\d+)/.exec(message)?.[1];
    const line = placed?.line ?? (said === undefined ? null : Number(said));
    const near = line === null ? undefined : source.split('\n')[line - 1];
    throw new TemplateMistake(file, line, placed?.column ?? null, reasonOf(message, near), cause);
  }
}

/** Where Handlebars says something is, counted from 1. */
export function placeOf(cause: unknown): { line: number; column: number } | null {
  if (typeof cause !== 'object' || cause === null || !('lineNumber' in cause) || !('column' in cause))
    return null;
  const { lineNumber, column } = cause;
  return typeof lineNumber === 'number' && typeof column === 'number'
    ? { line: lineNumber, column: column + 1 }
    : null;
}

/** What Handlebars' parser says ("Expecting 'ID', 'STRING' ..., got 'EOF'"), for people. */
function reasonOf(message: string, near: string | undefined): string {
  const unclosed = /^(.+) doesn't match (.+?)(?: - \d+:\d+)?$/.exec(message);
  if (unclosed) return t('the block "{0}" is closed by "{1}"', unclosed[1]!, unclosed[2]!);
  const token = /got '(\w+)'/.exec(message)?.[1];
  if (token === 'EOF')
    return t('the template ends inside a block or a tag; close it with {0} or {1}', '{{/...}}', '}}');
  if (/^(?:Parse|Lexical) error/.test(message) && near !== undefined)
    return t('a tag cannot be read near "{0}"', near.trim());
  return message.split('\n')[0]!.replace(/ - \d+:\d+$/, '');
}
