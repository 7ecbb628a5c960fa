import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { columnSettings, createColumnCopy, publicationsListing, setPublishedColumns } from './column-copy';
import { createDualWrite, dropDualWrite } from '../../sql/dual-write';
import type { RenameParts } from './rename-parts';
import { columnExists, holdsQuery, sqlScript, triggerExists } from './sql-text';
import type { PhaseDraft } from './step-draft';

/** One migration: the new column, and the dual write where a trigger does it. */
export function renameExpand(parts: RenameParts): PhaseDraft {
  const { table, change, dual } = parts;
  const relation = formatQualifiedName(table.name);
  const listing = publicationsListing(table, change.from);
  const forward = [
    ...createColumnCopy(table, parts.column, change.to),
    ...(parts.copied === null ? [] : columnSettings(table, parts.copied.settings, change.to)),
    ...parts.triggers.expand,
    ...listing.flatMap((publication) =>
      setPublishedColumns(table, publication, [...publication.columns!, change.to]),
    ),
    ...(dual === null ? [] : createDualWrite(dual)),
  ];
  // The whole is locked before its partitions, as who writes to it does.
  const rollback = [
    ...listing.flatMap((publication) => setPublishedColumns(table, publication, publication.columns!)),
    ...parts.triggers.rollback,
    `ALTER TABLE ${relation} DROP COLUMN ${formatIdentifier(change.to)}`,
    ...(dual === null ? [] : dropDualWrite(dual)),
  ];
  const to = formatIdentifier(change.to);
  const words =
    dual === null
      ? {
          goal: t('Both names exist, so that the application can write both.'),
          title: t('Add {0}', to),
          action: t('Adds the column {0} to {1}, empty and without default.', to, relation),
          expectation: t('The column {0} is there.', to),
        }
      : {
          goal: t('Both names exist and every write of one reaches the other.'),
          title: t('Add {0} and the dual write', to),
          action: t(
            'Adds the column {0} to {1}, empty and without default, and a trigger that keeps it equal to {2}.',
            to,
            relation,
            formatIdentifier(change.from),
          ),
          expectation: t('The column {0} is there and its trigger is enabled.', to),
        };
  return {
    name: 'expand',
    goal: words.goal,
    steps: [
      {
        slug: dual === null ? 'add-column' : 'add-column-and-dual-write',
        kind: 'migration',
        title: words.title,
        action: words.action,
        forward: sqlScript(forward),
        rollback: { kind: 'sql', sql: sqlScript(rollback) },
        verification: {
          sql: holdsQuery(
            columnExists(table.name, change.to),
            ...(dual === null ? [] : [triggerExists(dual.triggerTables, dual.triggerName)]),
          ),
          expectation: words.expectation,
        },
        forecast: stepForecast('AccessExclusiveLock', parts.rewrites ? 'rewrite' : 'catalog', table),
      },
    ],
  };
}
