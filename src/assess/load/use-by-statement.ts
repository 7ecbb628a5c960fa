import type { Node } from '@pgsql/types';
import type { SqlParser } from '../../sql/parser';
import type { ParseNode } from '../../sql/statement';
import { strings, walkTree } from '../../sql/tree';
import type { StatementLoad } from './load-facts';
import type { LoadedTable } from './read-table-load';

export type StatementUse = Pick<StatementLoad, 'writes' | 'column'>;

type Fields = Record<string, unknown>;

const writing = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/** What applications send; DDL and maintenance is nobody's load. */
const ofApplications = ['SelectStmt', 'CopyStmt', ...writing];

/**
 * How a statement uses a table; null where it does not name it, or cannot be read. A name without a schema may mean a table
 * of another schema: it counts, since who looked for it is not known.
 */
export function useByStatement(sql: string, parser: SqlParser, table: LoadedTable): StatementUse | null {
  const { statements, problems } = parser.parse(sql);
  if (problems.length > 0 || !statements.every(({ kind }) => ofApplications.includes(kind))) return null;
  return useByTrees(
    statements.map(({ node }) => node),
    table,
  );
}

/** The same of statements that are parsed already. */
export function useByTrees(trees: readonly ParseNode[], table: LoadedTable): StatementUse | null {
  const found = { named: false, writes: false, column: false, all: false };
  const isTable = (fields: unknown): boolean => names(fields, table);
  const visit = (kind: string, fields: Fields): void => {
    if (kind === 'RangeVar') found.named ||= isTable(fields);
    // Of a fixed type, so no node of its own.
    else if (isTable(fields['relation'])) {
      found.named = true;
      found.writes ||= writing.includes(kind) || fields['is_from'] === true;
      found.all ||= kind === 'DeleteStmt' || isWithoutColumns(kind, fields);
      found.column ||= strings(fields['attlist'] as Node[] | undefined).includes(table.column);
    } else if (kind === 'ColumnRef') {
      found.column ||= lastName(fields) === table.column;
      found.all ||= isStar(fields);
    }
    if (kind === 'ResTarget') found.column ||= fields['name'] === table.column;
  };
  walkTree(trees, visit);
  if (!found.named) return null;
  const column = table.column !== '' && found.column ? 'named' : found.all ? 'all' : 'none';
  return { writes: found.writes, column };
}

function isWithoutColumns(kind: string, fields: Fields): boolean {
  if (kind === 'InsertStmt') return fields['cols'] === undefined;
  return kind === 'CopyStmt' && fields['attlist'] === undefined;
}

function names(relation: unknown, { name }: LoadedTable): boolean {
  const { relname, schemaname } = (relation ?? {}) as Fields;
  return relname === name.name && (schemaname === undefined || schemaname === name.schema);
}

function lastField(fields: Fields): Fields {
  return ((fields['fields'] ?? []) as Fields[]).at(-1) ?? {};
}

function lastName(fields: Fields): unknown {
  return (lastField(fields)['String'] as Fields | undefined)?.['sval'];
}

function isStar(fields: Fields): boolean {
  return 'A_Star' in lastField(fields);
}
