import type { Node, PartitionBoundSpec } from '@pgsql/types';
import { asKind, kindOf, stringOf } from '../sql/tree';
import { columnName, provesNotNull, validatedConjuncts } from './known-constraint';
import type { KnownRelation } from './known-schema';

/**
 * Whether validated CHECKs of a table prove that all its rows fit a partition bound, so that ATTACH
 * need not read it: https://www.postgresql.org/docs/current/sql-altertable.html (ATTACH PARTITION).
 * Understands single-column RANGE and LIST bounds of constants; false for everything else.
 */
export function provesBound(
  child: KnownRelation,
  key: readonly string[] | null,
  bound: PartitionBoundSpec,
): boolean {
  const column = key?.length === 1 ? key[0]! : null;
  if (!column || bound.is_default) return false;
  const conjuncts = comparedConjuncts(child, column);
  if (bound.strategy === 'r') {
    const low = constantOf(bound.lowerdatums?.[0]);
    const high = constantOf(bound.upperdatums?.[0]);
    return (
      provesNotNull(child, column) &&
      (low === 'unbounded' || conjuncts.some((node) => comparesAtLeast(node, column, low))) &&
      (high === 'unbounded' || conjuncts.some((node) => comparesBelow(node, column, high)))
    );
  }
  if (bound.strategy === 'l') {
    const allowed = (bound.listdatums ?? []).map(constantOf);
    const nullsAllowed = allowed.includes('null');
    const within = conjuncts.some((node) => isListedIn(node, column, allowed));
    return within && (nullsAllowed || provesNotNull(child, column));
  }
  return false;
}

/**
 * Whether validated CHECKs of a default partition prove that none of its rows belongs to a new partition, so that they
 * need not be read (check_default_partition_contents). A condition that NULL passes leaves out no NULL of a list.
 */
export function provesOutside(
  other: KnownRelation,
  key: readonly string[] | null,
  bound: PartitionBoundSpec,
): boolean {
  const column = key?.length === 1 ? key[0]! : null;
  if (!column || bound.is_default || !['r', 'l'].includes(bound.strategy ?? '')) return false;
  const range = { low: constantOf(bound.lowerdatums?.[0]), high: constantOf(bound.upperdatums?.[0]) };
  const listed = bound.strategy === 'l' ? (bound.listdatums ?? []).map(constantOf) : null;
  if (listed?.includes('null') && !provesNotNull(other, column)) return false;
  const type = other.columns.find((each) => each.name === column)?.type;
  // Of other types one value has several spellings.
  const compared = type !== undefined && !type.array && plainlySpelled.test(type.name) ? type.name : null;
  const constants = listed && { values: listed, compared };
  return comparedConjuncts(other, column).some((node) => isOutside(node, column, constants ?? range, false));
}

/** The conditions of a table. A database writes those of a varchar column with the column as text. */
function comparedConjuncts(relation: KnownRelation, column: string): Node[] {
  const type = relation.columns.find((each) => each.name === column)?.type;
  const conjuncts = validatedConjuncts(relation);
  return type?.name === 'varchar' && !type.array
    ? conjuncts.map((node) => withoutTextCasts(node) as Node)
    : conjuncts;
}

function withoutTextCasts(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutTextCasts);
  if (part === null || typeof part !== 'object') return part;
  const cast = asKind(part as Node, 'TypeCast');
  const isText = stringOf(cast?.typeName?.names?.at(-1)) === 'text';
  if (isText && columnName(cast?.arg) !== null) return cast?.arg;
  return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, withoutTextCasts(each)]));
}

const plainlySpelled = /^(text|varchar|int2|int4|int8|numeric)$/;

/** Listed constants, and the type by which they can be told from others; null where they cannot. */
interface Listed {
  values: (string | null)[];
  compared: string | null;
}

type Bound = Listed | { low: string | null; high: string | null };

/** Whether a condition, or its negation, holds for no row of the bound. */
function isOutside(node: Node, column: string, bound: Bound, negated: boolean): boolean {
  const logic = asKind(node, 'BoolExpr');
  if (logic) {
    const parts = logic.args ?? [];
    if (logic.boolop === 'NOT_EXPR') return isOutside(parts[0]!, column, bound, !negated);
    const isOutsidePart = (part: Node): boolean => isOutside(part, column, bound, negated);
    return (logic.boolop === 'AND_EXPR') === negated ? parts.every(isOutsidePart) : parts.some(isOutsidePart);
  }
  const isNull = asKind(node, 'NullTest');
  if (isNull) {
    const asksNull = (isNull.nulltesttype === 'IS_NULL') !== negated;
    return (
      columnName(isNull.arg) === column && asksNull && !('values' in bound && bound.values.includes('null'))
    );
  }
  return 'values' in bound
    ? isUnlisted(node, column, bound, negated)
    : isBeyond(node, column, bound, negated);
}

const opposites: Record<string, string> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '=': '<>',
  '<>': '=',
};

