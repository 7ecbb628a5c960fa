import { commentedName, presentComment, type SetComment } from '../../assess/changes/set-comment';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { quoteLiteral } from '../../sql/identifier';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { regclass } from '../pieces/sql-text';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Sets the comment of a table or a column. */
export const setCommentRecipe: Recipe<SetComment> = {
  id: 'set-comment',
  blockers: () => [],
  phases: ({ change, assessment: { table } }) => {
    const comment = (text: string | null): string =>
      `COMMENT ON ${change.column === null ? 'TABLE' : 'COLUMN'} ${commentedName(change)} IS ${literal(text)}`;
    const step = migrationStep({
      slug: 'set-comment',
      title: t('Set the comment of {0}', commentedName(change)),
      action: t('Reads and writes go on meanwhile; no row is touched.'),
      forward: [comment(change.comment)],
      rollback: [comment(presentComment(change, table))],
      holds: [`${commentSql(change, table)} IS NOT DISTINCT FROM ${literal(change.comment)}`],
      expectation: t('The comment of {0} is the new one.', commentedName(change)),
      // https://www.postgresql.org/docs/current/sql-comment.html
      forecast: stepForecast('ShareUpdateExclusiveLock', 'catalog', table),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('The comment is the new one.'), steps: [step] },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: null,
    });
  },
};

function commentSql({ column }: SetComment, { name }: TableFacts): string {
  if (column === null) return `pg_catalog.obj_description(${regclass(name)}, 'pg_class')`;
  return (
    `(SELECT pg_catalog.col_description(attrelid, attnum) FROM pg_catalog.pg_attribute ` +
    `WHERE attrelid = ${regclass(name)} AND attname = ${quoteLiteral(column)} AND NOT attisdropped)`
  );
}

function literal(text: string | null): string {
  return text === null ? 'NULL' : quoteLiteral(text);
}
