import type { Node, PartitionBoundSpec } from '@pgsql/types';
import { relationKey, type KnownSchema } from '../../safety/known-schema';
import { quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind, stringOf } from '../../sql/tree';

/**
 * By relation, the CHECK constraints that a script adds and the bounds of partitions it attaches: rows that break them
 * would make statements fail that succeed on the team's own data. What cannot be told from the text is left out.
 */
export function comingChecks(
  statements: readonly Statement[],
  schema: KnownSchema,
): ReadonlyMap<string, readonly string[]> {
  const checks = new Map<string, string[]>();
  const add = (relation: string, check: string | null): void => {
    if (check !== null) checks.set(relation, [...(checks.get(relation) ?? []), check]);
  };
  for (const statement of statements) {
    const alter = asKind(statement.node, 'AlterTableStmt');
    const key = relationKey(schema, alter?.relation);
    for (const node of alter?.cmds ?? []) {
      const definition = asKind(node, 'AlterTableCmd')?.def;
      const constraint = asKind(definition, 'Constraint');
      if (constraint?.contype === 'CONSTR_CHECK') add(key, checkText(statement, constraint.location ?? 0));
      const partition = asKind(definition, 'PartitionCmd');
      if (partition?.bound && partition.name)
        add(
          relationKey(schema, partition.name),
          boundText(partition.bound, schema.relations.get(key)?.partitionKey),
        );
    }
  }
  return checks;
}

/** What stands between the parentheses of a CHECK that begins at `location` of the parsed text. */
function checkText(statement: Statement, location: number): string | null {
  const text = statement.text.slice(Math.max(0, location - statement.start.offset));
  const begin = /\bcheck\s*\(/i.exec(text);
  if (!begin) return null;
  const from = begin.index + begin[0].length;
  let depth = 1;
  for (const part of text.slice(from).matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (part[0] === '(') depth += 1;
    if (part[0] === ')') depth -= 1;
    if (depth === 0) return text.slice(from, from + part.index);
  }
  return null;
}

function boundText(bound: PartitionBoundSpec, columns: readonly string[] | null | undefined): string | null {
  if (!columns || columns.length !== 1 || bound.is_default) return null;
  const column = quoteIdentifier(columns[0]!);
  if (bound.listdatums) {
    const values = bound.listdatums.map(valueText);
    return values.includes(null) ? null : `${column} in (${values.join(', ')})`;
  }
  const [low, high] = [valueText(bound.lowerdatums?.[0]), valueText(bound.upperdatums?.[0])];
  const sides = [low && `${column} >= ${low}`, high && `${column} < ${high}`].filter(Boolean);
  return sides.length > 0 ? `${column} is not null and ${sides.join(' and ')}` : null;
}

/** A constant as SQL writes it; null for MINVALUE, MAXVALUE and whatever is no constant. */
function valueText(node: Node | undefined): string | null {
  const constant = asKind(asKind(node, 'TypeCast')?.arg ?? node, 'A_Const');
  if (!constant) return null;
  if (constant.sval) return quoteLiteral(constant.sval.sval ?? '');
  if (constant.ival) return String(constant.ival.ival ?? 0);
  return constant.fval?.fval ?? (stringOf(node) || null);
}
