import { quoteIdentifier, quoteLiteral } from '../sql/identifier';
import type { Statement } from '../sql/statement';
import { asKind, strings } from '../sql/tree';

/**
 * SQL that asks the catalog what a statement has already done, as one row `state` (`present`, `absent`, `leftover`),
 * `object`, `cure`, `then_present`; null for a statement whose effect the catalog does not tell. Without parameters.
 */
export function statementEffectSql(statement: Statement): string | null {
  const index = asKind(statement.node, 'IndexStmt');
  if (index?.concurrent && index.idxname && index.relation?.relname) {
    return createdIndexSql(relationName(index.relation), index.idxname);
  }
  const drop = asKind(statement.node, 'DropStmt');
  if (drop?.concurrent && drop.removeType === 'OBJECT_INDEX') {
    const names = (drop.objects ?? []).map((object) =>
      strings(asKind(object, 'List')?.items).map(quoteIdentifier).join('.'),
    );
    return droppedIndexSql(names);
  }
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (!alter?.relation?.relname || alter.cmds?.length !== 1) return null;
  const command = asKind(alter.cmds[0], 'AlterTableCmd');
  if (command?.subtype === 'AT_ValidateConstraint' && command.name) {
    return validatedSql(relationName(alter.relation), command.name);
  }
  const partition = asKind(command?.def, 'PartitionCmd');
  if (command?.subtype === 'AT_DetachPartition' && partition?.concurrent && partition.name?.relname) {
    return detachedSql(relationName(alter.relation), relationName(partition.name));
  }
  return null;
}

function relationName(relation: { schemaname?: string; relname?: string }): string {
  const name = quoteIdentifier(relation.relname ?? '');
  return relation.schemaname ? `${quoteIdentifier(relation.schemaname)}.${name}` : name;
}

function createdIndexSql(table: string, index: string): string {
  return `select case when x.indexrelid is null then 'absent' when x.indisvalid and x.indisready then 'present'
    else 'leftover' end as state,
  quote_ident(n.nspname) || '.' || quote_ident(i.relname) as object,
  'drop index concurrently if exists ' || quote_ident(n.nspname) || '.' || quote_ident(i.relname) as cure,
  false as then_present
from (select to_regclass(${quoteLiteral(table)}) as oid) as named
left join pg_class t on t.oid = named.oid
left join pg_class i on i.relnamespace = t.relnamespace and i.relname = ${quoteLiteral(index)}
left join pg_namespace n on n.oid = i.relnamespace
left join pg_index x on x.indexrelid = i.oid and x.indrelid = t.oid`;
}

function droppedIndexSql(names: readonly string[]): string {
  const literals = names.map(quoteLiteral).join(', ');
  return `select case when count(to_regclass(name)) = 0 then 'present' else 'absent' end as state,
  null::text as object, null::text as cure, false as then_present
from unnest(array[${literals}]::text[]) as name`;
}

function validatedSql(table: string, constraint: string): string {
  return `select case when coalesce(bool_or(convalidated), false) then 'present' else 'absent' end as state,
  null::text as object, null::text as cure, false as then_present
from pg_constraint where conrelid = to_regclass(${quoteLiteral(table)}) and conname = ${quoteLiteral(constraint)}`;
}

/** to_jsonb gives null for a column that servers before 14 do not have. */
function detachedSql(parent: string, partition: string): string {
  const cure = `alter table ${parent} detach partition ${partition} finalize`;
  return `select case when count(*) = 0 then 'present'
    when coalesce(bool_or((to_jsonb(i) ->> 'inhdetachpending')::boolean), false) then 'leftover'
    else 'absent' end as state,
  ${quoteLiteral(partition)}::text as object, ${quoteLiteral(cure)}::text as cure, true as then_present
from pg_inherits i
where i.inhparent = to_regclass(${quoteLiteral(parent)}) and i.inhrelid = to_regclass(${quoteLiteral(partition)})`;
}
