import type { RoutineBody, Statement } from '../../sql/statement';
import { asKind, strings, walkTree } from '../../sql/tree';
import { dottedKey, type KnownRoutine, type KnownSchema } from '../known-schema';

/** One body a statement runs: that of a DO block, or of a routine it calls. */
export interface RoutineRun {
  /** The routine's key; null for the block itself. */
  routine: string | null;
  body: RoutineBody;
  /** What SET search_path in the routine's definition says; null where it runs with its caller's. */
  searchPath: string[] | null;
}

/** Statements that run the functions they name; others only store the name, or are forecast with it. */
const running: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CallStmt',
]);

/** The bodies a statement runs, as far as they are known, in the order it names them. */
export function routineRuns(schema: KnownSchema, statement: Statement): RoutineRun[] {
  if (statement.kind === 'DoStmt') {
    return statement.body ? [{ routine: null, body: statement.body, searchPath: null }] : [];
  }
  if (schema.routines.size === 0 || !running.has(statement.kind)) return [];
  const runs = new Map<KnownRoutine, RoutineRun>();
  walkTree(callNode(statement), (kind, fields) => {
    if (kind !== 'FuncCall') return;
    const call = fields as { funcname?: Parameters<typeof strings>[0]; args?: unknown[] };
    for (const { key, routine } of routinesCalled(schema, strings(call.funcname), call.args?.length ?? 0)) {
      const { body } = routine.made;
      if (body) runs.set(routine, { routine: key, body, searchPath: routine.searchPath });
    }
  });
  return [...runs.values()];
}

/** Whether all that a call by this name could run is known and understood. */
export function isUnderstood(schema: KnownSchema, name: string): boolean {
  const routines = routinesCalled(schema, name.split('.'), null);
  return routines.length > 0 && routines.every(({ routine }) => routine.made.body);
}

function routinesCalled(
  schema: KnownSchema,
  name: readonly string[],
  count: number | null,
): { key: string; routine: KnownRoutine }[] {
  const key = dottedKey(schema, name, schema.routines);
  const all = schema.routines.get(key) ?? [];
  const fitting = all.filter(({ least, most }) => count === null || (least <= count && count <= most));
  // With other arguments than are known, any of them may be meant.
  return (fitting.length > 0 ? fitting : all).map((routine) => ({ key, routine }));
}

/** The call of a CALL statement is a field of a fixed type, no node of its own. */
function callNode(statement: Statement): unknown {
  const call = asKind(statement.node, 'CallStmt');
  return call ? { FuncCall: call.funccall } : statement.node;
}
