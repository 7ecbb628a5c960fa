import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { constraintNames } from './not-null-proof';
import { migrationStep } from './plain-steps';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/** A CHECK that says of each row what a bound says, so that ATTACH need not read the table. */
export interface BoundProof {
  /** Whose sizes the forecasts are of. */
  table: TableFacts;
  on: QualifiedName;
  name: string;
  condition: string;
}

/** The proof that all rows of a partition lie within its bound. */
export function proofOfBound(table: TableFacts, condition: string): BoundProof {
  const name = freeName(table.name.name, '_switchback_bound', constraintNames(table));
  return { table, on: table.name, name, condition };
}

/** Adds the CHECK as NOT VALID, and validates it while others go on working. */
export function proofSteps(proof: BoundProof): StepDraft[] {
  const relation = formatQualifiedName(proof.on);
  const add = migrationStep({
    slug: stepSlug(`check ${proof.on.name}`),
    title: t('Check new rows of {0} against the bound', relation),
    action: t('Adds a CHECK as NOT VALID: new rows are checked from now on, existing ones are not read yet.'),
    forward: [addProof(proof)],
    rollback: [dropIfThere(proof)],
    holds: [constraintExists(proof.on, proof.name, false)],
    expectation: t('The constraint {0} is there.', proof.name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', proof.table, proof.on),
  });
  const validate = migrationStep({
    slug: stepSlug(`prove ${proof.on.name}`),
    title: t('Prove the rows of {0} within the bound', relation),
    action: t('Reads every row of {0} while others go on reading and writing.', relation),
    forward: [validateProof(proof)],
    rollback: [dropIfThere(proof), addProof(proof)],
    holds: [constraintExists(proof.on, proof.name, true)],
    expectation: t('The constraint {0} is validated.', proof.name),
    forecast: stepForecast('ShareUpdateExclusiveLock', 'scan', proof.table, proof.on),
  });
  return [add, validate];
}

/**
 * Drops a proof that nothing needs any more, the way back included. One of each table: two partitions locked in one
 * transaction and a query of the whole would wait for each other.
 */
export function dropProof(proof: BoundProof): StepDraft[] {
  return dropInTwo(proof, t('The bound of the partition says the same from now on.'));
}

/** Drops a proof of rows that nothing binds any more. */
export function letGoOfProof(proof: BoundProof): StepDraft[] {
  return dropInTwo(
    proof,
    t('The table takes any rows from now on. One outside of the bound has to go before a way back.'),
  );
}

/** Two steps, so that the way back can prove it again while others go on working. */
function dropInTwo(proof: BoundProof, action: string): StepDraft[] {
  const relation = formatQualifiedName(proof.on);
  const forecast = stepForecast('AccessExclusiveLock', 'catalog', proof.table, proof.on);
  return [
    migrationStep({
      slug: stepSlug(`unprove ${proof.on.name}`),
      title: t('Hold the CHECK of {0} for new rows only', relation),
      action: t(
        'A step of its own, so that the way back can prove it on every row while others go on working.',
      ),
      forward: [dropStatement(proof), addProof(proof)],
      rollback: [validateProof(proof)],
      holds: [`NOT ${constraintExists(proof.on, proof.name, true)}`],
      expectation: t('The CHECK is not marked as proved on every row.'),
      forecast,
    }),
    migrationStep({
      slug: stepSlug(`drop check ${proof.on.name}`),
      title: t('Drop the CHECK of {0}', relation),
      action,
      forward: [dropStatement(proof)],
      rollback: [addProof(proof)],
      holds: [`NOT ${constraintExists(proof.on, proof.name, false)}`],
      expectation: t('Nothing is left that only the plan needed.'),
      forecast,
    }),
  ];
}

function alter({ on }: BoundProof): string {
  return `ALTER TABLE ${formatQualifiedName(on)}`;
}

function addProof(proof: BoundProof): string {
  return `${alter(proof)}\n  ADD CONSTRAINT ${formatIdentifier(proof.name)} CHECK (${proof.condition}) NOT VALID`;
}

function validateProof(proof: BoundProof): string {
  return `${alter(proof)} VALIDATE CONSTRAINT ${formatIdentifier(proof.name)}`;
}

function dropStatement(proof: BoundProof): string {
  return `${alter(proof)} DROP CONSTRAINT ${formatIdentifier(proof.name)}`;
}

function dropIfThere(proof: BoundProof): string {
  return `${alter(proof)} DROP CONSTRAINT IF EXISTS ${formatIdentifier(proof.name)}`;
}
