import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { createFillTrigger, dropFillTrigger } from './fill-trigger';
import { filledColumn, type RequiredParts } from './required-parts';
import { defaultText } from '../../sql/default-text';
import { columnExists, columnIsNotNull, holdsQuery, sqlScript, triggerExists } from './sql-text';
import type { PhaseDraft } from './step-draft';

/** One migration that adds the column in a way that neither rewrites the table nor breaks a writer. */
export function requiredExpand(parts: RequiredParts): PhaseDraft {
  const { table, change } = parts;
  const column = formatIdentifier(change.column);
  const relation = formatQualifiedName(table.name);
  const holds = [columnExists(table.name, change.column)];
  if (parts.way === 'at-once') holds.push(columnIsNotNull(table.name, change.column));
  if (parts.fill) holds.push(triggerExists(parts.fill.tables, parts.fill.triggerName));
  return {
    name: 'expand',
    goal: t('The column is there, and writers that do not know it go on working.'),
    steps: [
      {
        slug: 'add-column',
        kind: 'migration',
        title: t('Add {0} to {1}', column, relation),
        action: actionOf(parts),
        forward: sqlScript(addColumn(parts)),
        rollback: {
          kind: 'sql',
          sql: sqlScript([
            // The whole is locked before its partitions, as who writes to it does.
            `ALTER TABLE ${relation} DROP COLUMN ${column}`,
            ...(parts.fill ? dropFillTrigger(parts.fill) : []),
          ]),
        },
        verification: { sql: holdsQuery(...holds), expectation: t('The column {0} is there.', column) },
        forecast: stepForecast('AccessExclusiveLock', parts.rewrites ? 'rewrite' : 'catalog', table),
      },
    ],
  };
}

function actionOf(parts: RequiredParts): string {
  switch (parts.way) {
    case 'at-once':
      return t(
        'Adds the column with NOT NULL and its default; existing rows show the default without being rewritten.',
      );
    case 'default':
      return t(
        'Adds the column empty, then its default as a statement of its own, so that new rows have a value and old ones are not rewritten.',
      );
    case 'trigger':
      return t('Adds the column empty, and a trigger that computes it for writers that omit it.');
  }
}

function addColumn(parts: RequiredParts): string[] {
  const { change } = parts;
  const relation = formatQualifiedName(parts.table.name);
  const column = formatIdentifier(change.column);
  const add = `ALTER TABLE ${relation} ADD COLUMN ${column} ${parts.type}`;
  // Else a domain's own default would stand in every row, and nothing would be left to fill.
  const addEmpty = parts.typeHasDefault ? `${add} DEFAULT NULL` : add;
  switch (parts.way) {
    case 'at-once':
      return [`${add} NOT NULL DEFAULT ${defaultText(change.fill.expression)}`];
    case 'default':
      return [
        addEmpty,
        `ALTER TABLE ${relation} ALTER COLUMN ${column} SET DEFAULT ${defaultText(change.fill.expression)}`,
      ];
    case 'trigger':
      return [addEmpty, ...createFillTrigger(parts.table, filledColumn(change), parts.fill!)];
  }
}
