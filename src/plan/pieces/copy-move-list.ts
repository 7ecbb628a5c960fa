import { t } from '../../messages/translate';
import { formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import { backfillForecast, stepForecast } from '../step-forecast';
import { migrationStep } from './plain-steps';
import type { RemovalParts } from './removal-parts';
import { createRemovalTrigger } from './removal-trigger';
import { regclass, sqlScript, triggerExists } from './sql-text';
import type { StepDraft } from './step-draft';

/** Makes the list of rows that go to a table that is there, and its trigger. */
export function makeMoveListStep(parts: RemovalParts): StepDraft {
  const { table, list } = parts;
  const name = formatQualifiedName(list);
  const keys = parts.key.map((column, index) => `${quoteIdentifier(column)} AS ${parts.keyNames[index]!}`);
  const purpose = t(
    'The keys of rows that go from {0}, listed by Switchback.',
    formatQualifiedName(table.name),
  );
  return migrationStep({
    slug: 'make-list',
    title: t('Make a list for the rows that go'),
    action: t(
      'Creates {0} for their keys; marking a key there moves its row, and unmarking it moves it back.',
      name,
    ),
    forward: [
      `CREATE TABLE ${name} AS\n  SELECT ${keys.join(', ')}, true AS gone\n    FROM ${formatQualifiedName(table.name)}\n  WITH NO DATA`,
      `ALTER TABLE ${name} ADD PRIMARY KEY (${parts.keyNames.join(', ')})`,
      `COMMENT ON TABLE ${name} IS ${quoteLiteral(purpose)}`,
      ...createRemovalTrigger(parts),
    ],
    rollback: dropMoveList(parts),
    holds: [triggerExists([list], parts.triggerName)],
    expectation: t('The list is there.'),
    forecast: stepForecast('AccessShareLock', 'catalog', table),
  });
}

/** Finds nothing on the way there; on the way back it moves the listed rows back, in batches. */
export function bringMovedBackStep({ table, list, keyNames, options }: RemovalParts): StepDraft {
  const relation = formatQualifiedName(table.name);
  const name = formatQualifiedName(list);
  return {
    slug: 'bring-back',
    kind: 'backfill',
    title: t('Keep the way back: bring the rows back to {0}', relation),
    action: t(
      'It finds nothing to do now. On the way back it moves the listed rows back, as they are by then.',
    ),
    backfill: {
      table: list,
      assignments: [{ column: 'gone', expression: 'false' }],
      pending: 'gone',
      walk: { by: 'key', columns: keyNames },
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    againOnRollback: true,
    rollback: {
      kind: 'sql',
      sql: sqlScript(['SET LOCAL row_security = off', `UPDATE ${name}\n   SET gone = false\n WHERE gone`]),
    },
    verification: {
      sql: `SELECT NOT EXISTS (SELECT FROM ${name} WHERE gone) AS holds`,
      expectation: t('No listed row has gone.'),
    },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

/** The list goes, and with it the knowledge which rows have been moved. */
export function dropMoveListStep(parts: RemovalParts, why: string): StepDraft {
  const { table, list } = parts;
  return migrationStep({
    slug: 'drop-list',
    title: t('Drop the list'),
    action: t('Drops {0} and its function. The rows stay where they are.', formatQualifiedName(list)),
    forward: dropMoveList(parts),
    rollback: { noReturn: why },
    holds: [`${regclass(list)} IS NULL`],
    expectation: t('The list is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, list),
  });
}

function dropMoveList({ list, functionName }: RemovalParts): string[] {
  return [`DROP TABLE ${formatQualifiedName(list)}`, `DROP FUNCTION ${formatQualifiedName(functionName)}()`];
}
