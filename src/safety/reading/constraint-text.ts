import type { Constraint } from '@pgsql/types';
import { tokens } from '../../sql/tokens';
import type { Statement } from '../../sql/statement';
import { kindOfConstraint } from '../known-constraint';
import type { KnownConstraint } from '../known-schema';

/**
 * Where a constraint stands in the script, from CONSTRAINT (or its first word) to its last word.
 */
export function constraintPlace(
  sql: string,
  statement: Statement,
  constraint: Constraint,
): { start: number; end: number } {
  const start = constraint.location ?? statement.start.offset;
  return { start, end: listItemEnd(sql, start, statement.end.offset) };
}

/** Where the part of a list that `from` is in ends: before the next comma or bracket outside of brackets. */
export function listItemEnd(sql: string, from: number, limit: number): number {
  let depth = 0;
  let end = from;
  for (const token of tokens(sql.slice(0, limit), from)) {
    if (depth === 0 && token.kind === 'sign' && /^[,);]$/.test(token.text)) break;
    if (token.kind === 'sign' && /^[([]$/.test(token.text)) depth += 1;
    if (token.kind === 'sign' && /^[)\]]$/.test(token.text)) depth -= 1;
    end = token.end;
  }
  return end;
}

/** The kind of a constraint that is written as one of the table's; null for NOT NULL, defaults and the like. */
export function constraintKind(constraint: Constraint): KnownConstraint['kind'] | null {
  const kind = kindOfConstraint(constraint);
  return kind === 'not-null' ? null : kind;
}
