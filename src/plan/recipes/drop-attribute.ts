import type { Assessment } from '../../assess/assessment';
import type { DropAttribute } from '../../assess/changes/drop-attribute';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { attributeOf, attributeUserSentences, attributesText } from '../pieces/attribute-texts';
import { leavingPhase } from '../pieces/leaving-release';
import { locklessForecast } from '../pieces/lockless-forecast';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { columnExists } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';

const slug = 'drop-attribute';

/**
 * Drops an attribute of a composite type once nobody names it or counts it. Rows keep what they have stored, out of reach.
 * https://www.postgresql.org/docs/current/sql-altertype.html
 */
export const dropAttributeRecipe: Recipe<DropAttribute> = {
  id: 'drop-attribute',
  blockers: () => [],
  phases: ({ change, assessment, options }) => {
    const type = formatQualifiedName(change.table);
    const name = formatIdentifier(change.name);
    const why = whyForGood(change, assessment);
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        leavingPhase({
          rule: t('the attribute {0} of {1}', name, type),
          instructions: [
            t(
              "Leave {0} out of everything that reads or writes values of {1}. Values that are made by ROW(...) or '(...)' with {2} fail when it has one less: make them by jsonb_populate_record(NULL::{1}, ...), which passes over names that the type does not have, or attribute by attribute. Release it to all instances.",
              name,
              type,
              attributesText(assessment.compositeType?.attributes.length ?? 0),
            ),
            ...attributeUserSentences(type, assessment),
          ].join(' '),
          present: columnExists(change.table, change.name),
          options,
        }),
        {
          name: 'contract',
          goal: t('The type has one attribute less.'),
          steps: [dropStep(change, assessment, why)],
        },
      ],
      noReturn: why === null ? null : { slug, why },
    });
  },
};

/** null where it comes back as it was. A new attribute stands behind all others, and is empty in what is stored. */
function whyForGood({ table, name }: DropAttribute, assessment: Assessment): string | null {
  const { columns, isLast } = attributeOf(assessment);
  const [type, attribute] = [formatQualifiedName(table), formatIdentifier(name)];
  if (columns.length > 0) {
    return t(
      'What {0} holds cannot be read from then on: {1}. An attribute that is added again is empty in every row.',
      attribute,
      columns.join(', '),
    );
  }
  if (isLast) return null;
  return t(
    'Attributes of {0} stand behind {1}. PostgreSQL adds one behind all others only, so that values made by ROW(...) would not mean the same.',
    type,
    attribute,
  );
}

function dropStep({ table, name }: DropAttribute, assessment: Assessment, why: string | null): StepDraft {
  const { type: attributeType, collation, comment } = attributeOf(assessment);
  const [type, attribute] = [formatQualifiedName(table), formatIdentifier(name)];
  const collate = collation === null ? '' : ` COLLATE ${collation}`;
  return migrationStep({
    slug,
    title: t('Drop {0} of {1}', attribute, type),
    action: t('Only the catalog is written; no table is locked, and no row is read.'),
    forward: [`ALTER TYPE ${type} DROP ATTRIBUTE ${attribute}`],
    rollback:
      why === null
        ? [
            `ALTER TYPE ${type} ADD ATTRIBUTE ${attribute} ${attributeType}${collate}`,
            ...(comment === null
              ? []
              : [`COMMENT ON COLUMN ${type}.${attribute} IS ${quoteLiteral(comment)}`]),
          ]
        : { noReturn: why },
    holds: [`NOT ${columnExists(table, name)}`],
    expectation: t('{0} has no attribute {1}.', type, attribute),
    forecast: locklessForecast(),
  });
}
