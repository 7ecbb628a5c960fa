import { domainCheckOf, type DropDomainCheck } from '../../assess/changes/drop-domain-check';
import { isReadQuickly, proofBlockers } from '../../assess/domain-values';
import { listUses, type DomainCheck, type OwnType } from '../../assess/own-type';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import {
  addDomainConstraint,
  domainConstraintExists,
  dropDomainConstraint,
  validateDomainConstraint,
} from '../pieces/domain-constraint';
import { locklessForecast } from '../pieces/lockless-forecast';
import { ownTypeOf } from '../pieces/own-type-facts';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import type { Recipe } from '../recipe';

const slug = 'drop-check';

/** Drops a check of a domain, which only refuses: nothing has to be released before, and no table is locked. */
export const dropDomainCheckRecipe: Recipe<DropDomainCheck> = {
  id: 'drop-domain-check',
  blockers: () => [],
  phases: ({ change, assessment }) => {
    const type = ownTypeOf(assessment);
    const check = domainCheckOf(type, change.name);
    const name = formatIdentifier(check.name);
    const step = migrationStep({
      slug,
      title: t('Drop the check {0} of {1}', name, formatQualifiedName(type.name)),
      action: t('Writes catalogs and locks no table.') + wayBack(type, check),
      forward: [dropDomainConstraint(type, check.name)],
      rollback: again(type, check),
      holds: [`NOT ${domainConstraintExists(type, check.name, false)}`],
      expectation: t('There is no constraint {0}.', check.name),
      forecast: locklessForecast(),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('The check is gone.'), steps: [step] },
      ],
      noReturn: check.validated
        ? {
            slug,
            why: t(
              'From here on values may come that {0} would have refused; where there are any, it cannot be put there again.',
              name,
            ),
          }
        : null,
      notes: [
        t(
          'Let whoever reads these columns take values that the check refuses now, before somebody writes the first one: {0}.',
          listUses(type.uses) || t('there are none'),
        ),
      ],
    });
  },
};

/** Whether PostgreSQL can prove it again without keeping writers waiting for long. */
function isProvedAgain(type: OwnType, { validated }: DomainCheck): boolean {
  return validated && isReadQuickly(type) && proofBlockers(type).length === 0;
}

function wayBack(type: OwnType, check: DomainCheck): string {
  if (!isProvedAgain(type, check)) return '';
  return ' ' + t('The way back reads all columns of the domain, which are small, while nobody writes them.');
}

function again(type: OwnType, check: DomainCheck): string[] | { noReturn: string } {
  const add = addDomainConstraint(type, check.name, check.definition);
  if (check.validated && !isProvedAgain(type, check)) {
    return {
      noReturn: t(
        'It could be put there again for new values with {0}, but not proved of those that are there while others write.',
        add,
      ),
    };
  }
  const comment =
    check.comment === null
      ? []
      : [
          `COMMENT ON CONSTRAINT ${formatIdentifier(check.name)} ON DOMAIN ${formatQualifiedName(type.name)} IS ${quoteLiteral(check.comment)}`,
        ];
  const proof = check.validated ? [validateDomainConstraint(type, check.name)] : [];
  return [add, ...comment, ...proof];
}
