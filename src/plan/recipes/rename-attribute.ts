import type { Assessment } from '../../assess/assessment';
import type { RenameAttribute } from '../../assess/changes/rename-attribute';
import { t } from '../../messages/translate';
import { dollarQuoted } from '../../sql/dollar-quoted';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { attributeOf, attributeUserSentences } from '../pieces/attribute-texts';
import { leavingPhase } from '../pieces/leaving-release';
import { locklessForecast } from '../pieces/lockless-forecast';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { columnExists } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';

/**
 * Renames an attribute of a composite type. Until it has its new name a function of that name reads it: SQL takes
 * `(value).name` for `name(value)` where the type has no such attribute.
 * https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-USAGE
 */
export const renameAttributeRecipe: Recipe<RenameAttribute> = {
  id: 'rename-attribute',
  blockers: () => [],
  phases: ({ change, assessment, options }) => {
    const [type, from, to] = namesOf(change);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('{0} can be read as {1}, too.', from, to),
          steps: [readByNewName(change, assessment)],
        },
        leavingPhase({
          rule: t('the name {0} of {1}', from, type),
          instructions: [
            t(
              'Read the attribute as (value).{0} instead of (value).{1}: a function of that name is there, and is found where {2} is on the search_path.',
              to,
              from,
              formatIdentifier(change.table.schema),
            ),
            t(
              'Do not write it by its name: make values by ROW(...) in the order of the attributes, or by jsonb_populate_record(NULL::{0}, ...) with both names. Where values become JSON, take the attribute under both names. Release it to all instances.',
              type,
            ),
            ...attributeUserSentences(type, assessment),
          ].join(' '),
          present: `${columnExists(change.table, change.name)} AND ${readerExists(change)}`,
          options,
        }),
        {
          name: 'contract',
          goal: t('The attribute has its new name.'),
          steps: [renameStep(change, assessment)],
        },
      ],
      noReturn: null,
      notes: [
        t('Code that writes {0} by its name comes with a release after the last step.', to),
        t(
          'Make no view or function with an SQL body that reads (value).{0} before the last step: it would hold the function, and not the attribute.',
          to,
        ),
      ],
    });
  },
};

function readByNewName(change: RenameAttribute, assessment: Assessment): StepDraft {
  const [type, from, to] = namesOf(change);
  return migrationStep({
    slug: 'read-by-new-name',
    title: t('Let {0} be read as {1}', from, to),
    action: t('Makes a function of the new name, which SQL takes for an attribute. No table is locked.'),
    forward: [createReader(change, assessment)],
    rollback: [dropReader(change)],
    holds: [readerExists(change)],
    expectation: t('The function {0} takes {1}.', formatQualifiedName(readerOf(change)), type),
    forecast: locklessForecast(),
  });
}

function renameStep(change: RenameAttribute, assessment: Assessment): StepDraft {
  const [type, from, to] = namesOf(change);
  return migrationStep({
    slug: 'rename-attribute',
    title: t('Rename {0} of {1} to {2}', from, type, to),
    action: t(
      'The function goes and the attribute has its name, in one transaction. Only the catalog is written; no table is locked.',
    ),
    forward: [dropReader(change), `ALTER TYPE ${type} RENAME ATTRIBUTE ${from} TO ${to}`],
    rollback: [`ALTER TYPE ${type} RENAME ATTRIBUTE ${to} TO ${from}`, createReader(change, assessment)],
    holds: [columnExists(change.table, change.to), `NOT ${columnExists(change.table, change.name)}`],
    expectation: t('{0} has the attribute {1} and no {2}.', type, to, from),
    forecast: locklessForecast(),
  });
}

function createReader(change: RenameAttribute, assessment: Assessment): string {
  const [type, from] = namesOf(change);
  return (
    `CREATE FUNCTION ${formatQualifiedName(readerOf(change))}(${type}) RETURNS ${attributeOf(assessment).type}\n` +
    `  LANGUAGE sql IMMUTABLE PARALLEL SAFE\nAS ${dollarQuoted(`SELECT ($1).${from}`)}`
  );
}

function dropReader(change: RenameAttribute): string {
  return `DROP FUNCTION ${formatQualifiedName(readerOf(change))}(${formatQualifiedName(change.table)})`;
}

function readerExists(change: RenameAttribute): string {
  const signature = `${formatQualifiedName(readerOf(change))}(${formatQualifiedName(change.table)})`;
  return `pg_catalog.to_regprocedure(${quoteLiteral(signature)}) IS NOT NULL`;
}

function readerOf({ table, to }: RenameAttribute): QualifiedName {
  return { schema: table.schema, name: to };
}

function namesOf({ table, name, to }: RenameAttribute): [string, string, string] {
  return [formatQualifiedName(table), formatIdentifier(name), formatIdentifier(to)];
}
