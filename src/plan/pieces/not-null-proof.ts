import { t } from '../../messages/translate';
import type { TableFacts } from '../../catalog/table-facts';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { freeName } from '../../sql/free-name';
import { columnIsNotNull, constraintExists, holdsQuery, silenced, sqlScript } from './sql-text';
import type { StepDraft } from './step-draft';

export interface NotNullProof {
  /** The NOT NULL constraint it leaves, where the server names them; absent where there is no proof. */
  name?: string;
  steps: StepDraft[];
  /** Statements of the contract phase that remove what only the proof needed. */
  cleanUp: string[];
}

/**
 * The steps that make a filled column NOT NULL without a scan under an exclusive lock: a NOT VALID proof, its
 * validation, and the fact. From PostgreSQL 18 the proof is the NOT NULL constraint itself.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function notNullProof(table: TableFacts, column: string, serverMajor: number): NotNullProof {
  return serverMajor >= 18 ? proofByNotNull(table, column) : proofByCheck(table, column);
}

function proofByNotNull(table: TableFacts, column: string): NotNullProof {
  const relation = formatQualifiedName(table.name);
  const name = freeName(`${table.name.name}_${column}`, '_not_null', constraintNames(table));
  const constraint = formatIdentifier(name);
  const steps: StepDraft[] = [
    {
      slug: 'require-value',
      kind: 'migration',
      title: t('Require a value in {0} for new rows', formatIdentifier(column)),
      action: t(
        'Adds NOT NULL as NOT VALID: from now on every write needs a value; existing rows are not read yet.',
      ),
      forward: sqlScript([
        `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${constraint} NOT NULL ${formatIdentifier(column)} NOT VALID`,
      ]),
      rollback: { kind: 'sql', sql: sqlScript([`ALTER TABLE ${relation} DROP CONSTRAINT ${constraint}`]) },
      verification: {
        sql: holdsQuery(constraintExists(table.name, name, false)),
        expectation: t('The constraint {0} is there.', name),
      },
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    },
    {
      slug: 'validate-value',
      kind: 'migration',
      title: t('Prove that {0} has a value in every row', formatIdentifier(column)),
      action: t('Validates NOT NULL: reads the table while others go on reading and writing.'),
      forward: sqlScript([`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${constraint}`]),
      rollback: {
        kind: 'sql',
        sql: sqlScript([
          `ALTER TABLE ${relation} DROP CONSTRAINT ${constraint}`,
          `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${constraint} NOT NULL ${formatIdentifier(column)} NOT VALID`,
        ]),
      },
      verification: {
        sql: holdsQuery(constraintExists(table.name, name, true), columnIsNotNull(table.name, column)),
        expectation: t('The column {0} is NOT NULL and proved.', formatIdentifier(column)),
      },
      forecast: stepForecast('ShareUpdateExclusiveLock', 'scan', table),
    },
  ];
  return { name, steps, cleanUp: [] };
}

function proofByCheck(table: TableFacts, column: string): NotNullProof {
  const relation = formatQualifiedName(table.name);
  const name = freeName(`${table.name.name}_${column}`, '_not_null', constraintNames(table));
  const constraint = formatIdentifier(name);
  const add = `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${constraint} CHECK (${formatIdentifier(column)} IS NOT NULL) NOT VALID`;
  const drop = `ALTER TABLE ${relation} DROP CONSTRAINT ${constraint}`;
  // After contract the CHECK is gone already; the way back goes on without it.
  const dropIfThere = `ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${constraint}`;
  const steps: StepDraft[] = [
    {
      slug: 'require-value',
      kind: 'migration',
      title: t('Require a value in {0} for new rows', formatIdentifier(column)),
      action: t(
        'Adds a CHECK as NOT VALID: from now on every write needs a value; existing rows are not read yet.',
      ),
      forward: sqlScript([add]),
      rollback: { kind: 'sql', sql: sqlScript([dropIfThere]) },
      verification: {
        sql: holdsQuery(constraintExists(table.name, name, false)),
        expectation: t('The constraint {0} is there.', name),
      },
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    },
    {
      slug: 'validate-value',
      kind: 'migration',
      title: t('Prove that {0} has a value in every row', formatIdentifier(column)),
      action: t('Validates the CHECK: reads the table while others go on reading and writing.'),
      forward: sqlScript([`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${constraint}`]),
      rollback: { kind: 'sql', sql: sqlScript([dropIfThere, add]) },
      verification: {
        sql: holdsQuery(constraintExists(table.name, name, true)),
        expectation: t('The constraint {0} is validated.', name),
      },
      forecast: stepForecast('ShareUpdateExclusiveLock', 'scan', table),
    },
    {
      slug: 'set-not-null',
      kind: 'migration',
      title: t('Set {0} NOT NULL', formatIdentifier(column)),
      action: t('Sets NOT NULL without reading the table, because the validated CHECK proves it.'),
      forward: sqlScript([
        silenced(
          'set-not-null-scan',
          t('The validated CHECK {0} proves it, so that no row is read.', name),
          `ALTER TABLE ${relation} ALTER COLUMN ${formatIdentifier(column)} SET NOT NULL`,
        ),
      ]),
      rollback: {
        kind: 'sql',
        sql: sqlScript([`ALTER TABLE ${relation} ALTER COLUMN ${formatIdentifier(column)} DROP NOT NULL`]),
      },
      verification: {
        sql: holdsQuery(columnIsNotNull(table.name, column)),
        expectation: t('The column {0} is NOT NULL.', formatIdentifier(column)),
      },
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    },
  ];
  // The CHECK stays until contract, so that SET NOT NULL can be taken back without reading the table again.
  return { steps, cleanUp: [drop] };
}

/** Names that constraints of the table have. */
export function constraintNames(table: TableFacts): Set<string> {
  return new Set(table.constraints.map((constraint) => constraint.name));
}
