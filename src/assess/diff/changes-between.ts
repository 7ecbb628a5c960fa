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
import { withoutTwins } from './without-twins';
import { rebuiltViews } from './rebuilt-views';
import { remadeParts } from './remade-parts';
import { settled } from './settle/settled';
import { withWidenedKeys } from './widened-keys';

/** One change on the way from one schema to another. */
export interface SchemaChange {
  /** By its recipe; what no recipe knows is SQL of its own. */
  change: SingleChange;
  /** What would do it at once, each without its semicolon; none where only a recipe does it. */
  statements: string[];
  /** What a plan of it asks for that only a person can say. */
  asks?: ('down' | 'proof')[];
  /** Changes that would do harm without each other share it. */
  together?: string;
}

export interface DiffRequest {
  from: Catalog;
  to: Catalog;
  /** What is known of `from`. */
  schema: KnownSchema;
  parser: SqlParser;
}

/** What leads from one schema to another. */
export interface DiffFound {
  changes: SchemaChange[];
  /** What differs and has no recipe, in sentences. */
  differences: string[];
  /** What the changes leave as it is: `table app.t`, `table app.t column c`. */
  untouched: ReadonlySet<string>;
}

/** The changes that lead from one schema to another, in an order that works. What was renamed must bear its new name. */
export function changesBetween({ from, to, schema, parser }: DiffRequest): DiffFound {
  const draft = settled(from, to);
  const statements = inOrder(schemaScript(draft.from, draft.to, 'none').steps);
  const views = rebuiltViews(statements, draft.from, draft.to);
  const found: SchemaChange[] = [];
  for (const sql of views.statements) {
    const statement = parser.parse(sql).statements[0]!;
    if (joinsNewTable(found, statement, sql)) continue;
    const change = changeOfStatement(parser.parse(withoutPlainCast(sql)).statements[0]!, schema);
    if (change) found.push({ change, statements: [sql] });
    else takeRaw(found, statement, sql, schema);
  }
  const whole = withWidenedKeys(withoutTwins(found, draft.from, draft.to), draft.from);
  const changes = [...draft.changes, ...views.join(remadeParts(whole, draft.from))];
  return { changes, differences: draft.differences, untouched: draft.untouched };
}

/** USING that only says what PostgreSQL does without it. */
function withoutPlainCast(sql: string): string {
  const match = /^ALTER TABLE .* ALTER COLUMN (.+) TYPE (.+) USING (.+)$/.exec(sql);
  const [, column, type, using] = match ?? [];
  return match && using === `${column}::${type}` ? sql.slice(0, -` USING ${using}`.length) : sql;
}

/** Whether a statement went to the new table that it is about. */
function joinsNewTable(changes: readonly SchemaChange[], statement: Statement, sql: string): boolean {
  const about = ownTable(statement);
  // Triggers and rules are made after all tables, and only then can be switched.
  if (!about || /^ALTER TABLE .* (?:ENABLE|DISABLE) (?:REPLICA |ALWAYS )?(?:TRIGGER|RULE) /.test(sql))
    return false;
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
