import { t } from '../../../messages/translate';
import { stepsOf, type Plan } from '../../../plan/plan';
import { quoteLiteral } from '../../../sql/identifier';

/** The psql variable that says whether old and new column are there and are to be equal. */
export const comparable = 'both_are_equal';

/** How verify.sql finds out, from the record in the database, whether the columns still have to be equal. */
export interface MayDiffer {
  /** In words, one sentence to a line. */
  about: string[];
  /** Sets `record_is_there`: whether this role can read the record. Without a semicolon at its end. */
  recordSql: string;
  /** Sets `columns_may_differ`. Without a semicolon at its end. */
  sql: string;
}

/** The same rule as `columnsMayDiffer`: step `until`, from which on they may, is next or done and not taken back. */
export function mayDiffer(plan: Pick<Plan, 'id' | 'phases'>, until: string): MayDiffer {
  const steps = stepsOf(plan);
  const before = steps[steps.findIndex((step) => step.id === until) - 1];
  const states = `select from switchback.steps where plan_id = ${quoteLiteral(plan.id)} and step_id =`;
  const reached = before
    ? `exists (${states} ${quoteLiteral(before.id)} and state in ('done', 'skipped'))`
    : 'true';
  return {
    about: [
      t(
        'With step {0} the application stops writing the old column; from then on the two may differ.',
        until,
      ),
      t('Whether it has come so far stands in the schema switchback; what compares them is left out then.'),
      t('Without that record they are compared, and a difference is to be expected once the step is done.'),
    ],
    recordSql: [
      'select coalesce(bool_or(',
      "  has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')), false) as record_is_there",
      'from pg_class c join pg_namespace n on n.oid = c.relnamespace',
      "where n.nspname = 'switchback' and c.relname = 'steps'",
    ].join('\n'),
    sql: [
      'select',
      `  ${reached}`,
      `  and not exists (${states} ${quoteLiteral(until)} and state = 'rolled-back') as columns_may_differ`,
    ].join('\n'),
  };
}
