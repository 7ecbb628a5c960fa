import { t } from '../messages/translate';
import type { TemplateHelper } from './helper';
import { templateHelpers } from './helpers/index';
import { TemplateMistake } from './mistake';
import { argumentsOf, walkTemplate, type Call, type Inclusion } from './walk-template';

/** https://handlebarsjs.com/guide/builtin-helpers.html */
export const builtInHelpers = ['if', 'unless', 'each', 'with', 'lookup', 'log'] as const;

const ownHelpers = new Map(templateHelpers.map((helper) => [helper.name, helper]));

/**
 * Checks what can be known without values: every helper is there and called rightly. Marks the values that must be
 * there, which Handlebars by itself lets be missing as arguments. Gives the names of the partials it includes.
 * Throws TemplateMistake.
 */
export function checkTemplate(file: string, program: hbs.AST.Program): Map<string, Inclusion> {
  const included = new Map<string, Inclusion>();
  const inline = new Set<string>(['@partial-block']);
  walkTemplate(program, {
    call: (call) => checkCall(file, call),
    inclusion: (inclusion) => {
      argumentsOf(inclusion).forEach(requireValue);
      const name = partialName(file, inclusion);
      if (!included.has(name)) included.set(name, inclusion);
    },
    inline: (name) => void inline.add(name),
  });
  for (const name of inline) included.delete(name);
  return included;
}

/** The mistake at a tag. */
export function mistakeAt(file: string, { loc }: hbs.AST.Node, reason: string): TemplateMistake {
  return new TemplateMistake(file, loc.start.line, loc.start.column + 1, reason);
}

function checkCall(file: string, call: Call): void {
  const name = helperName(call.path);
  const hasArguments = argumentsOf(call).length > 0;
  const own = name === null ? undefined : ownHelpers.get(name);
  if (own) return checkOwn(file, call, own);
  if (!hasArguments) return;
  if (name === null || !builtInHelpers.some((known) => known === name)) {
    throw mistakeAt(file, call, t('there is no helper "{0}"', name ?? pathText(call.path)));
  }
  if (name === 'each') call.params.forEach(requireValue);
}

function checkOwn(file: string, call: Call, helper: TemplateHelper): void {
  if (call.type === 'BlockStatement') {
    throw mistakeAt(file, call, t('the helper "{0}" has no block', helper.name));
  }
  if (call.params.length !== 1) {
    throw mistakeAt(
      file,
      call,
      t(
        'the helper "{0}" takes one value and is given {1}; write this.{0} for a value of that name',
        helper.name,
        call.params.length,
      ),
    );
  }
  for (const { key } of (call.hash as hbs.AST.Hash | undefined)?.pairs ?? []) {
    if (helper.options.some((option) => option.name === key)) continue;
    throw mistakeAt(file, call, t('the helper "{0}" has no option "{1}"', helper.name, key));
  }
  argumentsOf(call).forEach(requireValue);
}

function partialName(file: string, inclusion: Inclusion): string {
  const { name } = inclusion;
  const text = name.type === 'PathExpression' ? name.original : null;
  if (text === null) throw mistakeAt(file, inclusion, t('the name of a partial must be written out'));
  if (text !== '@partial-block' && !/^[A-Za-z0-9_][\w.-]*$/.test(text)) {
    throw mistakeAt(
      file,
      inclusion,
      t('"{0}" is no name of a partial; use letters, digits, dots and dashes', text),
    );
  }
  return text;
}

function helperName(path: Call['path']): string | null {
  if (path.type !== 'PathExpression') return null;
  const { parts, depth, data, original } = path as hbs.AST.PathExpression;
  return parts.length === 1 && depth === 0 && !data && original === parts[0] ? parts[0] : null;
}

function pathText(path: Call['path']): string {
  return 'original' in path ? String(path.original) : path.type;
}

/** In strict mode Handlebars lets the last part of an argument be missing; this flag of its compiler forbids it. */
function requireValue(argument: hbs.AST.Expression): void {
  if (argument.type === 'PathExpression' && !(argument as hbs.AST.PathExpression).data) {
    (argument as hbs.AST.PathExpression & { strict?: boolean }).strict = true;
  }
}
