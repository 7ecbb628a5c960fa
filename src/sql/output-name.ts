import type { Node } from '@pgsql/types';
import { asKind, kindOf, stringOf } from './tree';
import { tokens } from './tokens';

/**
 * The name PostgreSQL gives an output column without AS, where it comes from a column reference
 * (FigureColname in parse_target.c); `*` for a star; null for any other expression.
 */
export function outputName(node: Node): string | null {
  const fields = asKind(node, 'ColumnRef')?.fields;
  if (fields) return kindOf(fields.at(-1)) === 'A_Star' ? '*' : stringOf(fields.at(-1));
  const inner = asKind(node, 'TypeCast')?.arg ?? asKind(node, 'CollateClause')?.arg;
  if (inner) return outputName(inner);
  const indirection = asKind(node, 'A_Indirection');
  if (!indirection?.arg) return null;
  if ((indirection.indirection ?? []).some((part) => kindOf(part) === 'A_Star')) return '*';
  const named = (indirection.indirection ?? []).filter((part) => kindOf(part) === 'String').at(-1);
  return named ? stringOf(named) : outputName(indirection.arg);
}

const clauseWords = new Set(
  'from where group having window union intersect except order limit offset fetch for into returning on'.split(
    ' ',
  ),
);

/** Where the expression of a target list that starts at `offset` ends: before its comma, clause or bracket. */
export function endOfTarget(text: string, offset: number): number {
  let depth = 0;
  let end = offset;
  for (const token of tokens(text, offset)) {
    if (depth === 0) {
      if (token.kind === 'sign' && /^[,;)\]]$/.test(token.text)) break;
      if (token.kind === 'word' && clauseWords.has(token.text.toLowerCase())) break;
    }
    if (token.kind === 'sign' && /^[([]$/.test(token.text)) depth += 1;
    if (token.kind === 'sign' && /^[)\]]$/.test(token.text)) depth -= 1;
    end = token.end;
  }
  return end;
}