function isBeyond(
  node: Node,
  column: string,
  { low, high }: { low: string | null; high: string | null },
  negated: boolean,
): boolean {
  const found = comparison(node, column);
  if (!found) return false;
  const { value } = found;
  const operator = negated ? opposites[found.operator] : found.operator;
  const below = low !== null && low !== 'unbounded' && compareNumbers(value, low) < 0;
  const above = high !== null && high !== 'unbounded' && (value === high || compareNumbers(value, high) > 0);
  switch (operator) {
    case '<':
      return below || value === low;
    case '<=':
      return below;
    case '>':
    case '>=':
      return above;
    case '=':
      return below || above;
    default:
      return false;
  }
}

/** A condition that leaves out all listed values. */
function isUnlisted(node: Node, column: string, bound: Listed, negated: boolean): boolean {
  const listed = bound.values;
  const single = comparison(node, column);
  if (single) {
    const operator = negated ? opposites[single.operator] : single.operator;
    if (operator === '=') return areOthers(bound, [single.value]);
    return operator === '<>' && listed.every((value) => value === single.value || value === 'null');
  }
  const list = listOf(node, column);
  if (!list) return false;
  const { items } = list;
  const leavesOut = list.operator === '<>' ? !negated : negated;
  if (!leavesOut) return areOthers(bound, items);
  return leavesOut && listed.every((value) => value === 'null' || items.includes(value));
}

/** Whether no listed value is one of these, so that a row with one of these is in none of the listed. */
function areOthers({ values, compared }: Listed, items: (string | null)[]): boolean {
  if (compared === null) return false;
  const isText = compared === 'text' || compared === 'varchar';
  const differs = (left: string | null, right: string | null): boolean => {
    if (left === null || right === null || right === 'null') return false;
    if (left === 'null') return true;
    return isText ? left !== right : Math.abs(compareNumbers(left, right)) > 0;
  };
  return values.every((value) => items.every((item) => differs(value, item)));
}

/** A constant as comparable text; `unbounded` for MINVALUE and MAXVALUE; null for what is no constant. */
function constantOf(node: Node | undefined): string | null {
  const datum = asKind(node, 'PartitionRangeDatum');
  if (datum && datum.kind !== 'PARTITION_RANGE_DATUM_VALUE') return 'unbounded';
  const reference = asKind(node, 'ColumnRef')?.fields;
  if (reference?.length === 1 && /^(minvalue|maxvalue)$/i.test(stringOf(reference[0]))) return 'unbounded';
  let value: Node | undefined = datum ? datum.value : node;
  while (value && kindOf(value) === 'TypeCast') value = asKind(value, 'TypeCast')?.arg;
  const constant = asKind(value, 'A_Const');
  if (!constant) return null;
  if (constant.isnull) return 'null';
  return String(
    constant.ival
      ? (constant.ival.ival ?? 0)
      : (constant.fval?.fval ?? constant.sval?.sval ?? constant.boolval?.boolval),
  );
}

function comparison(node: Node, column: string): { operator: string; value: string } | null {
  const expression = asKind(node, 'A_Expr');
  if (expression?.kind !== 'AEXPR_OP') return null;
  const operator = stringOf(expression.name?.at(-1));
  const right = constantOf(expression.rexpr);
  if (columnName(expression.lexpr) === column && right !== null) return { operator, value: right };
  const left = constantOf(expression.lexpr);
  const flipped: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' };
  if (columnName(expression.rexpr) === column && left !== null && flipped[operator]) {
    return { operator: flipped[operator], value: left };
  }
  return null;
}

function comparesAtLeast(node: Node, column: string, low: string | null): boolean {
  const found = comparison(node, column);
  if (!found || low === null || !['>', '>=', '='].includes(found.operator)) return false;
  return found.value === low || compareNumbers(found.value, low) > 0;
}

function comparesBelow(node: Node, column: string, high: string | null): boolean {
  const found = comparison(node, column);
  if (!found || high === null) return false;
  if (found.operator === '<') return found.value === high || compareNumbers(found.value, high) < 0;
  return ['<=', '='].includes(found.operator) && compareNumbers(found.value, high) < 0;
}

/** Negative, zero or positive; NaN, which is none of them, for what are not two numbers. */
function compareNumbers(left: string, right: string): number {
  return Number(left) - Number(right);
}

function isListedIn(node: Node, column: string, allowed: (string | null)[]): boolean {
  const single = comparison(node, column);
  if (single?.operator === '=') return allowed.includes(single.value);
  const list = listOf(node, column);
  return list?.operator === '=' && list.items.every((item) => allowed.includes(item ?? ''));
}

/** IN and NOT IN, also as a database writes them: = ANY and <> ALL of an array. */
function listOf(node: Node, column: string): { operator: string; items: (string | null)[] } | null {
  const expression = asKind(node, 'A_Expr');
  if (!expression || columnName(expression.lexpr) !== column) return null;
  const operator = stringOf(expression.name?.at(-1));
  const arrays: Record<string, string> = { '=': 'AEXPR_OP_ANY', '<>': 'AEXPR_OP_ALL' };
  if (expression.kind !== 'AEXPR_IN' && expression.kind !== arrays[operator]) return null;
  let list: Node | undefined = expression.rexpr;
  while (list && kindOf(list) === 'TypeCast') list = asKind(list, 'TypeCast')?.arg;
  const items = asKind(list, 'List')?.items ?? asKind(list, 'A_ArrayExpr')?.elements;
  return items ? { operator, items: items.map(constantOf) } : null;
}
