import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName, shortHash } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import { backfillForecast, stepForecast } from '../step-forecast';
import { ownerAlone } from './owner-alone';
import { migrationStep } from './plain-steps';
import { columnExists, sqlScript } from './sql-text';
import type { StepDraft } from './step-draft';
import { backfillWalk } from './walk';

/** A table that remembers which rows had no value, by their key, and which one each of them got. */
export interface RememberedRows {
  table: TableFacts;
  column: string;
  /** SQL over the row's columns: what a row without a value gets. */
  expression: string;
  memory: QualifiedName;
  key: string[];
  /** What the key's columns are called there: names the table has not, so that none needs its table before it. */
  keyNames: string[];
  valueName: string;
}

/** null where no key tells the table's rows apart. */
export function rememberedRows(table: TableFacts, column: string, expression: string): RememberedRows | null {
  const walk = backfillWalk(table, [column]);
  if (walk.by === 'ctid') return null;
  const taken = new Set(table.columns.map(({ name }) => name));
  return {
    table,
    column,
    expression,
    memory: {
      schema: table.name.schema,
      name: `switchback_kept_${shortHash(JSON.stringify([table.name, column]))}`,
    },
    key: walk.columns,
    keyNames: walk.columns.map((_, index) => freeName('switchback_key', `_${index + 1}`, taken)),
    valueName: freeName('switchback_value', '', taken),
  };
}

/** Makes the memory, with nothing in it. */
export function memoryStep(rows: RememberedRows): StepDraft {
  const { table, memory } = rows;
  const name = formatQualifiedName(memory);
  const columns = [
    ...rows.key.map((column, index) => `${quoteIdentifier(column)} AS ${rows.keyNames[index]!}`),
    `${quoteIdentifier(rows.column)} AS ${rows.valueName}`,
  ];
  const purpose = t(
    'Which rows of {0} had no value in {1}, kept for the way back by Switchback.',
    formatQualifiedName(table.name),
    formatIdentifier(rows.column),
  );
  return migrationStep({
    slug: 'make-memory',
    title: t('Make a place to remember rows without a value'),
    action: t(
      'Creates the empty table {0} for the key of each row that has no value in {1}, so that a rollback can take the value away again.',
      name,
      formatIdentifier(rows.column),
    ),
    forward: [
      `CREATE TABLE ${name} AS\n  SELECT ${columns.join(', ')}\n    FROM ${formatQualifiedName(table.name)}\n  WITH NO DATA`,
      ownerAlone(memory),
      `ALTER TABLE ${name} ADD PRIMARY KEY (${rows.keyNames.join(', ')})`,
      `COMMENT ON TABLE ${name} IS ${quoteLiteral(purpose)}`,
    ],
    rollback: [`DROP TABLE ${name}`],
    holds: [columnExists(memory, rows.valueName)],
    expectation: t('The table {0} is there.', name),
    forecast: stepForecast('AccessShareLock', 'catalog', table),
  });
}

/** Finds nothing on the way there; on the way back it takes the values away, in batches, that the plan gave. */
export function giveBackStep(rows: RememberedRows, options: PlanOptions): StepDraft {
  const { table, column } = rows;
  const pending = `EXISTS (SELECT FROM ${memoryOf(rows)} WHERE ${sameKey(rows)} AND ROW(kept.${rows.valueName})::record OPERATOR(pg_catalog.*=) ROW(${quoteIdentifier(column)})::record)`;
  const relation = formatQualifiedName(table.name);
  return {
    slug: 'give-back',
    kind: 'backfill',
    title: t('Keep the way back: take the given values away again'),
    action: t(
      'It finds nothing to do now. On the way back it empties {0} in the rows that had no value, unless somebody has given them another one since.',
      formatIdentifier(column),
    ),
    backfill: {
      table: table.name,
      assignments: [{ column, expression: 'NULL' }],
      pending,
      walk: backfillWalk(table, [column]),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    againOnRollback: true,
    rollback: {
      kind: 'sql',
      sql: sqlScript([
        // A policy would hide rows silently.
        'SET LOCAL row_security = off',
        `UPDATE ${relation}\n   SET ${quoteIdentifier(column)} = NULL\n WHERE ${pending}`,
      ]),
    },
    verification: {
      sql: `SELECT NOT EXISTS (SELECT FROM ${relation} WHERE ${pending}) AS holds`,
      expectation: t('No row has a value that the plan gave.'),
    },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

/** Writes down which rows have no value, and computes the one that each gets. */
export function rememberStep(rows: RememberedRows): StepDraft {
  const { table, column } = rows;
  const relation = formatQualifiedName(table.name);
  const key = rows.key.map((each) => quoteIdentifier(each)).join(', ');
  const missing = `${quoteIdentifier(column)} IS NOT DISTINCT FROM NULL`;
  return migrationStep({
    slug: 'remember',
    title: t('Remember the rows without a value'),
    action: t(
      'Reads {0} once while others go on reading and writing, and writes the key of each row without a value, and the value it gets, to {1}.',
      relation,
      formatQualifiedName(rows.memory),
    ),
    forward: [
      `INSERT INTO ${formatQualifiedName(rows.memory)} (${[...rows.keyNames, rows.valueName].join(', ')})\n` +
        `  SELECT ${key}, (${rows.expression})\n    FROM ${relation}\n   WHERE ${missing}\n  ON CONFLICT DO NOTHING`,
    ],
    rollback: { nothing: t('What is remembered is needed for the way back, and goes with its table.') },
    holds: [
      `NOT EXISTS (SELECT FROM ${relation} WHERE ${missing} AND NOT EXISTS (SELECT FROM ${memoryOf(rows)} WHERE ${sameKey(rows)}))`,
    ],
    expectation: t('Every row without a value is remembered.'),
    forecast: stepForecast('RowExclusiveLock', 'scan', table, rows.memory),
  });
}

/** SQL of the value a row gets: the remembered one, so that the way back knows it again. */
export function rememberedValue(rows: RememberedRows): string {
  return `(SELECT kept.${rows.valueName} FROM ${memoryOf(rows)} WHERE ${sameKey(rows)})`;
}

/** Why there is no way back from forgetting. */
export function whyForgotten({ column }: Pick<RememberedRows, 'column'>): string {
  return t(
    'Which rows had no value in {0} is known no longer; they would keep the value they were given.',
    formatIdentifier(column),
  );
}

function memoryOf({ memory }: RememberedRows): string {
  return `${formatQualifiedName(memory)} AS kept`;
}

function sameKey({ key, keyNames }: RememberedRows): string {
  return key.map((column, index) => `kept.${keyNames[index]!} = ${quoteIdentifier(column)}`).join(' AND ');
}
