import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import type { LockMode } from '../../safety/forecast';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { migrationStep } from './plain-steps';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/** A CHECK or foreign key that is to be. */
export interface NewConstraint {
  table: TableFacts;
  /** The table that gets it: the one the plan is about, or a partition of it. */
  on: QualifiedName;
  name: string;
  /** Without NOT VALID. */
  definition: string;
  /** The lock its ADD takes: https://www.postgresql.org/docs/current/sql-altertable.html */
  lock: LockMode;
}

/**
 * The two steps that put a constraint in place: NOT VALID under a short lock, then proved of the rows that are there
 * while others go on writing.
 */
export function constraintInTwoSteps(constraint: NewConstraint): StepDraft[] {
  return [addStep(constraint), validateStep(constraint)];
}

/** `ADD CONSTRAINT ... NOT VALID`, as a part of ALTER TABLE. */
export function addNotValid({ name, definition }: Pick<NewConstraint, 'name' | 'definition'>): string {
  return `ADD CONSTRAINT ${formatIdentifier(name)} ${definition} NOT VALID`;
}

function addStep(constraint: NewConstraint): StepDraft {
  const { table, on, name, lock } = constraint;
  const relation = formatQualifiedName(on);
  return migrationStep({
    slug: stepSlug(`add ${name}`),
    title: t('Require {0} of new rows of {1}', formatIdentifier(name), relation),
    action: t('New writes are checked from now on; rows that are there are proved by the next step.'),
    forward: [`ALTER TABLE ${relation}\n  ${addNotValid(constraint)}`],
    // A way back that broke off is run once more.
    rollback: [`ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${formatIdentifier(name)}`],
    holds: [constraintExists(on, name, false)],
    expectation: t('The constraint {0} is there.', name),
    forecast: stepForecast(lock, 'catalog', table, on),
  });
}

function validateStep(constraint: NewConstraint): StepDraft {
  const { table, on, name } = constraint;
  const relation = formatQualifiedName(on);
  const quoted = formatIdentifier(name);
  return migrationStep({
    slug: stepSlug(`validate ${name}`),
    title: t('Prove {0} of the rows of {1}', quoted, relation),
    action: t('Reads every row of {0} while others go on reading and writing.', relation),
    forward: [`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${quoted}`],
    rollback: [
      `ALTER TABLE ${relation}\n  DROP CONSTRAINT IF EXISTS ${quoted},\n  ${addNotValid(constraint)}`,
    ],
    holds: [constraintExists(on, name, true)],
    expectation: t('The constraint {0} is validated.', name),
    forecast: stepForecast('ShareUpdateExclusiveLock', 'scan', table, on),
  });
}
