import type Handlebars from 'handlebars';
import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import type { HelperInput, TemplateHelper } from './helper';

/** A helper that refuses what it does not take, and says where. */
export function checkedHelper(helper: TemplateHelper): Handlebars.HelperDelegate {
  return (value: unknown, options: Handlebars.HelperOptions & { loc?: hbs.AST.SourceLocation }) => {
    const { hash, loc } = options;
    const refuse = (reason: string, cause?: unknown): never => {
      // Handlebars' own errors have these two fields; the file is known to whoever catches it.
      const place = loc && { lineNumber: loc.start.line, column: loc.start.column };
      throw Object.assign(new Error(reason, { cause }), place);
    };
    if (!isTaken(helper, value)) {
      return refuse(
        t('the helper "{0}" takes {1} and is given {2}', helper.name, takenText(helper), kindOf(value)),
      );
    }
    for (const { name, type } of helper.options) {
      const given = (hash as Record<string, unknown>)[name];
      if (given !== undefined && typeof given !== type) {
        return refuse(
          t('the option "{0}" of the helper "{1}" is given {2}', name, helper.name, kindOf(given)),
        );
      }
    }
    try {
      return helper.apply(value, hash as Record<string, unknown>);
    } catch (cause) {
      return refuse(errorText(cause), cause);
    }
  };
}

function isTaken(helper: TemplateHelper, value: unknown): value is HelperInput {
  if (value === null) return helper.nullable;
  switch (helper.takes) {
    case 'text':
      return ['string', 'number', 'boolean'].includes(typeof value);
    case 'name':
    case 'time':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
  }
}

function takenText({ takes }: TemplateHelper): string {
  switch (takes) {
    case 'text':
      return t('text or a number');
    case 'name':
      return t('a name');
    case 'number':
      return t('a number');
    case 'time':
      return t('a time as text');
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return t('nothing');
  if (value === null) return t('an empty value');
  if (Array.isArray(value)) return t('a list');
  if (typeof value === 'object') return t('an object');
  if (typeof value === 'string') return `"${value}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : t('a {0}', typeof value);
}
