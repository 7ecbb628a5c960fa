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
  const conjuncts = validatedConjuncts(child);
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
  const expression = asKind(node, 'A_Expr');
  if (!expression || columnName(expression.lexpr) !== column) return false;
  if (expression.kind !== 'AEXPR_IN' && expression.kind !== 'AEXPR_OP_ANY') return false;
  if (stringOf(expression.name?.at(-1)) !== '=') return false;
  let list: Node | undefined = expression.rexpr;
  while (list && kindOf(list) === 'TypeCast') list = asKind(list, 'TypeCast')?.arg;
  const items = asKind(list, 'List')?.items ?? asKind(list, 'A_ArrayExpr')?.elements;
  return items !== undefined && items.every((item) => allowed.includes(constantOf(item) ?? ''));
}
