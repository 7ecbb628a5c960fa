import type Handlebars from 'handlebars';
import { errorText, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { checkTemplate, mistakeAt } from './check-template';
import { checkedHelper } from './checked-helper';
import {
  findTemplate,
  partialsFolder,
  templateFoldersOf,
  type FoundTemplate,
  type TemplatePlaces,
} from './find-template';
import { templateHelpers } from './helpers/index';
import { mistakeError, TemplateMistake } from './mistake';
import { parseTemplate, placeOf } from './parse-template';
import { findPath } from './walk-template';

export interface RenderRequest extends TemplatePlaces {
  /** File name: `plan.md.hbs`. */
  name: string;
  context: object;
}

/** The name of the folder that a workspace's own templates lie in, relative to the workspace. */
export const overrideFolderName = '.switchback/templates';

/**
 * Fills a template. Nothing is escaped by itself: templates say `text`, `cell`, `code`, `ident`, `literal` or
 * `comment`. Throws `invalid-file` naming file and line when the template, or a partial it includes, is wrong or
 * asks for a missing value, and `not-found` when there is no such template.
 */
export async function renderTemplate(request: RenderRequest): Promise<string> {
  const fill = await templateFiller(request.name, request);
  return fill(request.context);
}

/** A template as a function of its values, ready to be filled at once. Throws as `renderTemplate`, and so does what it gives. */
export async function templateFiller(
  name: string,
  places: TemplatePlaces,
): Promise<(context: object) => string> {
  const template = await findTemplate(name, places);
  if (template === null) {
    throw new SwitchbackError(
      'not-found',
      t(
        'There is no template {0} in {1}. Reinstall Switchback, or add the template.',
        name,
        templateFoldersOf(places).join(', '),
      ),
    );
  }
  const explained = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (cause) {
      throw cause instanceof TemplateMistake ? mistakeError(cause) : cause;
    }
  };
  const handlebars = await newHandlebars();
  for (const helper of templateHelpers) handlebars.registerHelper(helper.name, checkedHelper(helper));
  const fill = await prepare(handlebars, template, places, new Set()).catch((cause: unknown) =>
    explained(() => {
      throw cause;
    }),
  );
  return (context) => explained(() => fill(context));
}

/** What is wrong with a template's own text, as far as that can be known without filling it; null: nothing. */
export async function findMistake(
  template: FoundTemplate,
  places: TemplatePlaces,
): Promise<TemplateMistake | null> {
  const handlebars = await newHandlebars();
  try {
    const included = checkTemplate(template.file, parseTemplate(handlebars, template));
    for (const [name, inclusion] of included) {
      if ((await findPartial(name, places)) === null)
        throw mistakeAt(template.file, inclusion, noPartial(name));
    }
    return null;
  } catch (cause) {
    if (cause instanceof TemplateMistake) return cause;
    throw cause;
  }
}

async function newHandlebars(): Promise<typeof Handlebars> {
  const library = await import('handlebars');
  // Bundlers and Node differ in whether a CommonJS module has a default.
  return (library.default ?? library).create();
}

/** Compiles a template and, once each, the partials it includes. Mistakes carry the file they are in. */
async function prepare(
  handlebars: typeof Handlebars,
  template: FoundTemplate,
  places: TemplatePlaces,
  known: Set<string>,
): Promise<Handlebars.TemplateDelegate> {
  const program = parseTemplate(handlebars, template);
  for (const [name, inclusion] of checkTemplate(template.file, program)) {
    if (known.has(name)) continue;
    known.add(name);
    const partial = await findPartial(name, places);
    if (partial === null) throw mistakeAt(template.file, inclusion, noPartial(name));
    handlebars.registerPartial(name, await prepare(handlebars, partial, places, known));
  }
  const fill = handlebars.compile<unknown>(program, { noEscape: true, strict: true });
  return (context, options) => {
    try {
      return fill(context, options);
    } catch (cause) {
      throw runMistake(template.file, program, cause);
    }
  };
}

function findPartial(name: string, places: TemplatePlaces): Promise<FoundTemplate | null> {
  return findTemplate(`${partialsFolder}/${name}.hbs`, places);
}

function noPartial(name: string): string {
  return t('there is no partial "{0}"; it would be {1}', name, `${partialsFolder}/${name}.hbs`);
}

function runMistake(file: string, program: hbs.AST.Program, cause: unknown): TemplateMistake {
  if (cause instanceof TemplateMistake) return cause;
  const message = errorText(cause).replace(/ - \d+:\d+$/, '');
  const missing = /^"(.+)" not defined in/.exec(message)?.[1];
  // Handlebars asks a number or a text for a value in a way that fails without a place.
  const asked = /operator to search for '(.+)' in/.exec(message)?.[1];
  const path = asked === undefined ? null : findPath(program, asked);
  const place = path ? { line: path.loc.start.line, column: path.loc.start.column + 1 } : placeOf(cause);
  let reason = message;
  if (missing ?? asked) reason = t('there is no value "{0}"', (missing ?? asked)!);
  if (cause instanceof RangeError) reason = t('a partial includes itself without end');
  return new TemplateMistake(file, place?.line ?? null, place?.column ?? null, reason, cause);
}
