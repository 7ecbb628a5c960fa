import type { EmbeddedSql } from './code/embedded-sql';
import { sqlOfFunction, type PythonPlaces } from './code/read-python';
import { sqlOfArgument } from './code/python-strings';
import {
  assignment,
  callOf,
  childrenOf,
  pythonText,
  type PythonCall,
  type PythonNode,
  type PythonProgram,
} from './code/python-tree';

/** What the class of a migration says. */
export interface DjangoOperations {
  atomic: boolean;
  up: EmbeddedSql[];
  /** null where one of its operations has no way back. */
  down: EmbeddedSql[] | null;
}

/**
 * The SQL of a migration's `RunSQL` operations, and of the functions that its `RunPython` operations run:
 * https://docs.djangoproject.com/en/stable/ref/migration-operations/. Null where the module has no migration.
 */
export function djangoOperations(program: PythonProgram): DjangoOperations | null {
  const body = migrationClass(program)?.getChild('Body');
  if (!body) return null;
  const attributes = new Map<string, PythonNode>();
  for (const statement of childrenOf(body)) {
    const given = assignment(program.source, statement);
    if (given) attributes.set(given.name, given.value);
  }
  const found = { up: [] as EmbeddedSql[], down: [] as EmbeddedSql[], isOneWay: false };
  const operations = attributes.get('operations');
  if (operations) readOperations(program, operations, found);
  const atomic = attributes.get('atomic');
  return {
    atomic: !atomic || pythonText(program.source, atomic) !== 'False',
    up: found.up,
    down: found.isOneWay ? null : found.down,
  };
}

function migrationClass({ source, root }: PythonProgram): PythonNode | null {
  return (
    childrenOf(root).find((node) => {
      const name = node.name === 'ClassDefinition' ? node.getChild('VariableName') : null;
      return name && pythonText(source, name) === 'Migration';
    }) ?? null
  );
}

interface FoundSql {
  up: EmbeddedSql[];
  down: EmbeddedSql[];
  isOneWay: boolean;
}

function readOperations(program: PythonProgram, node: PythonNode, found: FoundSql): void {
  const call = callOf(program.source, node);
  switch (call?.name) {
    case 'RunSQL':
      readSides(call, ['sql', 'reverse_sql'], found, (side) => sqlOfStatements(program, side));
      return;
    case 'RunPython':
      readSides(call, ['code', 'reverse_code'], found, (side) => sqlOfCode(program, side));
      return;
    case 'SeparateDatabaseAndState': {
      const operations = argument(call, 0, 'database_operations');
      if (operations) readOperations(program, operations, found);
      return;
    }
    default: {
      if (call) return;
      const value = node.name === 'VariableName' ? program.names.get(pythonText(program.source, node)) : null;
      for (const inner of value ? [value] : childrenOf(node)) readOperations(program, inner, found);
    }
  }
}

/** What an operation does in each direction, by the names of its first two arguments. */
function readSides(
  call: PythonCall,
  [forwards, backwards]: [string, string],
  found: FoundSql,
  read: (side: PythonNode) => EmbeddedSql[],
): void {
  const up = argument(call, 0, forwards);
  const down = argument(call, 1, backwards);
  if (up) found.up.push(...read(up));
  if (down && down.name !== 'None') found.down.push(...read(down));
  else found.isOneWay = true;
}

function argument(call: PythonCall, place: number, name: string): PythonNode | undefined {
  return call.positional[place] ?? call.named.get(name);
}

/** One text, or a list of them, each alone or with its values: `[("delete from a where b = %s", [1])]`. */
function sqlOfStatements(program: PythonProgram, side: PythonNode): EmbeddedSql[] {
  if (!/^(Array|Tuple)Expression$/.test(side.name)) {
    const value = side.name === 'VariableName' ? program.names.get(pythonText(program.source, side)) : null;
    if (value && /^(Array|Tuple)Expression$/.test(value.name)) return sqlOfStatements(program, value);
    const sql = sqlOfArgument(program, side);
    return sql ? [sql] : [];
  }
  return membersOf(side).flatMap((member) => {
    const [text, values] = member.name === 'TupleExpression' ? membersOf(member) : [member];
    const hasValues = values !== undefined && values.name !== 'None';
    const sql = text && sqlOfArgument(program, text, (each) => withoutValues(each, hasValues));
    return sql ? [sql] : [];
  });
}

function membersOf(list: PythonNode): PythonNode[] {
  return childrenOf(list).filter(({ name }) => !['[', ']', '(', ')', ','].includes(name));
}

const places: PythonPlaces = { calls: ['execute'], keywords: ['sql', 'query'], read: withoutValues };

function sqlOfCode(program: PythonProgram, side: PythonNode): EmbeddedSql[] {
  if (side.name !== 'VariableName') return [];
  return sqlOfFunction(program, pythonText(program.source, side), places) ?? [];
}

/** With values given, psycopg fills in `%s` and `%(name)s`, and a doubled sign is one. */
function withoutValues(sql: string, hasValues: boolean): string {
  if (!hasValues) return sql;
  return sql.replace(/%%|%(?:\(\w+\))?[sbt]/g, (sign) => (sign === '%%' ? '% ' : '0'.padEnd(sign.length)));
}
