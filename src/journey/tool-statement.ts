import { asKind, stringOf, strings } from '../sql/tree';
import type { ParseNode, Statement } from '../sql/statement';
import type { Node } from '@pgsql/types';

/** What is a tool's own in a database, and what is a migration's whatever it is. */
export interface ToolObjects {
  /** Its tables, by name. */
  tables: ReadonlySet<string>;
  schemas: ReadonlySet<string>;
  /** The text of the program. */
  program: string;
}

/** What a statement names. */
interface Named {
  /** Relations, without the names that its WITH gives. */
  relations: { schema: string | null; name: string }[];
  /** Functions that it calls, by the last part of their name. */
  functions: string[];
}

/** Settings that decide what a statement does, or how long it waits. */
const telling =
  /^(?:lock_timeout|statement_timeout|idle_in_transaction_session_timeout|transaction_timeout|search_path|role|session_authorization|session_replication_role|row_security|check_function_bodies|default_tablespace|default_table_access_method|default_toast_compression|maintenance_work_mem|max_parallel_maintenance_workers)$/;
/** Functions that only look, and locks that end with the connection. */
const looking =
  /^(?:pg_(?!terminate|cancel|switch|reload|promote|drop|create|replication)\w+|to_reg\w+|current_\w+|session_user|version|now|set_config|format_type|obj_description|col_description|array_\w+|string_agg|json\w*|coalesce|quote_\w+|unnest|count|exists)$/;

/** Whether a tool sends a statement for itself and not for a migration. */
export function isOfTool({ kind, node, text }: Statement, own: ToolObjects): boolean {
  if (text.length > 6 && own.program.includes(text)) return false;
  switch (kind) {
    case 'VariableSetStmt':
      return !telling.test(asKind(node, 'VariableSetStmt')?.name ?? '');
    case 'VariableShowStmt':
    case 'DiscardStmt':
    case 'DeallocateStmt':
      return true;
    case 'CreateSchemaStmt':
      return own.schemas.has(asKind(node, 'CreateSchemaStmt')?.schemaname ?? '');
    case 'DropStmt': {
      const drop = asKind(node, 'DropStmt');
      return (
        drop?.removeType === 'OBJECT_TABLE' &&
        (drop.objects ?? []).every((name) => own.tables.has(stringOf(name)))
      );
    }
  }
  const { relations, functions } = namedIn(node);
  if (relations.length === 0) return kind === 'SelectStmt' && functions.every((name) => looking.test(name));
  return relations.every((relation) => own.tables.has(relation.name) || isSystem(relation));
}

function isSystem({ schema, name }: Named['relations'][number]): boolean {
  return schema === null ? /^pg_/.test(name) : schema === 'pg_catalog' || schema === 'information_schema';
}

/** The names of the relations in statements. */
export function relationsIn(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ node }) => namedIn(node).relations.map(({ name }) => name));
}

/** The names of the schemas that statements make. */
export function schemasIn(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ node }) => asKind(node, 'CreateSchemaStmt')?.schemaname ?? []);
}

/** Looks at every field, also those of a fixed type that are no nodes of their own. */
function namedIn(node: ParseNode): Named {
  const found: Named = { relations: [], functions: [] };
  const given = new Set<string>();
  const open: unknown[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const fields = next as Record<string, unknown>;
    if (typeof fields.relname === 'string')
      found.relations.push({
        schema: (fields.schemaname as string | undefined) ?? null,
        name: fields.relname,
      });
    if (typeof fields.ctename === 'string') given.add(fields.ctename);
    if (Array.isArray(fields.funcname)) found.functions.push(strings(fields.funcname as Node[]).at(-1) ?? '');
    open.push(...Object.values(fields));
  }
  return {
    ...found,
    relations: found.relations.filter(({ schema, name }) => schema !== null || !given.has(name)),
  };
}
