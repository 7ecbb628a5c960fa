import type { Node } from '@pgsql/types';
import { asKind, stringOf, strings } from '../../sql/tree';
import type { KnownRelation } from '../known-schema';

/** Whether a condition holds for every row: a constant, or a column compared with itself or NULL that cannot be NULL. */
export function isAlwaysTrue(condition: Node | undefined, relation: KnownRelation | undefined): boolean {
  return truth(condition, relation) === true;
}

/** true or false where it is that for every row; null where it depends on the row. */
function truth(node: Node | undefined, relation: KnownRelation | undefined): boolean | null {
  const constant = asKind(asKind(node, 'TypeCast')?.arg ?? node, 'A_Const');
  if (constant?.boolval) return constant.boolval.boolval ?? false;
  // `true` of older notations: 't'::boolean.
  if (asKind(node, 'TypeCast') && constant?.sval) return /^(t|true)$/.test(constant.sval.sval ?? '') || null;
  const combined = asKind(node, 'BoolExpr');
  if (combined) {
    const parts = (combined.args ?? []).map((each) => truth(each, relation));
    if (combined.boolop === 'NOT_EXPR') return parts[0] === null || parts[0] === undefined ? null : !parts[0];
    if (combined.boolop === 'OR_EXPR')
      return parts.includes(true) ? true : parts.every((each) => each === false) ? false : null;
    return parts.includes(false) ? false : parts.every((each) => each === true) ? true : null;
  }
  const test = asKind(node, 'NullTest');
  if (test) {
    if (!isNeverNull(test.arg, relation)) return null;
    return test.nulltesttype === 'IS_NOT_NULL';
  }
  const comparison = asKind(node, 'A_Expr');
  return comparison?.kind === 'AEXPR_OP' ? compared(comparison, relation) : null;
}

function compared(
  { name, lexpr, rexpr }: { name?: Node[]; lexpr?: Node; rexpr?: Node },
  relation: KnownRelation | undefined,
): boolean | null {
  const operator = stringOf(name?.[0]);
  const isEquality = ['=', '<=', '>='].includes(operator);
  const [left, right] = [constantOf(lexpr), constantOf(rexpr)];
  if (left !== null && right !== null && typeof left === typeof right) {
    if (left === right) return isEquality ? true : ['<>', '<', '>'].includes(operator) ? false : null;
    if (operator === '<>') return true;
    if (operator === '=') return false;
    if (typeof left !== 'number') return null;
    const order = left < (right as number) ? ['<', '<='] : ['>', '>='];
    return ['<', '<=', '>', '>='].includes(operator) ? order.includes(operator) : null;
  }
  const column = columnOf(lexpr);
  const same = column !== null && column === columnOf(rexpr) && isNeverNull(lexpr, relation);
  return same && isEquality ? true : null;
}

function constantOf(node: Node | undefined): number | string | null {
  const constant = asKind(node, 'A_Const');
  // The parser leaves zeros out.
  if (constant?.ival) return constant.ival.ival ?? 0;
  return constant?.sval?.sval ?? null;
}

function columnOf(node: Node | undefined): string | null {
  const fields = asKind(node, 'ColumnRef')?.fields;
  return fields ? strings(fields).join('.') : null;
}

function isNeverNull(node: Node | undefined, relation: KnownRelation | undefined): boolean {
  const name = columnOf(node)?.split('.').at(-1);
  return relation?.columns.some((column) => column.name === name && column.notNull) ?? false;
}
