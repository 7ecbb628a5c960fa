import type { SqlParser } from '../sql/parser';
import { asKind } from '../sql/tree';

export interface PartitionBound {
  modulus?: number;
  remainder?: number;
  listdatums?: unknown[];
  lowerdatums?: unknown[];
  upperdatums?: unknown[];
}

/** The bound of one partition, `FOR VALUES ...`; null for DEFAULT and for what is none. */
export function parsedBound(parser: SqlParser, bound: string): PartitionBound | null {
  const { statements, comments } = parser.parse(`ALTER TABLE x ATTACH PARTITION y ${bound}`);
  const command = asKind(asKind(statements[0]?.node, 'AlterTableStmt')?.cmds?.[0], 'AlterTableCmd');
  const spec = asKind(command?.def, 'PartitionCmd')?.bound;
  if (statements.length !== 1 || comments.length > 0 || !spec || spec.is_default === true) return null;
  return spec;
}

/** The elements of each list in parentheses. */
export function parenthesized(text: string): string[][] {
  const lists: string[][] = [];
  let depth = 0;
  for (const [piece] of text.matchAll(/[eE]'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[^]/g)) {
    if (piece === '(' && depth === 0) lists.push(['']);
    else if (depth === 1 && piece === ',') lists.at(-1)!.push('');
    else if (depth > 0 && !(depth === 1 && piece === ')')) lists.at(-1)![lists.at(-1)!.length - 1] += piece;
    if (piece === '(' || piece === '[') depth += 1;
    if (piece === ')' || piece === ']') depth -= 1;
  }
  return lists.map((list) => list.map((element) => element.trim()));
}
