import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { constraintNames } from './not-null-proof';
import { concurrentStep } from './plain-steps';
import { columnIsNotNull } from './sql-text';
import type { StepDraft } from './step-draft';

/**
 * DROP NOT NULL. On the way back each statement has its own transaction, so that the rows are read under a lock that
 * lets others read and write, and the exclusive one is held for a moment only.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function liftNotNullStep(table: TableFacts, column: string, serverMajor: number): StepDraft {
  const name = formatIdentifier(column);
  const relation = formatQualifiedName(table.name);
  return concurrentStep({
    slug: 'drop-not-null',
    title: t('Drop NOT NULL of {0}', name),
    action: t(
      'From now on a row may be without {0}. No row is read. The way back reads all of {1} once to prove that every row has a value, while others go on reading and writing; it fails where one has none.',
      name,
      relation,
    ),
    forward: [
      acceptFinding(
        'drop-not-null',
        t('a release before this one has taught the readers'),
        `ALTER TABLE ${relation} ALTER COLUMN ${name} DROP NOT NULL`,
      ),
    ],
    rollback: serverMajor >= 18 ? namedAgain(table, column) : provedAgain(table, column),
    holds: [`NOT ${columnIsNotNull(table.name, column)}`],
    expectation: t('The column {0} may be empty.', name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

/** The index that stands for the table's rows in replication needs NOT NULL; which one it is, is not known here. */
export function replicaIdentityBlockers(table: TableFacts, column: string): string[] {
  const isUsed = table.indexes.some(({ unique, columns }) => unique && columns.includes(column));
  if (table.replicaIdentity !== 'index' || !isUsed) return [];
  return [
    t(
      '{0} may be in the index by which {1} is replicated (REPLICA IDENTITY USING INDEX). Choose another replica identity first.',
      formatIdentifier(column),
      formatQualifiedName(table.name),
    ),
  ];
}

function provedAgain(table: TableFacts, column: string): string[] {
  const alter = `ALTER TABLE ${formatQualifiedName(table.name)}`;
  const name = formatIdentifier(column);
  const proof = formatIdentifier(
    freeName(`${table.name.name}_${column}`, '_not_null', constraintNames(table)),
  );
  return [
    // A way back that a row without a value has stopped goes again from here.
    `${alter} DROP CONSTRAINT IF EXISTS ${proof}`,
    `${alter}\n  ADD CONSTRAINT ${proof} CHECK (${name} IS NOT NULL) NOT VALID`,
    `${alter} VALIDATE CONSTRAINT ${proof}`,
    `${alter} ALTER COLUMN ${name} SET NOT NULL`,
    `${alter} DROP CONSTRAINT ${proof}`,
  ];
}

/** From PostgreSQL 18 NOT NULL is a constraint with a name, and may be unproved. */
function namedAgain(table: TableFacts, column: string): string[] {
  const original = notNullOf(table, column);
  const relation = formatQualifiedName(table.name);
  const name = formatIdentifier(
    original?.name ?? freeName(`${table.name.name}_${column}`, '_not_null', constraintNames(table)),
  );
  const noInherit = original?.definition.includes(' NO INHERIT') === true ? ' NO INHERIT' : '';
  const statements = [
    // A way back that a row without a value has stopped goes again from here.
    `ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${name}`,
    `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${name} NOT NULL ${formatIdentifier(column)}${noInherit} NOT VALID`,
  ];
  if (original?.comment) {
    statements.push(`COMMENT ON CONSTRAINT ${name} ON ${relation} IS ${quoteLiteral(original.comment)}`);
  }
  if (original?.validated !== false) statements.push(`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${name}`);
  return statements;
}

function notNullOf(table: TableFacts, column: string): ConstraintFacts | undefined {
  return table.constraints.find(({ kind, columns }) => kind === 'not-null' && columns.includes(column));
}
