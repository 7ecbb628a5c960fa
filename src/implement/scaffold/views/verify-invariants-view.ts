import type { Assessment } from '../../../assess/assessment';
import { lawOf } from '../../../assess/change';
import type { DataLaw } from '../../../assess/changes/change-type';
import type { TableFacts } from '../../../catalog/table-facts';
import { t } from '../../../messages/translate';
import { stepsOf, type PartPlan } from '../../../plan/plan';
import { formatQualifiedName, quoteLiteral } from '../../../sql/identifier';
import type { VerifyQuery } from './verify-view';

/** What must be true of the table's definition: required columns, validated constraints, valid indexes. */
export function invariantQueries(plan: PartPlan, assessment: Assessment): VerifyQuery[] {
  const relation = formatQualifiedName(plan.change.table);
  const tree = treeOf(relation);
  const last = stepsOf(plan).at(-1)?.id ?? '';
  return [
    ...requiredColumns(plan, assessment, tree, last),
    {
      id: 'constraints',
      title: t('Constraints of {0} that are not validated', relation),
      expectation: t(
        'no row. Between a step that adds one as NOT VALID and the step that validates it, that one is listed',
      ),
      sql: `${tree}
select k.conrelid::regclass as on_table, k.conname as constraint_name, pg_get_constraintdef(k.oid) as definition
from tree join pg_constraint k on k.conrelid = tree.oid
where not k.convalidated
order by 1, 2`,
      guardSql: null,
      guard: null,
      leftOut: null,
    },
    {
      id: 'indexes',
      title: t('Indexes of {0} that are not valid', relation),
      expectation: t('no row, unless an index is being built at this moment'),
      sql: `${tree}
select x.indrelid::regclass as on_table, x.indexrelid::regclass as index_name
from tree join pg_index x on x.indrelid = tree.oid
where not (x.indisvalid and x.indisready)
order by 1, 2`,
      guardSql: null,
      guard: null,
      leftOut: null,
    },
  ];
}

function requiredColumns(plan: PartPlan, { table }: Assessment, tree: string, last: string): VerifyQuery[] {
  const { change } = plan;
  const name = requiredColumn(lawOf(change), table);
  if (name === null) return [];
  return [
    {
      id: 'not-null',
      title: t('Tables in which the column {0} may be NULL', name),
      expectation: t('no row, once step {0} is done', last),
      sql: `${tree}
select a.attrelid::regclass as on_table, a.attname as column_name
from tree join pg_attribute a on a.attrelid = tree.oid
where a.attname = ${quoteLiteral(name)} and not a.attisdropped and not a.attnotnull
order by 1, 2`,
      guardSql: null,
      guard: null,
      leftOut: null,
    },
  ];
}

/** What takes the place of a required column is required. */
function requiredColumn(law: DataLaw | null, table: TableFacts): string | null {
  switch (law?.kind) {
    case 'filled':
      return law.column;
    case 'equal':
      return table.columns.find((column) => column.name === law.old)?.notNull ? law.new : null;
    case undefined:
      return null;
  }
}

/** The table and all its partitions. */
function treeOf(relation: string): string {
  return `with recursive tree as (
  select to_regclass(${quoteLiteral(relation)})::oid as oid
  union
  select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
)`;
}
