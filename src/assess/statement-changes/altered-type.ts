import type { Node } from '@pgsql/types';
import { columnType } from '../../safety/column-type';
import type { KnownSchema } from '../../safety/known-schema';
import { hasComment, inParentheses, textAfter } from '../../sql/clause-text';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { SingleChange } from '../change';
import { existingTable } from './existing-table';

/** ADD and RENAME VALUE of an enum, ADD and DROP CONSTRAINT of a domain; null for all else, and for a type of no column that is known. */
export function alteredType({ node, text }: Statement, schema: KnownSchema): SingleChange | null {
  const value = asKind(node, 'AlterEnumStmt');
  if (value) {
    const { newVal, newValNeighbor: neighbor = null, newValIsAfter, oldVal, skipIfNewValExists } = value;
    const place = columnOfType(value.typeName, schema);
    if (!place || newVal === undefined || skipIfNewValExists) return null;
    if (oldVal !== undefined)
      return { kind: 'rename-enum-value', ...place, value: oldVal, to: newVal, atOnce: false };
    const [before, after] = newValIsAfter ? [null, neighbor] : [neighbor, null];
    return { kind: 'add-enum-value', ...place, value: newVal, before, after };
  }
  const domain = asKind(node, 'AlterDomainStmt');
  const place = domain && columnOfType(domain.typeName, schema);
  if (!place) return null;
  if (domain.subtype === 'X') {
    if (domain.missing_ok || domain.behavior === 'DROP_CASCADE' || domain.name === undefined) return null;
    return { kind: 'drop-domain-check', ...place, name: domain.name };
  }
  const constraint = asKind(domain.def, 'Constraint');
  if (domain.subtype !== 'C' || constraint?.contype !== 'CONSTR_CHECK' || constraint.skip_validation)
    return null;
  const expression = inParentheses(textAfter(text, ['check']) ?? '')?.trim();
  if (expression === undefined || hasComment(expression)) return null;
  return { kind: 'add-domain-check', ...place, expression, name: constraint.conname ?? null };
}

/** The first column of that type itself, by the name of its table. */
function columnOfType(
  names: Node[] | undefined,
  schema: KnownSchema,
): { table: QualifiedName; column: string } | null {
  const type = columnType(schema, { names: names ?? [] }).name;
  const tables = [...schema.relations.values()].sort((one, other) =>
    formatQualifiedName(one) < formatQualifiedName(other) ? -1 : 1,
  );
  for (const { schema: schemaname, name: relname, columns } of tables) {
    const table = existingTable({ schemaname, relname }, schema);
    const column = columns.find((each) => each.type.name === type && !each.type.array);
    if (table && column) return { table, column: column.name };
  }
  return null;
}
