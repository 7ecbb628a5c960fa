import { t } from '../../messages/translate';
import { dollarQuoted } from '../../sql/dollar-quoted';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { backfillForecast, stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { ownerAlone } from './owner-alone';
import { checkStep, migrationStep } from './plain-steps';
import { goingKeysSql, leftSql, type RemovalParts } from './removal-parts';
import { createRemovalTrigger } from './removal-trigger';
import { columnExists, regclass, sqlScript, triggerExists } from './sql-text';
import type { StepDraft } from './step-draft';
import { noneCounted } from './counted-detail';

/** Makes the list, its trigger and the archive, with nothing in them. */
export function makeListStep(parts: RemovalParts): StepDraft {
  const { table, list, archive } = parts;
  const listName = formatQualifiedName(list);
  return migrationStep({
    slug: 'make-list',
    title: t('Make a list for the rows that go'),
    action:
      archive === null
        ? t('Creates {0} for the keys of the rows that go; marking one there deletes the row.', listName)
        : t(
            'Creates {0} for the keys of the rows that go, and {1} for the rows; marking a key moves its row there, and unmarking it moves it back.',
            listName,
            formatQualifiedName(archive),
          ),
    forward: [...makeList(parts), ...makeArchive(parts)],
    rollback: [...dropList(parts), ...(archive === null ? [] : [dropEmptyArchive(archive)])],
    holds: [
      triggerExists([list], parts.triggerName),
      ...(archive === null ? [] : [columnExists(archive, parts.key[0]!)]),
    ],
    expectation: t('The list is there.'),
    forecast: stepForecast('AccessShareLock', 'catalog', table),
  });
}

/** Finds nothing on the way there; on the way back it moves the rows back, in batches. */
export function bringBackStep(parts: RemovalParts): StepDraft[] {
  const { table, list, archive, options } = parts;
  if (archive === null) return [];
  const name = formatQualifiedName(table.name);
  return [
    {
      slug: 'bring-back',
      kind: 'backfill',
      title: t('Keep the way back: bring the rows back to {0}', name),
      action: t(
        'It finds nothing to do now. On the way back it moves the rows from the archive to {0}; those that it cannot take any more stay there.',
        name,
      ),
      backfill: {
        table: list,
        assignments: [{ column: 'gone', expression: 'false' }],
        pending: 'gone',
        walk: { by: 'key', columns: parts.keyNames },
        estimatedRows: mostRows(parts),
      },
      againOnRollback: true,
      rollback: {
        kind: 'sql',
        sql: sqlScript([
          // A policy would hide rows silently.
          'SET LOCAL row_security = off',
          `UPDATE ${formatQualifiedName(list)}\n   SET gone = false\n WHERE gone`,
        ]),
      },
      verification: {
        // Not that the archive is empty: a row that the table cannot take any more stays there.
        sql: `SELECT NOT EXISTS (SELECT FROM ${formatQualifiedName(list)} WHERE gone) AS holds`,
        expectation: t('No listed row is marked as gone.'),
      },
      forecast: backfillForecast(table, options.batchMilliseconds),
    },
  ];
}

/** Writes down the keys of the rows that go. */
export function listRowsStep(parts: RemovalParts): StepDraft {
  const { table, list, keyNames } = parts;
  const relation = formatQualifiedName(table.name);
  const listName = formatQualifiedName(list);
  const going = goingKeysSql(parts);
  return migrationStep({
    slug: 'list-rows',
    title: t('List the rows that go'),
    action: t(
      'Reads {0} once while others go on reading and writing, and writes the keys of the rows that go to {1}.',
      relation,
      listName,
    ),
    forward: [
      // A policy would leave rows out silently.
      ...(table.rowSecurity.enabled ? ['SET LOCAL row_security = off'] : []),
      `INSERT INTO ${listName} (${keyNames.join(', ')}, gone)\n  SELECT *, false FROM (${going}) AS found\n  ON CONFLICT DO NOTHING`,
    ],
    rollback: { nothing: t('The list goes with its table.') },
    holds: [`(EXISTS (SELECT FROM ${listName}) OR NOT EXISTS (${going}))`],
    expectation: t('The rows that go are listed.'),
    forecast: stepForecast('RowExclusiveLock', 'scan', table, list),
  });
}

/** Takes the listed rows out, in batches of the list. */
export function takeOutStep(parts: RemovalParts): StepDraft {
  const { table, list, archive, options } = parts;
  const relation = formatQualifiedName(table.name);
  return {
    slug: 'take-out',
    kind: 'backfill',
    title:
      archive === null
        ? t('Delete the listed rows of {0}', relation)
        : t('Move the listed rows of {0} to the archive', relation),
    action: t(
      'Marks the list in small batches, and each mark takes its row out, unless it is no longer one of those that go or something refers to it now.',
    ),
    backfill: {
      table: list,
      assignments: [{ column: 'gone', expression: 'true' }],
      pending: 'NOT gone',
      walk: { by: 'key', columns: parts.keyNames },
      estimatedRows: mostRows(parts),
    },
    rollback:
      archive === null
        ? { kind: 'no-return', why: whyDeleted(parts) }
        : { kind: 'nothing', why: t('The rollback of "bring-back" moves the rows back.') },
    verification: leftVerification(parts),
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

/** Why deleted rows do not come back. */
export function whyDeleted({ table }: RemovalParts): string {
  return t(
    'The rows of {0} are gone; only a backup of the database has them. With --archive a rollback would bring them back.',
    formatQualifiedName(table.name),
  );
}

/** Looks whether a listed row is left. */
export function leftCheckStep(parts: RemovalParts): StepDraft {
  return checkStep({
    slug: 'check-gone',
    title: t('See that no listed row is left'),
    action: t(
      'Reads the list and looks for its rows; those to which something refers since are not counted.',
    ),
    checks: [
      {
        id: 'gone',
        title: t('No listed row is in {0}', formatQualifiedName(parts.table.name)),
        sql: `SELECT ${noneCounted(t('rows that are left'))}\n  ${leftSql(parts)}`,
      },
    ],
    verification: leftVerification(parts),
    forecast: stepForecast('AccessShareLock', 'scan', parts.table),
  });
}

/** The list goes; the archive stays. On the way back it is made again from the archive. */
export function dropListStep(parts: RemovalParts): StepDraft {
  const { table, list, archive } = parts;
  return migrationStep({
    slug: 'drop-list',
    title: t('Drop the list'),
    action:
      archive === null
        ? t('Drops {0} and its function.', formatQualifiedName(list))
        : t(
            'Drops {0} and its function. The rows stay in {1}.',
            formatQualifiedName(list),
            formatQualifiedName(archive),
          ),
    forward: dropList(parts),
    rollback: makeList(parts, archive),
    holds: [`${regclass(list)} IS NULL`],
    expectation: t('The list is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, list),
  });
}

/** Empty, or with a mark for each row of the archive. */
function makeList(parts: RemovalParts, archive: QualifiedName | null = null): string[] {
  const name = formatQualifiedName(parts.list);
  const keys = parts.key.map((column, index) => `${quoteIdentifier(column)} AS ${parts.keyNames[index]!}`);
  const purpose = t(
    'The keys of rows that go from {0}, listed by Switchback.',
    formatQualifiedName(parts.table.name),
  );
  const from = formatQualifiedName(archive ?? parts.table.name);
  const create = `CREATE TABLE ${name} AS\n  SELECT ${keys.join(', ')}, true AS gone\n    FROM ${from}`;
  return [
    archive === null
      ? `${create}\n  WITH NO DATA`
      : acceptFinding('copy-of-live-table', t('nobody else writes to the archive'), create),
    ownerAlone(parts.list),
    `ALTER TABLE ${name} ADD PRIMARY KEY (${parts.keyNames.join(', ')})`,
    `COMMENT ON TABLE ${name} IS ${quoteLiteral(purpose)}`,
    ...createRemovalTrigger(parts),
  ];
}

function makeArchive({ table, archive, key }: RemovalParts): string[] {
  if (archive === null) return [];
  const name = formatQualifiedName(archive);
  const columns = table.columns.map((column) => quoteIdentifier(column.name)).join(', ');
  const purpose = t('Rows of {0}, moved here by Switchback.', formatQualifiedName(table.name));
  return [
    `CREATE TABLE ${name} AS\n  SELECT ${columns}\n    FROM ${formatQualifiedName(table.name)}\n  WITH NO DATA`,
    ownerAlone(archive),
    `ALTER TABLE ${name} ADD PRIMARY KEY (${key.map((column) => formatIdentifier(column)).join(', ')})`,
    `COMMENT ON TABLE ${name} IS ${quoteLiteral(purpose)}`,
  ];
}

function dropList({ list, functionName }: RemovalParts): string[] {
  return [`DROP TABLE ${formatQualifiedName(list)}`, `DROP FUNCTION ${formatQualifiedName(functionName)}()`];
}

/** Rows that could not come back are nowhere else. */
function dropEmptyArchive(archive: QualifiedName): string {
  const name = formatQualifiedName(archive);
  const left = t('Rows that could not be brought back are in {0}, which stays.', name);
  return `DO ${dollarQuoted(`BEGIN
  IF EXISTS (SELECT FROM ${name}) THEN
    RAISE WARNING USING MESSAGE = ${quoteLiteral(left)};
  ELSE
    DROP TABLE ${name};
  END IF;
END`)}`;
}

/** How many go is not known before they are listed; too low a figure would have the list vacuumed after every batch. */
function mostRows({ table }: RemovalParts): number {
  return Math.max(0, Math.round(table.rows.count));
}

function leftVerification(parts: RemovalParts): { sql: string; expectation: string } {
  return {
    sql: `SELECT NOT EXISTS (SELECT ${leftSql(parts)}) AS holds`,
    expectation: t('No listed row is left.'),
  };
}
