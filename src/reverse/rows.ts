import type { Node } from '@pgsql/types';
import { t } from '../messages/translate';
import { formatIdentifier, quoteLiteral } from '../sql/identifier';
import type { Statement } from '../sql/statement';
import { asKind, stringOf } from '../sql/tree';
import type { ReverseNotes } from './reverse-step';

const writing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'TruncateStmt', 'CopyStmt', 'MergeStmt']);

/**
 * What takes back what a statement did to rows: a DELETE for an INSERT of constants. For every other write null and a note
 * that says what stays as it is.
 */
export function takeRowsBack(statement: Statement, notes: ReverseNotes): string | null {
  if (!writing.has(statement.kind)) return null;
  const written = insertedRows(statement);
  if (written) return written;
  notes.note(
    t(
      'Line {0} changes rows; what they held before is not known, so they stay as they are.',
      statement.start.line,
    ),
  );
  return null;
}

/** `DELETE FROM t WHERE (...) OR (...)` for an INSERT that names its columns and writes constants into all of them. */
function insertedRows(statement: Statement): string | null {
  const insert = asKind(statement.node, 'InsertStmt');
  const relation = insert?.relation;
  const rows = asKind(insert?.selectStmt, 'SelectStmt')?.valuesLists;
  const columns = (insert?.cols ?? []).map((column) => asKind(column, 'ResTarget')?.name);
  if (!insert || !relation?.relname || !rows || columns.length === 0 || insert.onConflictClause) return null;
  if (insert.withClause || columns.some((column) => column === undefined)) return null;
  const conditions: string[] = [];
  for (const row of rows) {
    const values = (asKind(row, 'List')?.items ?? []).map(constant);
    if (values.length !== columns.length || values.every((value) => value === null)) return null;
    const equal = values.flatMap((value, index) =>
      value === null
        ? []
        : [
            value === 'NULL'
              ? `${formatIdentifier(columns[index]!)} IS NULL`
              : `${formatIdentifier(columns[index]!)} = ${value}`,
          ],
    );
    conditions.push(equal.join(' AND '));
  }
  const schema = relation.schemaname ? `${formatIdentifier(relation.schemaname)}.` : '';
  const where =
    conditions.length === 1 ? conditions[0]! : conditions.map((each) => `(${each})`).join('\n   OR ');
  return `DELETE FROM ${schema}${formatIdentifier(relation.relname)}\n WHERE ${where}`;
}

/** A constant as SQL; null for what is only known as it runs, and for types without an equality. */
function constant(node: Node): string | null {
  const cast = asKind(node, 'TypeCast');
  if (cast) {
    const type = (cast.typeName?.names ?? []).map(stringOf);
    return type.some((name) => name === 'json' || name === 'xml') ? null : constant(cast.arg!);
  }
  const value = asKind(node, 'A_Const');
  if (!value) return null;
  if (value.isnull) return 'NULL';
  if (value.sval) return quoteLiteral(value.sval.sval ?? '');
  if (value.ival) return String(value.ival.ival ?? 0);
  if (value.fval) return value.fval.fval ?? null;
  if (value.boolval) return value.boolval.boolval ? 'true' : 'false';
  return null;
}
