import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { finalConstraintNames } from './constraint-copies';
import { finalIndexName } from './index-copies';
import { checkStep, migrationStep } from './plain-steps';
import { columnExists, columnTypeIs, holdsQuery } from './sql-text';
import { finalStatisticsNames } from './statistics-copies';
import type { PhaseDraft } from './step-draft';
import { dropMirror } from './type-mirror';
import type { TypeParts } from './type-parts';
import { uniqueConstraints } from './unique-constraints';

/** Looks whether the new type is in use, then drops the old values, and the trigger with them, in one migration. */
export function typeContract(parts: TypeParts): PhaseDraft {
  const { table, change, beside, facts } = parts;
  const name = formatIdentifier(change.column);
  const isNew = columnTypeIs(table.name, change.column, facts.type);
  const look = checkStep({
    slug: 'check-before-drop',
    title: t('Look once more before the old values of {0} go', name),
    action: t('Sees that the column has its new type and that the old one is beside it.'),
    checks: [
      {
        id: 'swapped',
        title: t('{0} is of the type {1}', name, facts.type),
        sql: `SELECT ${isNew} AND ${columnExists(table.name, beside)} AS holds, '${facts.type.replaceAll("'", "''")}' AS detail`,
      },
    ],
    verification: { sql: holdsQuery(isNew), expectation: t('{0} is of the type {1}.', name, facts.type) },
    forecast: stepForecast('AccessShareLock', 'catalog', table),
  });
  const drop = migrationStep({
    slug: 'drop-old-values',
    title: t('Drop the old values of {0} and the trigger', name),
    action: t(
      'Drops {0} with its indexes and constraints; those of the new type get their names.',
      formatIdentifier(beside),
    ),
    forward: [
      ...parts.notNull.cleanUp,
      // The whole is locked before its partitions, as who writes to it does.
      `ALTER TABLE ${formatQualifiedName(table.name)} DROP COLUMN ${formatIdentifier(beside)}`,
      ...dropMirror(parts),
      ...uniqueConstraints(parts),
      ...parts.indexes.flatMap((copy) => finalIndexName(copy) ?? []),
      ...finalConstraintNames(parts.constraints),
      ...finalStatisticsNames(parts.statistics),
      ...notNullName(parts),
    ],
    rollback: {
      noReturn: t(
        'The values as they were are gone. To go back, change the type again, which is a change of its own.',
      ),
    },
    holds: [`NOT ${columnExists(table.name, beside)}`, isNew],
    expectation: t('{0} is gone, and {1} is of the type {2}.', formatIdentifier(beside), name, facts.type),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
  return { name: 'contract', goal: t('Only the new type is left.'), steps: [look, drop] };
}

/** From PostgreSQL 18 NOT NULL has a name; the proof's gets that of the column's own, which went with it. */
function notNullName({ table, change, notNull }: TypeParts): string[] {
  const original = table.constraints.find(
    (constraint) => constraint.kind === 'not-null' && constraint.columns.includes(change.column),
  );
  if (!original || notNull.name === undefined || notNull.name === original.name) return [];
  return [
    `ALTER TABLE ${formatQualifiedName(table.name)} RENAME CONSTRAINT ${formatIdentifier(notNull.name)} TO ${formatIdentifier(original.name)}`,
  ];
}
