import type { Assessment } from '../../../assess/assessment';
import { lawOf } from '../../../assess/change';
import type { DataLaw } from '../../../assess/changes/change-type';
import { t } from '../../../messages/translate';
import { stepsOf, type PartPlan, type Plan } from '../../../plan/plan';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import { rowsText } from '../../../templates/rows-text';
import type { PlainQuery } from './verify-view';

/** Rows counted, and values counted on both sides. */
export function countQueries(plan: PartPlan, { table }: Assessment): PlainQuery[] {
  const relation = formatQualifiedName(plan.change.table);
  const seen =
    table.rows.source === 'unknown'
      ? t('a number that is not far from what the application expects')
      : t('about {0}, as estimated when the plan was made', rowsText(Math.round(table.rows.count)));
  const rows = {
    id: 'rows',
    title: t('Rows of {0}', relation),
    expectation: t('one row; rows is {0}', seen),
    sql: `select count(*) as rows\nfrom ${relation}`,
  };
  const law = lawOf(plan.change);
  return law === null ? [rows] : [rows, valueCounts(law, filledBy(plan), relation)];
}

function valueCounts(law: DataLaw, since: string, relation: string): PlainQuery {
  switch (law.kind) {
    case 'equal': {
      const [old, fresh] = [formatIdentifier(law.old), formatIdentifier(law.new)];
      return {
        id: 'values',
        title: t('Values in {0} and in {1}, and rows where they differ', old, fresh),
        expectation: t('one row; holds = t, old_values = new_values and differing = 0, {0}', since),
        sql: [
          'select',
          `  count(${old}) as old_values,`,
          `  count(${fresh}) as new_values,`,
          `  count(*) filter (where ${differs(old, fresh)}) as differing,`,
          `  count(*) filter (where ${differs(old, fresh)}) = 0 as holds`,
          `from ${relation}`,
        ].join('\n'),
      };
    }
    case 'filled': {
      const column = formatIdentifier(law.column);
      return {
        id: 'values',
        title: t('Rows with and without a value in {0}', column),
        expectation: t('one row; holds = t and without_value = 0, {0}', since),
        sql: [
          'select',
          `  count(${column}) as with_value,`,
          `  count(*) - count(${column}) as without_value,`,
          `  count(*) = count(${column}) as holds`,
          `from ${relation}`,
        ].join('\n'),
      };
    }
  }
}

/** Rows that are not as they should be, to look at. */
export function differenceQueries(plan: PartPlan, { table }: Assessment): PlainQuery[] {
  const relation = formatQualifiedName(plan.change.table);
  const key = (table.primaryKey ?? table.uniqueKeys[0] ?? []).map(formatIdentifier);
  const place = key.length > 0 ? key : ['tableoid::regclass', 'ctid'];
  const expectation = t('no row, {0}', filledBy(plan));
  const law = lawOf(plan.change);
  switch (law?.kind) {
    case 'equal': {
      const [old, fresh] = [formatIdentifier(law.old), formatIdentifier(law.new)];
      const columns = [...place, `${old} as old_value`, `${fresh} as new_value`];
      return [
        {
          id: 'differences',
          title: t('Rows whose {0} and {1} differ', old, fresh),
          expectation,
          sql: `select ${columns.join(', ')}\nfrom ${relation}\nwhere ${differs(old, fresh)}\nlimit 100`,
        },
      ];
    }
    case 'filled': {
      const column = formatIdentifier(law.column);
      return [
        {
          id: 'differences',
          title: t('Rows without a value in {0}', column),
          expectation,
          sql: `select ${place.join(', ')}\nfrom ${relation}\nwhere ${column} is null\nlimit 100`,
        },
      ];
    }
    case undefined:
      return [];
  }
}

/** As text, byte by byte: some types have no equality, and collations may call different texts equal. */
function differs(left: string, right: string): string {
  return `${left}::text collate "C" is distinct from ${right}::text collate "C"`;
}

function filledBy(plan: Pick<Plan, 'phases'>): string {
  const steps = stepsOf(plan);
  const filling = steps.findLast((step) => step.kind === 'backfill') ?? steps[0];
  return filling ? t('once step {0} is done', filling.id) : t('at any time');
}
