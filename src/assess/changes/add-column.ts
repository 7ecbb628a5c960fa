import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings, NewColumnFacts } from '../change-facts';
import { readNewColumn, withoutColumn } from '../new-column';
import { writerRightsBlockers } from '../writer-rights';
import { addColumnFields } from './add-column-fields';
import type { Answers, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-column'),
  table: storedName,
  column: v.string(),
  /** A type as SQL spells it: `text`, `numeric(12,2)`, `app.email`. */
  type: v.string(),
  /** Where its values come from: a writer, the column's default, the row's other columns, a sequence of its own. */
  source: v.variant('by', [
    v.object({ by: v.literal('writer') }),
    v.object({ by: v.literal('default'), expression: v.string() }),
    v.object({ by: v.literal('generated'), expression: v.string(), virtual: v.boolean() }),
    v.object({ by: v.literal('identity') }),
  ]),
});

/** A new column that may be empty, or that the server fills by itself. */
export type AddColumn = v.InferOutput<typeof stored>;

export const addColumn = {
  kind: 'add-column',
  group: 'columns',
  title: () => t('Add a column that may be empty'),
  description: () => t('The column comes without rewriting a large table; old code does not notice it.'),
  stored,
  fields: addColumnFields,
  usage: '--column C --type TYPE [--default EXPR | --generated EXPR [--virtual] | --identity]',
  read: (answers): AddColumn => ({
    kind: 'add-column',
    table: answers.table(),
    column: answers.name('column'),
    type: answers.text('type'),
    source: answeredSource(answers),
  }),
  answers: ({ column, type, source }) => ({
    column,
    type,
    source: source.by,
    ...(source.by === 'default' ? { default: source.expression } : {}),
    ...(source.by === 'generated'
      ? { generated: source.expression, virtual: source.virtual ? 'yes' : '' }
      : {}),
    ...(source.by === 'identity' ? { identity: 'yes' } : {}),
  }),
  planChoices: [],
  describe: ({ table, column }) =>
    t('Add the column {0} to {1}', formatIdentifier(column), formatQualifiedName(table)),
  words: ({ table, column }) => `add ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'added' }],
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A column is added; nothing that exists changes its shape.'),
  }),
  rewritesRows: () => false,
  states,
} satisfies ChangeType<AddColumn>;

function answeredSource(answers: Answers): AddColumn['source'] {
  const byDefault = answers.optionalText('default');
  const generated = answers.optionalText('generated');
  const identity = answers.flag('identity') || answers.optionalText('source') === 'identity';
  const virtual = answers.flag('virtual');
  if ([byDefault !== null, generated !== null, identity].filter(Boolean).length > 1) {
    throw new SwitchbackError(
      'usage',
      t('Give one of --default, --generated and --identity: a column has one source of values.'),
    );
  }
  if (virtual && generated === null)
    throw new SwitchbackError(
      'usage',
      t('Give --generated beside --virtual: only a generated column is virtual.'),
    );
  if (byDefault !== null) return { by: 'default', expression: byDefault };
  if (generated !== null) return { by: 'generated', expression: generated, virtual };
  return identity ? { by: 'identity' } : { by: 'writer' };
}

async function look(change: AddColumn, at: Look): Promise<ChangeFindings> {
  const { session, parser, table, signal } = at;
  const { source } = change;
  const fill = {
    by: source.by === 'generated' ? ('expression' as const) : ('default' as const),
    expression: source.by === 'default' || source.by === 'generated' ? source.expression : 'NULL',
  };
  const newColumn = await readNewColumn(session, parser, { ...change, fill }, table, signal);
  if (source.by === 'generated') checkGenerated(change, table, newColumn);
  if (source.by === 'identity') await checkNumberType(change, at);
  const rights = { expressions: [fill.expression], by: 'default' as const };
  return { newColumn, blockers: await writerRightsBlockers(rights, at) };
}

/** https://www.postgresql.org/docs/current/ddl-generated-columns.html */
function checkGenerated(
  { column }: AddColumn,
  table: TableFacts,
  { columns, volatility }: NewColumnFacts,
): void {
  const computed = table.columns.find(({ name, generated }) => generated !== null && columns.includes(name));
  if (computed) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'A generated column cannot read another one, and {0} is one. Write out what it is computed from.',
        formatIdentifier(computed.name),
      ),
    );
  }
  if (volatility === 'volatile') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} would be generated by a function that gives another value each time. Give it as a default, or compute it from the row alone.',
        formatIdentifier(column),
      ),
    );
  }
}

async function checkNumberType({ column, type }: AddColumn, { session, signal }: Look): Promise<void> {
  const { rows } = await session.query<{ fits: boolean }>(
    `SELECT $1::regtype::oid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AS fits`,
    [type],
    { signal },
  );
  if (rows[0]?.fits === true) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} is to be numbered by the server, which takes smallint, integer or bigint, not {1}.',
      formatIdentifier(column),
      type,
    ),
  );
}

function check(change: AddColumn, table: TableFacts): void {
  const existing = table.columns.find((column) => column.name === change.column);
  if (!existing) return;
  const relation = formatQualifiedName(table.name);
  const column = formatIdentifier(change.column);
  throw existing.type === change.type.trim()
    ? new SwitchbackError(
        'already-done',
        t('{0} has a column {1} of that type already. There is nothing to do.', relation, column),
      )
    : new SwitchbackError(
        'invalid-input',
        t('{0} has a column {1} already: {2}. Choose another name.', relation, column, existing.type),
      );
}

function states(change: AddColumn, table: TableFacts): { before: string[]; after: string[] } {
  const relation = formatQualifiedName(table.name);
  const column = formatIdentifier(change.column);
  return {
    before: [withoutColumn(table, change.column)],
    after: [
      t('The table {0} has the column {1}: {2}.', relation, column, change.type),
      sourceSentence(change.source),
    ],
  };
}

function sourceSentence(source: AddColumn['source']): string {
  switch (source.by) {
    case 'writer':
      return t('Rows have no value there until a writer gives one.');
    case 'default':
      return t('A row inserted without it gets {0}.', source.expression);
    case 'generated':
      return source.virtual
        ? t('The server computes it as {0} whenever it is read.', source.expression)
        : t('The server computes it as {0} whenever a row is written.', source.expression);
    case 'identity':
      return t('The server numbers the rows.');
  }
}
