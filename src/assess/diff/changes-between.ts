import type { Catalog } from '../../catalog/catalog';
import { inOrder } from '../../reverse/reverse-step';
import { schemaScript } from '../../reverse/schema-script';
import type { KnownSchema } from '../../safety/known-schema';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { Statement } from '../../sql/statement';
import { asKind, strings, walkTree } from '../../sql/tree';
import type { SingleChange } from '../change';
import { changeOfStatement } from '../change-of-statement';
import type { CreateTable } from '../changes/create-table';
import type { RawSql } from '../changes/raw-sql';
import { inverseOfStatement } from '../raw/inverse-of-statement';
import { withoutTwins } from './without-twins';
import { wayBackOf } from './way-back-of';

/** One change on the way from one schema to another. */
export interface SchemaChange {
  /** By its recipe; what no recipe knows is SQL of its own. */
  change: SingleChange;
  /** What would do it at once, each without its semicolon. */
  statements: string[];
}

export interface DiffRequest {
  from: Catalog;
  to: Catalog;
  /** What is known of `from`. */
  schema: KnownSchema;
  parser: SqlParser;
}

/** The changes that lead from one schema to another, in an order that works. What was renamed must bear its new name. */
export function changesBetween(request: DiffRequest): SchemaChange[] {
  const { from, to, schema, parser } = request;
  const { steps } = schemaScript(from, to, 'none');
  const changes: SchemaChange[] = [];
  for (const sql of inOrder(steps)) {
    const statement = parser.parse(sql).statements[0]!;
    if (joinsNewTable(changes, statement, sql)) continue;
    const change = changeOfStatement(statement, schema);
    if (change) changes.push({ change, statements: [sql] });
    else takeRaw(changes, statement, sql, schema);
  }
  return withoutTwins(changes, from, to).map((each) => withWayBack(each, request));
}

/** Whether a statement went to the new table that it is about. */
function joinsNewTable(changes: readonly SchemaChange[], statement: Statement, sql: string): boolean {
  const about = ownTable(statement);
  if (!about) return false;
  const names = changes.map(({ change }) =>
    change.kind === 'create-table' ? formatQualifiedName(change.table) : null,
  );
  const place = names.indexOf(formatQualifiedName(about));
  if (place < 0) return false;
  const referred = referredTable(statement);
  const isLater = referred !== null && names.indexOf(formatQualifiedName(referred)) > place;
  if (isLater) return false;
  const item = changes[place]!;
  const change = item.change as CreateTable;
  item.change = { ...change, more: change.more === null ? sql : `${change.more};\n${sql}` };
  item.statements.push(sql);
  return true;
}

/** The table an index, constraint, policy or comment is of; null for other statements. */
function ownTable({ node }: Statement): QualifiedName | null {
  const relation =
    asKind(node, 'IndexStmt')?.relation ??
    asKind(node, 'AlterTableStmt')?.relation ??
    asKind(node, 'CreatePolicyStmt')?.table;
  if (relation?.schemaname && relation.relname)
    return { schema: relation.schemaname, name: relation.relname };
  const comment = asKind(node, 'CommentStmt');
  if (comment?.objtype !== 'OBJECT_TABLE' && comment?.objtype !== 'OBJECT_COLUMN') return null;
  const [schema, name] = strings(asKind(comment.object, 'List')?.items);
  return schema && name ? { schema, name } : null;
}

function referredTable({ node }: Statement): QualifiedName | null {
  const command = asKind(asKind(node, 'AlterTableStmt')?.cmds?.[0], 'AlterTableCmd');
  const { schemaname, relname } = asKind(command?.def, 'Constraint')?.pktable ?? {};
  return schemaname && relname ? { schema: schemaname, name: relname } : null;
}

/** What no recipe knows goes with what no recipe knew just before it. */
function takeRaw(changes: SchemaChange[], statement: Statement, sql: string, schema: KnownSchema): void {
  const last = changes.at(-1);
  if (last?.change.kind === 'raw-sql') {
    last.change = { ...last.change, sql: `${last.change.sql};\n${sql}` };
    last.statements.push(sql);
    return;
  }
  const change: RawSql = {
    kind: 'raw-sql',
    table: subjectOf(statement, schema),
    sql,
    down: null,
    proof: null,
    irreversible: false,
  };
  changes.push({ change, statements: [sql] });
}

/** A table or view that the statement names, else what it makes or takes away. */
function subjectOf({ node }: Statement, { relations }: KnownSchema): QualifiedName {
  const named: QualifiedName[] = [];
  walkTree([node], (_kind, fields) => {
    for (const value of [fields, ...Object.values(fields)]) {
      const { schemaname, relname } = (value ?? {}) as Record<string, unknown>;
      if (typeof schemaname === 'string' && typeof relname === 'string')
        named.push({ schema: schemaname, name: relname });
    }
    for (const part of ['funcname', 'objname', 'typeName', 'domainname', 'items', 'names']) {
      const value = fields[part];
      const [schema, name, ...more] = Array.isArray(value) ? strings(value) : [];
      if (schema && name && more.length === 0) named.push({ schema, name });
    }
  });
  const known = named.find((name) => relations.has(formatQualifiedName(name)));
  return known ?? named[0] ?? { schema: 'public', name: 'schema' };
}

function withWayBack(item: SchemaChange, { from, to, parser }: DiffRequest): SchemaChange {
  const { change, statements } = item;
  if (change.kind !== 'raw-sql') return item;
  const isDerived = statements.every((sql) => inverseOfStatement(parser.parse(sql).statements[0]!) !== null);
  if (isDerived) return item;
  const back = wayBackOf(statements, from, to);
  return back.length === 0 ? item : { ...item, change: { ...change, down: back.join(';\n') } };
}
