import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts, Volatility } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { readNewColumn } from '../new-column';
import { readOnlyRows } from '../read-only-query';
import { writerRightsBlockers } from '../writer-rights';
import type { ChangeType, Look } from './change-type';
import { differingPartitions } from './differing-partitions';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('set-default'),
  table: storedName,
  column: v.string(),
  /** What rows get that are inserted without the column. */
  expression: v.string(),
});

/** A column that gets a default, or another one. */
export type SetDefault = v.InferOutput<typeof stored>;

export const setDefault = {
  kind: 'set-default',
  group: 'columns',
  title: () => t('Set a default'),
  description: () =>
    t('New rows get it where a writer leaves the column out; rows that are there keep their values.'),
  stored,
  fields: () => [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'expression',
      asks: 'text',
      label: t('Default'),
      question: ({ column }) => t('Default of {0}, as SQL', column ?? ''),
      placeholder: "'new'",
      hint: t('SQL, without a semicolon.'),
    },
  ],
  usage: '--column C --expression EXPR',
  read: (answers): SetDefault => ({
    kind: 'set-default',
    table: answers.table(),
    column: answers.name('column'),
    expression: answers.text('expression'),
  }),
  answers: ({ column, expression }) => ({ column, expression }),
  planChoices: [],
  describe: ({ table, column, expression }) =>
    t('Set the default of {0}.{1} to {2}', formatQualifiedName(table), formatIdentifier(column), expression),
  words: ({ table, column }) => `default of ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'used' }],
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only what new rows get changes; no row and no code has to.'),
  }),
  rewritesRows: () => false,
  states: ({ column, expression }, table) => ({
    before: [
      t(
        'The default of {0} is {1}.',
        formatIdentifier(column),
        table.columns.find(({ name }) => name === column)?.default ?? t('not set'),
      ),
    ],
    after: [
      t('A row inserted without {0} gets {1}.', formatIdentifier(column), expression),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<SetDefault>;

async function look(change: SetDefault, at: Look): Promise<ChangeFindings> {
  const { session, parser, table, signal } = at;
  const { type, default: before } = columnOf(table, change.column);
  const fill = { by: 'default' as const, expression: change.expression };
  const { volatility } = await readNewColumn(session, parser, { ...change, type, fill }, table, signal);
  if (await isPresentDefault(change, volatility, at)) throw alreadyDone(change, table, before);
  const others = await differingPartitions(at, change.column, 'default');
  const overwritten =
    others.length === 0
      ? []
      : [
          t(
            'The default of {0} is another one in {1}, and would be overwritten there, where a rollback could not bring it back. Set the default on each of them, or give them the one of {2} first.',
            formatIdentifier(change.column),
            others.join(', '),
            formatQualifiedName(table.name),
          ),
        ];
  const rights = { expressions: [change.expression], by: 'default' as const };
  return { blockers: [...overwritten, ...(await writerRightsBlockers(rights, at))] };
}

/** By its text, and where both are constants by their value: PostgreSQL writes a default in its own words. */
async function isPresentDefault(
  { column, expression }: SetDefault,
  volatility: Volatility,
  { session, table, signal }: Look,
): Promise<boolean> {
  const { type, default: before, defaultVolatility } = columnOf(table, column);
  if (before === null) return false;
  const plain = (text: string): string => (/['"]/.test(text) ? text : text.toLowerCase()).replace(/\s+/g, '');
  const text = plain(expression);
  if ([text, `(${text})`, `${text}::${plain(type)}`].includes(plain(before))) return true;
  if (volatility !== 'immutable' || defaultVolatility !== 'immutable') return false;
  const value = (sql: string): string => `((${sql}\n)::${type})::text`;
  const rows = await readOnlyRows(
    session,
    `SELECT ${value(expression)} IS NOT DISTINCT FROM ${value(before)} AS same`,
    signal,
  );
  return rows[0]?.['same'] === true;
}

function alreadyDone({ column }: SetDefault, table: TableFacts, before: string | null): SwitchbackError {
  return new SwitchbackError(
    'already-done',
    t(
      '{0}.{1} has the default {2} already. There is nothing to do.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
      before ?? '',
    ),
  );
}

function check({ column }: SetDefault, table: TableFacts): void {
  const { generated, identity } = columnOf(table, column);
  if (generated === null && identity === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0}.{1} gets its value from the server ({2}), which leaves no room for a default. Choose another column.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
      generated === null ? 'IDENTITY' : 'GENERATED',
    ),
  );
}
