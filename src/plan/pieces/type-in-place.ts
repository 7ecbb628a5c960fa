import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { RecipePlan } from '../recipe';
import { stepForecast } from '../step-forecast';
import { deployStep, migrationStep } from './plain-steps';
import { recipePlan } from './recipe-plan';
import { columnTypeIs, silenced } from './sql-text';
import type { TypeParts } from './type-parts';

/** The rows stay as they are stored: one change of the catalog, then the release that needs the new type. */
export function typeInPlace(parts: TypeParts): RecipePlan {
  const { table, change, column, facts } = parts;
  const name = formatIdentifier(change.column);
  const alter = `ALTER TABLE ${formatQualifiedName(table.name)} ALTER COLUMN ${name} TYPE`;
  const collation = column.collation === null ? '' : ` COLLATE ${column.collation}`;
  const isNew = columnTypeIs(table.name, change.column, facts.type);
  const expand = migrationStep({
    slug: 'change-type',
    title: t('Change {0} to {1}', name, facts.type),
    action: t(
      'The rows stay as they are stored; only the catalog changes. The way back to {0} writes the table anew under an exclusive lock where the old type is the narrower one.',
      column.type,
    ),
    forward: [`${alter} ${facts.type}${facts.collatable ? collation : ''}`],
    rollback: [
      silenced(
        'type-change-rewrite',
        t('the way back to a narrower type reads and writes every row, and there is no other'),
        `${alter} ${column.type}${collation}`,
      ),
    ],
    holds: [isNew],
    expectation: t('{0} is of the type {1}.', name, facts.type),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
  const release = deployStep({
    slug: 'release-writer',
    title: t('Release the application that makes use of {0}', facts.type),
    action: t('From this release on values may be written that {0} does not hold.', column.type),
    instructions: t(
      'Release what needs the new type of {0}. Until then nothing has to change: code written for {1} works as before.',
      name,
      column.type,
    ),
    rollbackInstructions: t(
      'Release the previous version again. Values that {0} does not hold have to be corrected by hand before the type goes back.',
      column.type,
    ),
    holds: [isNew],
    expectation: t('{0} is of the type {1}.', name, facts.type),
  });
  return recipePlan({
    phases: [
      { name: 'expand', goal: t('The column takes what the new type holds.'), steps: [expand] },
      { name: 'migrate', goal: t('The application makes use of it.'), steps: [release] },
      { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
    ],
    noReturn: {
      slug: 'release-writer',
      why: t('From this release on there may be values that {0} does not hold.', quoteLiteral(column.type)),
    },
  });
}
