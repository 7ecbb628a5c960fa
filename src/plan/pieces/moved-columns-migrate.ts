import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import type { Check } from '../plan';
import { backfillForecast, stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { createPull, createPush, dropPull, dropPush, isRunning } from './moved-columns-mirror';
import type { MovedColumnsParts } from './moved-columns-parts';
import { checkStep, migrationStep } from './plain-steps';
import { columnDefault } from './sql-text';
import type { StepDraft } from './step-draft';
import { backfillWalk } from './walk';
import { wholeFirst } from './whole-first';
import { noneCounted } from './counted-detail';

/** The rows get their values, and the other table is ready to be written. */
export function movedColumnsMigrate(parts: MovedColumnsParts): StepDraft[] {
  return [...(parts.single ? [] : [agreeStep(parts)]), fillStep(parts), equalStep(parts), pushStep(parts)];
}

/** A query that holds where each row has the values of those that refer to it. */
export function areEqual(parts: MovedColumnsParts): string {
  return `SELECT NOT EXISTS (${differingRows(parts)}) AS holds`;
}

/** The same as a check. */
export function equalRowsCheck(parts: MovedColumnsParts): Check {
  return {
    id: 'equal',
    title: t('Rows have the same values in both tables'),
    sql: `SELECT ${noneCounted(t('rows that differ'))}\n  FROM (${differingRows(parts)}) AS differing`,
  };
}

function differingRows({ table, target, key, columns }: MovedColumnsParts): string {
  const join = key.fromColumns
    .map((column, place) => `one.${quoteIdentifier(column)} = two.${quoteIdentifier(key.toColumns[place]!)}`)
    .join(' AND ');
  const image = (side: string): string =>
    columns.map(({ name }) => `${side}.${quoteIdentifier(name)}`).join(', ');
  return (
    `SELECT FROM ${formatQualifiedName(table.name)} AS one\n  JOIN ${formatQualifiedName(target.name)} AS two ON ${join}\n` +
    ` WHERE ${imageDiffers(image('one'), image('two'))}`
  );
}

/** From when the plan was made until the triggers were there, nothing held them together. */
function agreeStep({ table, target, key, columns }: MovedColumnsParts): StepDraft {
  const keys = key.fromColumns.map((column) => quoteIdentifier(column)).join(', ');
  const values = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const differing = `SELECT ${keys} FROM ${formatQualifiedName(table.name)}\n  GROUP BY ${keys} HAVING count(DISTINCT ROW(${values})::text) > 1`;
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  return checkStep({
    slug: 'check-agree',
    title: t('See that rows of {0} that belong together agree', relation),
    action: t(
      'Reads {0} once. Where some do not agree, give one of them the right value: the triggers give it to the others.',
      relation,
    ),
    checks: [
      {
        id: 'agree',
        title: t('Rows that refer to the same row of {0} have the same values', to),
        sql: `SELECT ${noneCounted(t('rows that do not agree'))}\n  FROM (${differing}) AS differing`,
      },
    ],
    verification: {
      sql: `SELECT NOT EXISTS (${differing}) AS holds`,
      expectation: t('Rows that belong together have the same values.'),
    },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}

function fillStep(parts: MovedColumnsParts): StepDraft {
  const { table, target, columns, options } = parts;
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  const names = columns.map(({ name }) => name);
  return {
    slug: 'fill-rows',
    kind: 'backfill',
    title: t('Fill {0} of {1}', names.map(formatIdentifier).join(', '), to),
    action: t(
      'In small batches. A row is locked before its values are read, so that nothing that is written meanwhile is missed.',
    ),
    backfill: {
      table: target.name,
      assignments: columns.map(({ name }) => ({
        column: name,
        expression: `SELECT switchback_row.${quoteIdentifier(name)} FROM ${foundRows(parts, [])} LIMIT 1`,
      })),
      pending: pendingRows(parts),
      walk: backfillWalk(target, names),
      estimatedRows: Math.max(0, Math.round(target.rows.count)),
    },
    rollback: { kind: 'nothing', why: t('The values go with the columns.') },
    verification: {
      sql: areEqual(parts),
      expectation: t('Rows of {0} have the values of those of {1} that refer to them.', to, relation),
    },
    forecast: backfillForecast(target, options.batchMilliseconds),
  };
}

function pendingRows(parts: MovedColumnsParts): string {
  const names = parts.columns.map(({ name }) => quoteIdentifier(name));
  const left = names.map((name) => `switchback_row.${name}`).join(', ');
  const right = names.map((_, place) => `switchback_whole.value${place + 1}`).join(', ');
  return `EXISTS (SELECT FROM ${foundRows(parts, names)} WHERE ${imageDiffers(left, right)})`;
}

/**
 * The rows that refer to the one that is written. Its columns are named where no others are, so that they mean it also where
 * both tables have some of one name, and whatever the partition is called.
 */
function foundRows({ table, key }: MovedColumnsParts, values: readonly string[]): string {
  const given = [...key.toColumns.map((column) => quoteIdentifier(column)), ...values];
  const names = [
    ...key.toColumns.map((_, place) => `key${place + 1}`),
    ...values.map((_, place) => `value${place + 1}`),
  ];
  const join = key.fromColumns
    .map((column, place) => `switchback_row.${quoteIdentifier(column)} = switchback_whole.key${place + 1}`)
    .join(' AND ');
  return (
    `(SELECT ${given.map((one, place) => `${one} AS ${names[place]!}`).join(', ')}) AS switchback_whole ` +
    `JOIN ${formatQualifiedName(table.name)} AS switchback_row ON ${join}`
  );
}

function equalStep(parts: MovedColumnsParts): StepDraft {
  const [relation, to] = [formatQualifiedName(parts.table.name), formatQualifiedName(parts.target.name)];
  return checkStep({
    slug: 'check-equal',
    title: t('See that {0} and {1} have the same values', relation, to),
    action: t('Reads both once, as they are at one moment, and compares every row value by value.'),
    checks: [equalRowsCheck(parts)],
    verification: {
      sql: areEqual(parts),
      expectation: t('Rows have the same values in both tables.'),
    },
    forecast: stepForecast('AccessShareLock', 'scan', parts.table),
  });
}

/** Old code goes on writing the table alone, so that the other one may be written only once it is filled. */
function pushStep({ table, target, columns, mirror }: MovedColumnsParts): StepDraft {
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  const defaults = columns.filter((column) => column.default !== null);
  const alter = (name: string): string => `ALTER TABLE ${to} ALTER COLUMN ${formatIdentifier(name)}`;
  return migrationStep({
    slug: 'mirror-back',
    title: t('Carry writes of {0} to {1}', to, relation),
    action: t(
      'From now on {0} may be written: the rows of {1} follow it in the same transaction, as it follows them.',
      to,
      relation,
    ),
    forward: [
      ...wholeFirst(target),
      ...dropPull(mirror).map((statement) =>
        acceptFinding(
          statement.startsWith('DROP FUNCTION') ? 'dropping-without-deprecation' : null,
          t('an earlier step has made it, and only its triggers use it'),
          statement,
        ),
      ),
      ...createPush(mirror),
      ...defaults.map(({ name, default: value }) => `${alter(name)} SET DEFAULT ${value!}`),
    ],
    rollback: [
      ...wholeFirst(target),
      ...defaults.map(({ name }) => `${alter(name)} DROP DEFAULT`),
      ...dropPush(mirror),
      ...createPull(mirror),
    ],
    holds: [
      isRunning(mirror.push),
      ...defaults.map(({ name }) => `${columnDefault(target.name, name)} IS NOT NULL`),
    ],
    expectation: t('The trigger of {0} is there.', to),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', target),
  });
}
