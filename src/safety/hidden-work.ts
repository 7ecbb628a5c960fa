import type { RoutineBody, Statement } from '../sql/statement';
import { strings, walkTree, type NodeKind } from '../sql/tree';
import { steadyFunctions, volatileFunctions } from './built-in-functions';

/** Statements whose work stands in another place: a procedure, a statement prepared before. */
const indirect: ReadonlySet<string> = new Set<NodeKind>(['CallStmt', 'ExecuteStmt']);
/** Statements that run the functions they name; others only store the name, or are forecast with it. */
const running: ReadonlySet<string> = new Set<NodeKind>([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);
/** Those of PostgreSQL that stand in no DEFAULT. */
const aggregates: ReadonlySet<string> = new Set(
  'array_agg avg bool_and bool_or count every json_agg jsonb_agg max min string_agg sum'.split(' '),
);

/** Whether the statement runs code that no forecast looks into, so that it never counts as quick. */
export function hidesWork(statement: Statement): boolean {
  if (indirect.has(statement.kind)) return true;
  if (statement.kind === 'DoStmt') return !statement.body || bodyHidesWork(statement.body);
  return running.has(statement.kind) && functionsNotSeen(statement.node).length > 0;
}

/** A block is open when all of it was understood: what it composes when it runs, and what it calls, is not. */
function bodyHidesWork({ parts, problems }: RoutineBody): boolean {
  if (problems.length > 0) return true;
  return parts.some(({ statement, dynamic }) => dynamic === 'composed' || hidesWork(statement));
}

/** The functions below this node that are not known to be PostgreSQL's own, as written. */
export function functionsNotSeen(node: object): string[] {
  const found = new Set<string>();
  walkTree(node, (kind, fields) => {
    if (kind !== 'FuncCall') return;
    const parts = strings(fields['funcname'] as Parameters<typeof strings>[0]);
    if (!isBuiltIn(parts)) found.add(parts.join('.'));
  });
  return [...found];
}

function isBuiltIn(parts: readonly string[]): boolean {
  const name = parts.at(-1) ?? '';
  if (parts.length > 1) return parts[0] === 'pg_catalog';
  return steadyFunctions.has(name) || volatileFunctions.has(name) || aggregates.has(name);
}
