import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { constraintNames } from './not-null-proof';
import { migrationStep } from './plain-steps';
import { columnIsNotNull, constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/** Drops the CHECK that proved a column NOT NULL; none where the server needed none. */
export function proofCleanUp(table: TableFacts, column: string, cleanUp: readonly string[]): StepDraft[] {
  if (cleanUp.length === 0) return [];
  // The name that notNullProof gives it.
  const proof = freeName(`${table.name.name}_${column}`, '_not_null', constraintNames(table));
  return [
    migrationStep({
      slug: stepSlug(`drop proof ${column}`),
      title: t('Drop the CHECK that proved {0} NOT NULL', formatIdentifier(column)),
      action: t('The column is NOT NULL by itself; the CHECK only costs time with every write.'),
      forward: cleanUp,
      rollback: {
        nothing: t('The column is NOT NULL by itself, which says the same as the CHECK did.'),
      },
      holds: [columnIsNotNull(table.name, column), `NOT ${constraintExists(table.name, proof, false)}`],
      expectation: t('The column is still NOT NULL.'),
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    }),
  ];
}
