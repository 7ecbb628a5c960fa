import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { givesValueEverywhere, readNewColumn, withoutColumn } from '../new-column';
import { writerRightsBlockers } from '../writer-rights';
import type { Answers, ChangeField, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-required-column'),
  table: storedName,
  column: v.string(),
  /** A type as SQL spells it: `text`, `numeric(12,2)`, `app.email`. */
  type: v.string(),
  /** `default`: a DEFAULT expression. `expression`: computed from the row's other columns. */
  fill: v.object({ by: v.picklist(['default', 'expression']), expression: v.string() }),
  /** Whether writers may go on omitting the column after contract. Only for `fill.by = default`. */
  keepDefault: v.boolean(),
});

/** A new column that every row must have a value for. */
export type AddRequiredColumn = v.InferOutput<typeof stored>;

export const addRequiredColumn = {
  kind: 'add-required-column',
  group: 'columns',
  title: () => t('Add a required column'),
  description: () => t('Every row gets a value before the column becomes NOT NULL.'),
  stored,
  fields,
  usage: '--column C --type TYPE (--default EXPR [--keep-default] | --expression EXPR)',
  read: (answers): AddRequiredColumn => ({
    kind: 'add-required-column',
    table: answers.table(),
    column: answers.name('column'),
    type: answers.text('type'),
    fill: answeredFill(answers),
    keepDefault: answers.flag('keep-default'),
  }),
  answers: ({ column, type, fill, keepDefault }) => ({
    column,
    type,
    fill: fill.by,
    [fill.by]: fill.expression,
    'keep-default': keepDefault ? 'yes' : '',
  }),
  planChoices: [],
  describe: ({ table, column }) =>
    t('Add the required column {0} to {1}', formatIdentifier(column), formatQualifiedName(table)),
  words: ({ table, column }) => `add ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'added' }],
  law: ({ column }) => ({ kind: 'filled', column }),
  look,
  check,
  migrationType: ({ fill }) =>
    fill.by === 'default'
      ? { id: 'schema-additive', why: t('A column is added; nothing that exists changes its shape.') }
      : {
          id: 'data-format-change',
          why: t('A column is added and every row is rewritten with a value computed from the others.'),
        },
  rewritesRows: ({ fill }, newColumn) =>
    fill.by === 'expression' || newColumn === null || newColumn.volatility === 'volatile',
  states,
} satisfies ChangeType<AddRequiredColumn>;

function fields(): ChangeField[] {
  return [
    { id: 'column', asks: 'new-name', label: t('Column'), question: () => t('Name of the new column') },
    {
      id: 'type',
      asks: 'text',
      label: t('Type'),
      question: () => t('Type, as SQL spells it'),
      placeholder: 'text',
      hint: t('For example {0}.', 'text, bigint, timestamptz, numeric(12,2)'),
    },
    {
      id: 'fill',
      asks: 'choice',
      label: t('Existing rows get'),
      question: () => t('What do existing rows get?'),
      choices: [
        {
          value: 'default',
          label: t('A default'),
          detail: t('One value or function for every row, for example {0}.', "'new'"),
        },
        {
          value: 'expression',
          label: t('An expression'),
          detail: t('Computed from the row, for example {0}.', 'lower(email)'),
        },
      ],
    },
    {
      id: 'default',
      asks: 'text',
      label: t('Default'),
      question: () => t('The default, as SQL'),
      placeholder: "'new'",
      hint: t('SQL, without a semicolon.'),
      when: ({ fill }) => fill === 'default',
    },
    {
      id: 'expression',
      asks: 'text',
      label: t('Expression'),
      question: () => t('The expression, over the columns of the row'),
      placeholder: 'lower(email)',
      hint: t('SQL, without a semicolon.'),
      when: ({ fill }) => fill === 'expression',
    },
    {
      id: 'keep-default',
      asks: 'flag',
      label: t('Keep the default'),
      question: () => t('May writers go on leaving the column out?'),
      yes: t('Yes, keep the default'),
      no: t('No, drop the default in the end'),
      hint: t('Writers may then go on leaving the column out.'),
      when: ({ fill }) => fill === 'default',
    },
  ];
}

function answeredFill(answers: Answers): AddRequiredColumn['fill'] {
  const byDefault = answers.optionalText('default');
  const byExpression = answers.optionalText('expression');
  if ((byDefault === null) === (byExpression === null)) {
    throw new SwitchbackError('usage', t('Give either --default or --expression: what existing rows get.'));
  }
  return byDefault !== null
    ? { by: 'default', expression: byDefault }
    : { by: 'expression', expression: byExpression! };
}

async function look(change: AddRequiredColumn, at: Look): Promise<ChangeFindings> {
  const { session, parser, table, signal } = at;
  const newColumn = await readNewColumn(session, parser, change, table, signal);
  const { by, expression } = change.fill;
  const unusable = await writerRightsBlockers(
    { expressions: [expression], by: by === 'expression' ? 'trigger' : 'default' },
    at,
  );
  const mayLack = by === 'expression' && newColumn.volatility !== 'volatile';
  if (!mayLack || (await givesValueEverywhere(change, at)) !== false)
    return { newColumn, blockers: unusable };
  return {
    newColumn,
    blockers: [
      ...unusable,
      t(
        'The expression gives no value (NULL) for some rows of {0}, and {1} is to be required. Wrap it in coalesce(..., a value).',
        formatQualifiedName(table.name),
        formatIdentifier(change.column),
      ),
    ],
  };
}

function check(change: AddRequiredColumn, table: TableFacts): void {
  const existing = table.columns.find((column) => column.name === change.column);
  if (!existing) return;
  const relation = formatQualifiedName(table.name);
  const column = formatIdentifier(change.column);
  throw existing.notNull
    ? new SwitchbackError(
        'already-done',
        t('{0} has the required column {1} already. There is nothing to do.', relation, column),
      )
    : new SwitchbackError(
        'invalid-input',
        t(
          '{0} has a column {1} already, which may be empty. Choose another name, or open the plan that is under way.',
          relation,
          column,
        ),
      );
}

function states(change: AddRequiredColumn, table: TableFacts): { before: string[]; after: string[] } {
  const relation = formatQualifiedName(table.name);
  const column = formatIdentifier(change.column);
  const fill =
    change.fill.by === 'default'
      ? t('existing rows have {0}', change.fill.expression)
      : t('existing rows have the value of {0}', change.fill.expression);
  return {
    before: [withoutColumn(table, change.column)],
    after: [
      t('The table {0} has the column {1}: {2}, NOT NULL; {3}.', relation, column, change.type, fill),
      change.keepDefault
        ? t('Writers may go on leaving it out; the default fills it.')
        : t('Every writer gives it a value.'),
    ],
  };
}
