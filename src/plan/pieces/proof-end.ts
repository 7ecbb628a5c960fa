import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { stepForecast } from '../step-forecast';
import { constraintNames, type NotNullProof } from './not-null-proof';
import { migrationStep } from './plain-steps';
import { columnIsNotNull, constraintExists } from './sql-text';
import type { StepDraft } from './step-draft';

/** Drops the CHECK that proved NOT NULL, which the column now says itself; none where there was no CHECK. */
export function proofEnd(table: TableFacts, column: string, { cleanUp }: NotNullProof): StepDraft[] {
  if (cleanUp.length === 0) return [];
  const name = freeName(`${table.name.name}_${column}`, '_not_null', constraintNames(table));
  return [
    migrationStep({
      slug: 'drop-proof',
      title: t('Drop the CHECK that proved NOT NULL'),
      action: t('The column is NOT NULL by itself; the CHECK only costs time with every write.'),
      forward: cleanUp,
      rollback: { nothing: t('The column is NOT NULL by itself, which says the same as the CHECK did.') },
      holds: [columnIsNotNull(table.name, column), `NOT ${constraintExists(table.name, name, false)}`],
      expectation: t('The column is still NOT NULL, and the CHECK is gone.'),
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    }),
  ];
}
