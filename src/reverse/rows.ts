import type { Node } from '@pgsql/types';
import type { Catalog, CatalogObject } from '../catalog/catalog';
import { t } from '../messages/translate';
import { formatIdentifier, quoteLiteral } from '../sql/identifier';
import type { Statement } from '../sql/statement';
import { asKind, stringOf } from '../sql/tree';
import type { ReverseNotes } from './reverse-step';

const writing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'TruncateStmt', 'CopyStmt', 'MergeStmt']);

/**
 * What takes back what a statement did to rows: a DELETE for an INSERT of constants into a table of `catalog`. For every
 * other write null and a note that says what stays as it is. `searchPath` tells what a name without a schema means.
 */
export function takeRowsBack(
  statement: Statement,
  catalog: Catalog,
  searchPath: readonly string[],
  notes: ReverseNotes,
): string | null {
  const { line } = statement.start;
  if (statement.kind === 'DoStmt' || statement.kind === 'CallStmt') {
    notes.note(t('Line {0} runs code: what it does to rows is not taken back.', line));
    return null;
  }
  if (/\b(?:setval|nextval)\s*\(/i.test(statement.text) && statement.kind === 'SelectStmt') {
    notes.note(t('Line {0} moves a sequence: it stays where it is.', line));
    return null;
  }
  const inQuery =
    statement.kind === 'SelectStmt' && /\b(?:insert|update|delete|merge)\b/i.test(withNode(statement));
  if (!writing.has(statement.kind) && !inQuery) return null;
  const written = inQuery ? null : insertedRows(statement, catalog, searchPath, notes);
  if (written) return written;
  notes.note(t('Line {0} changes rows; what they held before is not known, so they stay as they are.', line));
  return null;
}

/** The text of a query that begins with WITH, which may write. */
function withNode({ node, text }: Statement): string {
  return asKind(node, 'SelectStmt')?.withClause ? text : '';
}

/** `DELETE FROM t WHERE (...) OR (...)` for an INSERT that names its columns and writes constants into all of them. */
function insertedRows(
  statement: Statement,
  catalog: Catalog,
  searchPath: readonly string[],
  notes: ReverseNotes,
): string | null {
  const insert = asKind(statement.node, 'InsertStmt');
  const relation = insert?.relation;
  const rows = asKind(insert?.selectStmt, 'SelectStmt')?.valuesLists;
  if (!insert || !relation?.relname || !rows || insert.onConflictClause || insert.withClause) return null;
  const table = findTable(catalog, searchPath, relation.schemaname, relation.relname);
  if (!table) return null;
  const named = (insert.cols ?? []).map((column) => asKind(column, 'ResTarget')?.name);
  const columns = named.length > 0 ? named : table.object.columnOrder;
  const key = keyOf(table.object);
  const conditions: string[] = [];
  let byKey = true;
  for (const row of rows) {
    const values = (asKind(row, 'List')?.items ?? []).map(constant);
    if (named.length > 0 && values.length !== columns.length) return null;
    const equal = new Map<string, string>();
    values.forEach((value, index) => {
      const name = columns[index] === undefined ? null : formatIdentifier(columns[index]);
      const condition = name === null ? null : equality(name, value, columnType(table.object, name));
      if (name !== null && condition !== null) equal.set(name, condition);
    });
    const keyed = key.length > 0 && key.every((column) => equal.has(column));
    byKey &&= keyed;
    const wanted = keyed ? key.map((column) => equal.get(column)!) : [...equal.values()];
    if (wanted.length === 0) return null;
    conditions.push(wanted.join(' AND '));
  }
  if (!byKey)
    notes.note(
      t(
        'Rows of {0} that hold the same values as those of line {1} go with them.',
        table.name,
        statement.start.line,
      ),
    );
  const where =
    conditions.length === 1 ? conditions[0]! : conditions.map((each) => `(${each})`).join('\n   OR ');
  return `DELETE FROM ${table.name}\n WHERE ${where}`;
}

interface FoundTable {
  /** Qualified, as SQL writes it. */
  name: string;
  object: CatalogObject;
}

function findTable(
  { objects }: Catalog,
  searchPath: readonly string[],
  schema: string | undefined,
  relation: string,
): FoundTable | null {
  for (const each of schema === undefined ? searchPath : [schema]) {
    const name = `${formatIdentifier(each)}.${formatIdentifier(relation)}`;
    const object = objects[`table ${name}`];
    if (object) return { name, object };
  }
  return null;
}

/** The columns of the primary key, as SQL writes them. */
function keyOf({ parts }: CatalogObject): string[] {
  for (const { definition } of Object.values(parts)) {
    const list = /^PRIMARY KEY \(([^()]*)\)/.exec(definition ?? '')?.[1];
    if (list !== undefined) return list.split(', ');
  }
  return [];
}

function columnType({ parts }: CatalogObject, column: string): string | null {
  return parts[`column ${column}`]?.['type'] ?? null;
}

/** Have no equality, or one that is not that of their values. */
const withoutEquality = /^(?:json|xml|point|polygon|box|path|line|lseg|circle)(?:\[\])*$/;

/** Of these a constant is changed as it is stored: rounded, cut or filled up. */
const changedAsStored = /^(?:real|numeric\(|time|interval|character(?! varying)|bit)/;

function equality(column: string, value: string | null, type: string | null): string | null {
  if (value === null || type === null || withoutEquality.test(type)) return null;
  if (value === 'NULL') return `${column} IS NULL`;
  return `${column} = ${value}${changedAsStored.test(type) ? `::${type}` : ''}`;
}

/** A constant as SQL; null for what is only known as it runs. */
function constant(node: Node): string | null {
  const cast = asKind(node, 'TypeCast');
  if (cast) {
    const type = (cast.typeName?.names ?? []).map(stringOf).at(-1) ?? '';
    // What `now` and the like mean is only known as it runs; others are cast by their column.
    const inner = constant(cast.arg!);
    return inner === null || /^reg/.test(type) ? null : inner;
  }
  const value = asKind(node, 'A_Const');
  if (!value) return null;
  if (value.isnull) return 'NULL';
  if (value.sval) return moment.test(value.sval.sval ?? '') ? null : quoteLiteral(value.sval.sval ?? '');
  if (value.ival) return String(value.ival.ival ?? 0);
  if (value.fval) return value.fval.fval ?? null;
  if (value.boolval) return value.boolval.boolval ? 'true' : 'false';
  return null;
}

/** https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES */
const moment = /^\s*(?:now|today|tomorrow|yesterday)\s*$/i;
