import { constraintOf } from '../../assess/changes/drop-constraint';
import type { RenameConstraint } from '../../assess/changes/rename-constraint';
import type { ConstraintFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { leavingPhase } from '../pieces/leaving-release';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { constraintExists } from '../pieces/sql-text';
import type { PhaseDraft, StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

/**
 * Renames a constraint, and the index of a key with it. Only ON CONFLICT ON CONSTRAINT says the name of a key or an
 * exclusion in SQL and would fail with it, so a release comes before those.
 * https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 */
export const renameConstraintRecipe: Recipe<RenameConstraint> = {
  id: 'rename-constraint',
  blockers: () => [],
  phases: (context) => {
    const { change, assessment } = context;
    const constraint = constraintOf(assessment.table, change.constraint);
    const nothing = { name: 'expand' as const, goal: t('Nothing has to be there before.'), steps: [] };
    const named = { goal: t('The constraint has its new name.'), steps: [renameStep(context)] };
    return recipePlan({
      phases: isNamedInSql(constraint)
        ? [nothing, leaving(context, constraint), { name: 'contract', ...named }]
        : [
            { name: 'expand', ...named },
            { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
            { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
          ],
      noReturn: null,
      notes: notesOf(context),
    });
  },
};

function isNamedInSql({ kind }: ConstraintFacts): boolean {
  return kind === 'unique' || kind === 'primary-key' || kind === 'exclusion';
}

function leaving(
  { change, options }: RecipeContext<RenameConstraint>,
  { kind, name }: ConstraintFacts,
): PhaseDraft {
  const quoted = formatIdentifier(name);
  return leavingPhase({
    rule: t('the name {0}', quoted),
    instructions:
      kind === 'exclusion'
        ? t(
            'Write ON CONFLICT DO NOTHING in place of ON CONFLICT ON CONSTRAINT {0}, let whoever tells errors apart know both names, and release it to all instances. Where nothing names it, there is nothing to release.',
            quoted,
          )
        : t(
            'Write the columns in place of ON CONFLICT ON CONSTRAINT {0}, let whoever tells errors apart know both names, and release it to all instances. Where nothing names it, there is nothing to release.',
            quoted,
          ),
    present: constraintExists(change.table, name, false),
    options,
  });
}

function renameStep({ change, assessment: { table } }: RecipeContext<RenameConstraint>): StepDraft {
  const alter = `ALTER TABLE ${formatQualifiedName(table.name)}`;
  const from = formatIdentifier(change.constraint);
  const to = formatIdentifier(change.to);
  return migrationStep({
    slug: 'rename-constraint',
    title: t('Rename the constraint {0} to {1}', from, to),
    action: t('Takes a short lock and reads no row.'),
    forward: [`${alter} RENAME CONSTRAINT ${from} TO ${to}`],
    rollback: [`${alter} RENAME CONSTRAINT ${to} TO ${from}`],
    holds: [
      constraintExists(table.name, change.to, false),
      `NOT ${constraintExists(table.name, change.constraint, false)}`,
    ],
    expectation: t('The constraint is called {0}.', change.to),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function notesOf({ change, assessment }: RecipeContext<RenameConstraint>): string[] {
  const { table, namingRoutines = [] } = assessment;
  const { kind } = constraintOf(table, change.constraint);
  const name = formatIdentifier(change.constraint);
  const notes = [
    t(
      'Errors name the constraint. Let code that tells them apart by the name {0} know both names before the rename.',
      name,
    ),
  ];
  if (namingRoutines.length > 0)
    notes.push(
      t(
        'The text of these routines holds the name {0}; look at them first: {1}.',
        name,
        namingRoutines.join(', '),
      ),
    );
  if (table.partitioning !== null && kind !== 'check' && kind !== 'not-null')
    notes.push(
      t('The constraints of the partitions keep their names; plan the change for each that has to follow.'),
    );
  return notes;
}
