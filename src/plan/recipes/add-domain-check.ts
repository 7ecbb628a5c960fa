import type { AddDomainCheck } from '../../assess/changes/add-domain-check';
import { domainViolationsQuery, provedUses } from '../../assess/domain-values';
import { listUses, type OwnType } from '../../assess/own-type';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import {
  addDomainConstraint,
  domainConstraintExists,
  dropDomainConstraint,
  proofForecast,
  validateDomainConstraint,
} from '../pieces/domain-constraint';
import { keepingPhase, keptCheck, type NewRule } from '../pieces/keeping-release';
import { locklessForecast } from '../pieces/lockless-forecast';
import { ownTypeOf } from '../pieces/own-type-facts';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { serverName } from '../pieces/server-name';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';

/**
 * Adds a check to a domain as NOT VALID and proves it afterwards, once the application keeps to it. Proving stops writes
 * to all tables with values, so only small ones are taken.
 * https://www.postgresql.org/docs/current/sql-alterdomain.html
 */
export const addDomainCheckRecipe: Recipe<AddDomainCheck> = {
  id: 'add-domain-check',
  blockers: () => [],
  phases: ({ change, assessment, options }) => {
    const { table } = assessment;
    const type = ownTypeOf(assessment);
    const taken = new Set(type.checks.map((each) => each.name));
    const name = change.name ?? serverName(type.name.name, null, 'check', taken);
    const rule: NewRule = {
      table,
      rule: t('the check {0}', name),
      instructions: t(
        'Make sure that no writer leaves a value for which {0} is false in any of these columns, and release it to all instances: {1}. Values of the domain in routines and casts are checked as well.',
        change.expression,
        listUses(type.uses),
      ),
      query: domainViolationsQuery(type, change.expression),
      options,
    };
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        keepingPhase(rule),
        {
          name: 'contract',
          goal: t('Every value of the domain meets the condition, proved.'),
          steps: [
            keptCheck(rule),
            addStep(type, name, change.expression),
            validateStep(type, name, change.expression, table),
          ],
        },
      ],
      noReturn: null,
    });
  },
};

function addStep(type: OwnType, name: string, expression: string): StepDraft {
  const quoted = formatIdentifier(name);
  return migrationStep({
    slug: 'add-check',
    title: t('Require {0} of new values of {1}', quoted, formatQualifiedName(type.name)),
    action: t('New values are checked from now on; those that are there are proved by the next step.'),
    forward: [addDomainConstraint(type, name, `CHECK (${expression})`)],
    rollback: [dropDomainConstraint(type, name)],
    holds: [domainConstraintExists(type, name, false)],
    expectation: t('The constraint {0} is there.', name),
    forecast: locklessForecast(),
  });
}

function validateStep(type: OwnType, name: string, expression: string, table: TableFacts): StepDraft {
  const quoted = formatIdentifier(name);
  const uses = provedUses(type);
  return migrationStep({
    slug: 'validate-check',
    title: t('Prove {0} of the values of {1}', quoted, formatQualifiedName(type.name)),
    action:
      uses.length === 0
        ? t('There are no columns with values to read.')
        : t('Reads {0} while nobody can write there; all of it is small.', listUses(uses)),
    forward: [validateDomainConstraint(type, name)],
    rollback: [dropDomainConstraint(type, name), addDomainConstraint(type, name, `CHECK (${expression})`)],
    holds: [domainConstraintExists(type, name, true)],
    expectation: t('The constraint {0} is validated.', name),
    forecast: proofForecast(type, table),
  });
}
