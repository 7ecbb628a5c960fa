import { t } from '../../messages/translate';
import type { TableFacts } from '../../catalog/table-facts';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { addCopy, dropCopy, type ConstraintCopy } from './constraint-copies';
import { constraintExists, holdsQuery, sqlScript } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/**
 * Steps that put copies of constraints in place: per table one migration that adds them as NOT VALID (short
 * locks, no reading), then one per constraint that validates it while others go on working.
 */
export function constraintSteps(table: TableFacts, copies: readonly ConstraintCopy[]): StepDraft[] {
  const tables = new Map<string, ConstraintCopy[]>();
  for (const copy of copies) {
    const relation = formatQualifiedName(copy.table);
    tables.set(relation, [...(tables.get(relation) ?? []), copy]);
  }
  const adding = [...tables.values()].map((group) => addStep(table, group[0]!.table, group));
  const validating = copies.filter((copy) => copy.validate).map((copy) => validateStep(table, copy));
  return [...adding, ...validating];
}

function addStep(table: TableFacts, on: QualifiedName, copies: readonly ConstraintCopy[]): StepDraft {
  const relation = formatQualifiedName(on);
  return {
    slug: stepSlug(`constraints ${on.name}`),
    kind: 'migration',
    title: t('Add the constraints of the new name to {0}', relation),
    action: t('New writes are checked from now on; existing rows are proved by the steps that follow.'),
    forward: sqlScript(copies.flatMap(addCopy)),
    rollback: { kind: 'sql', sql: sqlScript([...copies].reverse().map(dropCopy)) },
    verification: {
      sql: holdsQuery(...copies.map((copy) => constraintExists(copy.table, copy.name, false))),
      expectation: t('The constraints are there: {0}.', copies.map((copy) => copy.name).join(', ')),
    },
    forecast: stepForecast(
      copies.some((copy) => copy.kind === 'check') ? 'AccessExclusiveLock' : 'ShareRowExclusiveLock',
      'catalog',
      table,
      on,
    ),
  };
}

function validateStep(table: TableFacts, copy: ConstraintCopy): StepDraft {
  const constraint = formatIdentifier(copy.name);
  return {
    slug: stepSlug(`validate ${copy.name}`),
    kind: 'migration',
    title: t('Validate {0}', constraint),
    action: t(
      'Reads every row of {0} while others go on reading and writing.',
      formatQualifiedName(copy.table),
    ),
    forward: sqlScript([`ALTER TABLE ${formatQualifiedName(copy.table)} VALIDATE CONSTRAINT ${constraint}`]),
    rollback: { kind: 'sql', sql: sqlScript([dropCopy(copy), ...addCopy(copy)]) },
    verification: {
      sql: holdsQuery(constraintExists(copy.table, copy.name, true)),
      expectation: t('The constraint {0} is validated.', copy.name),
    },
    forecast: stepForecast('ShareUpdateExclusiveLock', 'scan', table, copy.table),
  };
}
