import type { PlPgSqlFunction } from './parser';

/** One SQL text of a PL/pgSQL tree. */
export interface PlPgSqlItem {
  /** As the compiler keeps it: INTO is blanked, PERFORM is SELECT. */
  query: string;
  /** What makes a statement of it, put before its text from `from` on. */
  prefix: string;
  from: number;
  /** The line its statement starts on, from 1, in the body. */
  line: number;
  kind: 'statement' | 'perform' | 'expression';
  into: boolean;
  /** A text that EXECUTE runs. */
  dynamic: boolean;
  conditional: boolean;
}

/** Deeper bodies are not read: people write no such thing, and it would use up the stack. */
const maximumDepth = 300;
/** Fields whose contents run only sometimes, or again and again. */
const conditionalFields = new Set([
  'then_body',
  'elsif_list',
  'else_body',
  'case_when_list',
  'else_stmts',
  'exceptions',
]);
const loops = /^PLpgSQL_stmt_(?:loop|while|fori|fors|forc|foreach_a|dynfors)$/;
/** `query` of these is a text that is run; `query` of others is run itself. */
const executing = /^PLpgSQL_stmt_(?:dynexecute|dynfors)$/;

/** The SQL of a compiled body, in the order of the tree, and whether it commits or rolls back. */
export function plPgSqlItems(trees: readonly PlPgSqlFunction[]): {
  items: PlPgSqlItem[];
  commits: boolean;
  tooDeep: boolean;
} {
  const items: PlPgSqlItem[] = [];
  let commits = false;
  let tooDeep = false;
  const visit = (value: unknown, at: Surroundings): void => {
    if (typeof value !== 'object' || value === null) return;
    if (at.depth > maximumDepth) {
      tooDeep = true;
      return;
    }
    if (Array.isArray(value)) {
      for (const each of value) visit(each, at);
      return;
    }
    for (const [kind, fields] of Object.entries(value as Record<string, unknown>)) {
      if (kind === 'PLpgSQL_expr') {
        const item = itemOf(fields as Expression, at);
        if (item) items.push(item);
      } else if (kind.startsWith('PLpgSQL_') && typeof fields === 'object' && fields !== null) {
        if (kind === 'PLpgSQL_stmt_commit' || kind === 'PLpgSQL_stmt_rollback') commits = true;
        visitFields(kind, fields as Record<string, unknown>, at);
      }
    }
  };
  const visitFields = (kind: string, fields: Record<string, unknown>, at: Surroundings): void => {
    const line = typeof fields['lineno'] === 'number' && fields['lineno'] > 0 ? fields['lineno'] : at.line;
    // The record a loop fills is named again in it, with the line it was declared on.
    for (const [field, value] of Object.entries(fields)) {
      if (field === 'target' || field === 'var' || typeof value !== 'object') continue;
      visit(value, {
        statement: kind,
        field,
        line,
        into: fields['into'] === true,
        depth: at.depth + 1,
        conditional: at.conditional || conditionalFields.has(field) || (field === 'body' && loops.test(kind)),
      });
    }
  };
  for (const tree of trees) {
    visit(tree, { statement: '', field: '', line: 1, into: false, depth: 0, conditional: false });
  }
  return { items, commits, tooDeep };
}

interface Surroundings {
  /** The node around, and its field. */
  statement: string;
  field: string;
  line: number;
  into: boolean;
  depth: number;
  conditional: boolean;
}

interface Expression {
  query?: string;
  parseMode?: number;
}

function itemOf({ query = '', parseMode = 0 }: Expression, at: Surroundings): PlPgSqlItem | null {
  const { line, into, conditional } = at;
  const common = { query, line, into, conditional, prefix: '', from: 0 };
  const dynamic = at.field === 'dynquery' || (at.field === 'query' && executing.test(at.statement));
  if (dynamic) return { ...common, prefix: 'SELECT ', kind: 'expression', dynamic };
  if (at.statement === 'PLpgSQL_stmt_perform') return { ...common, kind: 'perform', dynamic };
  if (parseMode === 0) return { ...common, kind: 'statement', dynamic };
  // Only calls and queries lock or change anything.
  if (!/\(|\bselect\b/i.test(query)) return null;
  const from = parseMode >= 3 ? assignedFrom(query) : 0;
  return { ...common, prefix: 'SELECT ', from, kind: 'expression', dynamic };
}

/** An assignment is kept with its target: `n := n + 1`. */
function assignedFrom(query: string): number {
  const sign = /:?=/.exec(query);
  return sign ? sign.index + sign[0].length : 0;
}
