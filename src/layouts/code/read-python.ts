import type { EmbeddedSql } from './embedded-sql';
import { sqlOfArgument } from './python-strings';
import { callOf, childrenOf, type PythonNode, type PythonProgram } from './python-tree';

/** Where a function sends SQL: last names of what it calls, the name of their first argument, what is made of its text. */
export interface PythonPlaces {
  calls: readonly string[];
  keywords: readonly string[];
  read?: (sql: string, hasValues: boolean) => string;
}

/** The SQL that a function of the module sends, also in those of the module that it calls; null where there is none. */
export function sqlOfFunction(
  program: PythonProgram,
  name: string,
  places: PythonPlaces,
): EmbeddedSql[] | null {
  const body = functionBody(program, name);
  if (!body) return null;
  const found: EmbeddedSql[] = [];
  collect(program, body, places, new Set([name]), found);
  return found;
}

/** The body of a function of the module; null where there is none of that name. */
export function functionBody(program: PythonProgram, name: string): PythonNode | null {
  const definition = program.names.get(name);
  return definition?.name === 'FunctionDefinition' ? definition.getChild('Body') : null;
}

/** What a body does beside its docstring: nothing, nothing but raise, or something. */
export function bodyDoes(body: PythonNode): 'nothing' | 'raises' | 'something' {
  const statements = childrenOf(body).filter(
    (statement) =>
      statement.name !== ':' &&
      !(statement.name === 'ExpressionStatement' && /String$|^Ellipsis$/.test(statement.firstChild!.name)),
  );
  if (statements.every(({ name }) => name === 'PassStatement')) return 'nothing';
  return statements.every(({ name }) => name === 'RaiseStatement') ? 'raises' : 'something';
}

function collect(
  program: PythonProgram,
  node: PythonNode,
  places: PythonPlaces,
  seen: Set<string>,
  found: EmbeddedSql[],
): void {
  const call = callOf(program.source, node);
  if (call && places.calls.includes(call.name)) {
    const keyword = places.keywords.find((name) => call.named.has(name));
    const argument = call.positional[0] ?? (keyword === undefined ? undefined : call.named.get(keyword));
    const hasValues = call.positional.length > 1 || call.named.has('params');
    const read = places.read && ((sql: string): string => places.read!(sql, hasValues));
    const sql = argument && sqlOfArgument(program, argument, read);
    if (sql) {
      if (!found.some(({ start }) => start === sql.start)) found.push(sql);
      return;
    }
  }
  if (call && program.names.has(call.name) && !seen.has(call.name)) {
    seen.add(call.name);
    const body = functionBody(program, call.name);
    if (body) collect(program, body, places, seen, found);
  }
  for (const child of childrenOf(node)) collect(program, child, places, seen, found);
}

/** Whether a call of this last name is below a node. */
export function hasCall({ source }: PythonProgram, node: PythonNode, name: string): boolean {
  if (callOf(source, node)?.name === name) return true;
  return childrenOf(node).some((child) => hasCall({ source } as PythonProgram, child, name));
}
