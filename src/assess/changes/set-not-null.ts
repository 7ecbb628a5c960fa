import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { isSwitchbackError, SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import type { ChangeFindings, NewColumnFacts } from '../change-facts';
import { constantValueBlockers } from '../constant-value';
import { readNewColumn } from '../new-column';
import { newValueBlockers } from '../new-values';
import { unprovedNotNull } from '../unproved-not-null';
import { writerRightsBlockers } from '../writer-rights';
import type { ChangeType, Look } from './change-type';
import { differingPartitions } from './differing-partitions';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('set-not-null'),
  table: storedName,
  column: v.string(),
  /** What rows without a value get, over the row's columns; null where there must be none. */
  value: v.nullable(v.string()),
});

/** A column that every row must have a value for from now on. */
export type SetNotNull = v.InferOutput<typeof stored>;

export const setNotNull = {
  kind: 'set-not-null',
  group: 'columns',
  title: () => t('Require a value'),
  description: () => t('Every row has a value, proved, before the column becomes NOT NULL.'),
  stored,
  fields: () => [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'value',
      asks: 'text',
      label: t('Rows without a value get'),
      question: () => t('What do rows without a value get? Leave it empty where there are none.'),
      placeholder: "coalesce(nickname, '')",
      hint: t('SQL over the columns of the row, without a semicolon.'),
      optional: true,
    },
  ],
  usage: '--column C [--value EXPR]',
  read: (answers): SetNotNull => ({
    kind: 'set-not-null',
    table: answers.table(),
    column: answers.name('column'),
    value: answers.optionalText('value'),
  }),
  answers: ({ column, value }) => ({ column, value: value ?? '' }),
  planChoices: [],
  describe: ({ table, column }) =>
    t('Require a value in {0}.{1}', formatQualifiedName(table), formatIdentifier(column)),
  words: ({ table, column }) => `require ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'changed' }],
  law: ({ column }) => ({ kind: 'filled', column }),
  look,
  check,
  migrationType: ({ value }) =>
    value === null
      ? {
          id: 'api-breaking-change',
          why: t('Writers that leave the column out have to give it a value before it is required.'),
        }
      : { id: 'data-format-change', why: t('Rows without a value are given one.') },
  rewritesRows: ({ value }) => value !== null,
  states,
} satisfies ChangeType<SetNotNull>;

async function look(change: SetNotNull, at: Look): Promise<ChangeFindings> {
  const partitions = await partitionBlockers(change, at);
  if (change.value === null) {
    const missing = await someRow(at, isMissing(change.column));
    return { blockers: missing ? [...partitions, missingBlocker(change)] : partitions };
  }
  const { type } = columnOf(at.table, change.column);
  const fill = { by: 'expression' as const, expression: change.value };
  const facts = await readNewColumn(at.session, at.parser, { ...change, type, fill }, at.table, at.signal);
  const unfilled = await someRow(at, `${isMissing(change.column)} AND ${isMissingIn(`(${change.value})`)}`);
  const refused = unfilled
    ? [unfilledBlocker(change)]
    : await refusedValue(change.column, change.value, facts, at);
  const rights = { expressions: [change.value], by: 'trigger' as const };
  return {
    // The column is there: no domain is tried on rows that have it.
    newColumn: { ...facts, domain: null },
    blockers: [...partitions, ...refused, ...(await writerRightsBlockers(rights, at))],
  };
}

/** Whether rows take the value; one that differs each time is not tried, as trying it may change something. */
async function refusedValue(
  column: string,
  expression: string,
  { volatility, columns }: NewColumnFacts,
  at: Look,
): Promise<string[]> {
  if (volatility === 'volatile') return [];
  const constant = columns.length === 0 ? await constantValueBlockers(column, expression, at) : [];
  if (constant.length > 0) return constant;
  return newValueBlockers({ column, expression, where: isMissing(column), onlyMissing: true }, at);
}

/** Before PostgreSQL 18 a partition's own NOT NULL cannot be told from its parent's on the way back. */
async function partitionBlockers({ column }: SetNotNull, at: Look): Promise<string[]> {
  if (at.session.facts.major >= 18) return [];
  const others = await differingPartitions(at, column, 'not-null');
  if (others.length === 0) return [];
  return [
    t(
      '{0} is NOT NULL already in {1}, and a rollback would drop that too. Drop it there first: ALTER TABLE ... ALTER COLUMN ... DROP NOT NULL.',
      formatIdentifier(column),
      others.join(', '),
    ),
  ];
}

function isMissing(column: string): string {
  return isMissingIn(quoteIdentifier(column));
}

/** IS NULL would look inside of a composite value. */
function isMissingIn(expression: string): string {
  return `${expression} IS NOT DISTINCT FROM NULL`;
}

/** Whether there is such a row; false where that took too long to find out: the plan checks it again. */
async function someRow({ session, table, signal }: Look, condition: string): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT FROM ${formatQualifiedName(table.name)} WHERE ${condition}) AS found`;
  try {
    const { rows } = await session.transaction(() => session.query<{ found: boolean }>(sql, [], { signal }), {
      readOnly: true,
      rollback: true,
      statementTimeoutMilliseconds: 3000,
      lockTimeoutMilliseconds: 500,
      signal,
    });
    return rows[0]?.found === true;
  } catch (error) {
    const state = isSwitchbackError(error) ? String(error.details['sqlstate'] ?? '') : '';
    if ((state === '57014' || state === '55P03') && !signal.aborted) return false;
    // What changes something, as nextval() does, is not to be tried.
    if (state === '25006') return false;
    if (!state.startsWith('22')) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The value for rows without one fails on a row of {0}. Change it so that it gives each of them a value.',
        formatQualifiedName(table.name),
      ),
      { cause: error },
    );
  }
}

function missingBlocker({ table, column }: SetNotNull): string {
  return t(
    'Some rows of {0} have no value in {1}. Say what they get (--value), or give them one first.',
    formatQualifiedName(table),
    formatIdentifier(column),
  );
}

function unfilledBlocker({ table, column }: SetNotNull): string {
  return t(
    'The value gives NULL for some rows of {0} that have none in {1}. Wrap it in coalesce(..., a value).',
    formatQualifiedName(table),
    formatIdentifier(column),
  );
}

function check({ column, value }: SetNotNull, table: TableFacts): void {
  const facts = columnOf(table, column);
  const relation = formatQualifiedName(table.name);
  const [unproved] = unprovedNotNull(table, [column]);
  if (unproved !== undefined) throw new SwitchbackError('invalid-input', unproved);
  if (facts.notNull) {
    throw new SwitchbackError(
      'already-done',
      t('{0}.{1} is NOT NULL already. There is nothing to do.', relation, formatIdentifier(column)),
    );
  }
  if (facts.generated !== null && value !== null) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0}.{1} is generated, so that nothing else gives it a value. Leave the value away.',
        relation,
        formatIdentifier(column),
      ),
    );
  }
}

function states({ column, value }: SetNotNull): { before: string[]; after: string[] } {
  const name = formatIdentifier(column);
  return {
    before: [t('{0} may be empty (NULL).', name)],
    after: [
      t('{0} is NOT NULL: a row without it is refused.', name),
      value === null ? t('No row changes.') : t('Rows that had no value have {0}.', value),
    ],
  };
}
