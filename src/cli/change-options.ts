import type { Change, ChangeKind } from '../assess/change';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { parseQualifiedName } from '../sql/identifier';
import { optionalText, requiredText } from './option-values';
import type { OptionValues, Verb } from './verb';

/** The options that describe a change, shared by assess, plan and scaffold. */
export const changeOptions: Verb['options'] = {
  table: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  column: { type: 'string' },
  type: { type: 'string' },
  default: { type: 'string' },
  expression: { type: 'string' },
  'keep-default': { type: 'boolean' },
};

export const changeUsage =
  'rename-column --table T --from OLD --to NEW | add-required-column --table T --column C --type TYPE (--default EXPR [--keep-default] | --expression EXPR)';

/** The change that recipe name and options describe. Throws `usage`, `invalid-name`. */
export function readChange(recipe: string | undefined, values: OptionValues): Change {
  const kind = recipe as ChangeKind | undefined;
  switch (kind) {
    case 'rename-column':
      return {
        kind,
        table: parseQualifiedName(requiredText(values, 'table')),
        from: readColumn(requiredText(values, 'from')),
        to: readColumn(requiredText(values, 'to')),
      };
    case 'add-required-column':
      return {
        kind,
        table: parseQualifiedName(requiredText(values, 'table')),
        column: readColumn(requiredText(values, 'column')),
        type: requiredText(values, 'type'),
        fill: readFill(values),
        keepDefault: values['keep-default'] === true,
      };
    default:
      throw new SwitchbackError(
        'usage',
        t('Name a recipe after the verb: rename-column or add-required-column, not "{0}".', recipe ?? ''),
      );
  }
}

function readColumn(text: string): string {
  return parseQualifiedName(text).name;
}

function readFill(values: OptionValues): { by: 'default' | 'expression'; expression: string } {
  const byDefault = optionalText(values, 'default');
  const byExpression = optionalText(values, 'expression');
  if ((byDefault === null) === (byExpression === null)) {
    throw new SwitchbackError('usage', t('Give either --default or --expression: what existing rows get.'));
  }
  return byDefault !== null
    ? { by: 'default', expression: byDefault }
    : { by: 'expression', expression: byExpression! };
}
