import type { ColumnDef, Constraint } from '@pgsql/types';
import { tokens } from '../../sql/tokens';
import { asKind } from '../../sql/tree';
import type { ScriptEdit } from '../fix-proposal';
import type { Place } from './command-places';

/** The constraints a column definition writes out, its default among them. */
export function inlineConstraints(definition: ColumnDef | null): Constraint[] {
  return (definition?.constraints ?? [])
    .map((node) => asKind(node, 'Constraint'))
    .filter((constraint) => constraint !== null);
}

/** The first inline constraint of one kind; null where there is none. */
export function inlineConstraint(
  definition: ColumnDef | null,
  kind: Constraint['contype'],
): Constraint | null {
  return inlineConstraints(definition).find((constraint) => constraint.contype === kind) ?? null;
}

/** Where an inline constraint stands, its name included; `end` is where the column definition ends. Null where that is not clear. */
export function inlineConstraintPlace(
  sql: string,
  definition: ColumnDef,
  constraint: Constraint,
  end: number,
): Place | null {
  const start = constraint.location;
  if (start === undefined) return null;
  const starts = [
    ...inlineConstraints(definition).map((each) => each.location),
    definition.collClause?.location,
  ];
  const next = Math.min(end, ...starts.filter((each) => each !== undefined && each > start).map(Number));
  return { start, end: lastTokenEnd(sql, start, next) };
}

/** Takes a part of a column definition out, with the blanks before it. */
export function removal(sql: string, place: Place): ScriptEdit {
  const before = /\s*$/.exec(sql.slice(0, place.start))![0].length;
  return { start: place.start - before, end: place.end, newText: '' };
}

/**
 * Where a column definition's type stands, without COLLATE, constraints and USING. `end` is where the definition ends,
 * or a later place. Null where that is not clear.
 */
export function typePlace(sql: string, definition: ColumnDef, end: number): Place | null {
  const start = definition.typeName?.location;
  if (start === undefined) return null;
  const starts = [
    ...inlineConstraints(definition).map((each) => each.location),
    definition.collClause?.location,
  ];
  const next = Math.min(end, ...starts.filter((each) => each !== undefined && each > start).map(Number));
  let depth = 0;
  let last = start;
  for (const token of tokens(sql.slice(start, next))) {
    if (token.kind === 'word' && /^(using|storage|compression|options)$/i.test(token.text)) break;
    if (depth === 0 && token.kind === 'sign' && /^[,;)]$/.test(token.text)) break;
    if (token.kind === 'sign' && '(['.includes(token.text)) depth += 1;
    if (token.kind === 'sign' && ')]'.includes(token.text)) depth -= 1;
    last = start + token.end;
  }
  return { start, end: last };
}

function lastTokenEnd(sql: string, start: number, end: number): number {
  let last = start;
  for (const token of tokens(sql.slice(start, end))) last = start + token.end;
  return last;
}
