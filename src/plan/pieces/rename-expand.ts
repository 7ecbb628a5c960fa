import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { createColumnCopy, publicationsListing, setPublishedColumns } from './column-copy';
import { createDualWrite, dropDualWrite } from './dual-write';
import type { RenameParts } from './rename-parts';
import { columnExists, holdsQuery, sqlScript, triggerExists } from './sql-text';
import type { PhaseDraft } from './step-draft';

/** One migration: the new column and the dual write, so that both names work from then on. */
export function renameExpand(parts: RenameParts): PhaseDraft {
  const { table, change, dual } = parts;
  const relation = formatQualifiedName(table.name);
  const listing = publicationsListing(table, change.from);
  const forward = [
    ...createColumnCopy(table, parts.column, change.to),
    ...parts.triggers.expand,
    ...listing.flatMap((publication) =>
      setPublishedColumns(table, publication, [...publication.columns!, change.to]),
    ),
    ...createDualWrite(dual),
  ];
  const rollback = [
    ...dropDualWrite(dual),
    ...listing.flatMap((publication) => setPublishedColumns(table, publication, publication.columns!)),
    ...parts.triggers.rollback,
    `ALTER TABLE ${relation} DROP COLUMN ${formatIdentifier(change.to)}`,
  ];
  return {
    name: 'expand',
    goal: t('Both names exist and every write of one reaches the other.'),
    steps: [
      {
        slug: 'add-column-and-dual-write',
        kind: 'migration',
        title: t('Add {0} and the dual write', formatIdentifier(change.to)),
        action: t(
          'Adds the column {0} to {1}, empty and without default, and a trigger that keeps it equal to {2}.',
          formatIdentifier(change.to),
          relation,
          formatIdentifier(change.from),
        ),
        forward: sqlScript(forward),
        rollback: { kind: 'sql', sql: sqlScript(rollback) },
        verification: {
          sql: holdsQuery(
            columnExists(table.name, change.to),
            triggerExists(dual.triggerTables, dual.triggerName),
          ),
          expectation: t('The column {0} is there and its trigger is enabled.', formatIdentifier(change.to)),
        },
        forecast: stepForecast('AccessExclusiveLock', parts.rewrites ? 'rewrite' : 'catalog', table),
      },
    ],
  };
}
