import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { constraintNames } from './not-null-proof';
import { migrationStep } from './plain-steps';
import { columnIsNotNull, constraintExists } from './sql-text';
import type { StepDraft } from './step-draft';

/**
 * The steps that drop NOT NULL. Each has one thing to do on the way back, so that the rows are read there under a lock that
 * lets others read and write, and the exclusive one is held for a moment only.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function liftNotNullSteps(table: TableFacts, column: string, serverMajor: number): StepDraft[] {
  return serverMajor >= 18 ? liftNamed(table, column) : liftByCheck(table, column);
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

/** A CHECK that holds the same stands in: SET NOT NULL takes it for the proof on the way back. */
function liftByCheck(table: TableFacts, column: string): StepDraft[] {
  const alter = `ALTER TABLE ${relationOf(table)}`;
  const name = formatIdentifier(column);
  const proof = freeName(`${table.name.name}_${column}`, '_not_null', constraintNames(table));
  const drop = `${alter} DROP CONSTRAINT IF EXISTS ${formatIdentifier(proof)}`;
  const add = `ADD CONSTRAINT ${formatIdentifier(proof)} CHECK (${name} IS NOT NULL) NOT VALID`;
  const holdForNew = `${drop},\n  ${add}`;
  const validate = `${alter} VALIDATE CONSTRAINT ${formatIdentifier(proof)}`;
  const isThere = constraintExists(table.name, proof, false);
  const isProved = constraintExists(table.name, proof, true);
  const isLifted = `NOT ${columnIsNotNull(table.name, column)}`;
  const forecast = stepForecast('AccessExclusiveLock', 'catalog', table);
  return [
    migrationStep({
      slug: 'hold-by-check',
      title: t('Hold {0} by a CHECK, too', name),
      action: t('With it, the way back sets NOT NULL without reading a row under its lock.'),
      forward: [`${alter}\n  ${add}`],
      rollback: [drop],
      holds: [`(${isThere} OR ${isLifted})`],
      expectation: t('The CHECK {0} is there, or no longer needed.', proof),
      forecast,
    }),
    migrationStep({
      slug: 'prove-check',
      title: t('Prove the CHECK of {0}', name),
      action: t('Reads every row of {0} while others go on reading and writing.', relationOf(table)),
      forward: [validate],
      rollback: [holdForNew],
      holds: [`(${isProved} OR ${isLifted})`],
      expectation: t('The CHECK {0} is proved, or no longer needed.', proof),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'scan', table),
    }),
    dropStep(table, column, {
      action: t('The CHECK still asks for a value. No row is read, here and on the way back.'),
      rollback: [
        acceptFinding(
          'set-not-null-scan',
          t('The validated CHECK {0} proves it, so that no row is read.', proof),
          `${alter} ALTER COLUMN ${name} SET NOT NULL`,
        ),
      ],
    }),
    migrationStep({
      slug: 'unprove-check',
      title: t('Hold the CHECK of {0} for new rows only', name),
      action: t(
        'A step of its own, so that the way back can prove it on every row while others go on working.',
      ),
      forward: [holdForNew],
      rollback: [validate],
      holds: [isLifted, `NOT ${isProved}`],
      expectation: t('The CHECK {0} is not proved.', proof),
      forecast,
    }),
    migrationStep({
      slug: 'drop-check',
      title: t('Drop the CHECK of {0}', name),
      action: t('From now on a row may be without {0}.', name),
      forward: [drop],
      rollback: [`${alter}\n  ${add}`],
      holds: [isLifted, `NOT ${isThere}`],
      expectation: t('The column {0} may be empty.', name),
      forecast,
    }),
  ];
}

/** From PostgreSQL 18 NOT NULL is a constraint with a name, and may be unproved. */
function liftNamed(table: TableFacts, column: string): StepDraft[] {
  const original = notNullOf(table, column);
  const alter = `ALTER TABLE ${relationOf(table)}`;
  const plain =
    original?.name ?? freeName(`${table.name.name}_${column}`, '_not_null', constraintNames(table));
  const name = formatIdentifier(plain);
  const noInherit = original?.definition.includes(' NO INHERIT') === true ? ' NO INHERIT' : '';
  const drop = `DROP CONSTRAINT IF EXISTS ${name}`;
  const add = `ADD CONSTRAINT ${name} NOT NULL ${formatIdentifier(column)}${noInherit} NOT VALID`;
  const remark = original?.comment
    ? [`COMMENT ON CONSTRAINT ${name} ON ${relationOf(table)} IS ${quoteLiteral(original.comment)}`]
    : [];
  const lift = dropStep(table, column, {
    action: t('From now on a row may be without {0}. No row is read.', formatIdentifier(column)),
    // A way back that a row without a value has stopped goes again from here.
    rollback: [`${alter}\n  ${drop},\n  ${add}`, ...remark],
  });
  if (original?.validated === false) return [lift];
  const unprove = migrationStep({
    slug: 'unprove-not-null',
    title: t('Hold NOT NULL of {0} for new rows only', formatIdentifier(column)),
    action: t(
      'A step of its own, so that the way back can prove it on every row while others go on working.',
    ),
    forward: [`${alter}\n  ${drop},\n  ${add}`, ...remark],
    rollback: [`${alter} VALIDATE CONSTRAINT ${name}`],
    holds: [`NOT ${constraintExists(table.name, plain, true)}`],
    expectation: t('The constraint {0} is not proved.', plain),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
  return [unprove, lift];
}

function dropStep(
  table: TableFacts,
  column: string,
  { action, rollback }: { action: string; rollback: string[] },
): StepDraft {
  const name = formatIdentifier(column);
  return migrationStep({
    slug: 'drop-not-null',
    title: t('Drop NOT NULL of {0}', name),
    action,
    forward: [
      acceptFinding(
        'drop-not-null',
        t('a release before this one has taught the readers'),
        `ALTER TABLE ${relationOf(table)} ALTER COLUMN ${name} DROP NOT NULL`,
      ),
    ],
    rollback,
    holds: [`NOT ${columnIsNotNull(table.name, column)}`],
    expectation: t('The column {0} is no longer NOT NULL.', name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function relationOf({ name }: TableFacts): string {
  return formatQualifiedName(name);
}

function notNullOf(table: TableFacts, column: string): ConstraintFacts | undefined {
  return table.constraints.find(({ kind, columns }) => kind === 'not-null' && columns.includes(column));
}
