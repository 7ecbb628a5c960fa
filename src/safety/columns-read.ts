import type { Node, RangeVar, SelectStmt } from '@pgsql/types';
import { asKind, kindOf, strings, walkTree } from '../sql/tree';
import { relationKey, type KnownSchema } from './known-schema';

/** A relation a query can name columns of. */
export interface NamedRelation {
  /** The name it goes by in the query. */
  alias: string;
  schema: string | null;
  key: string;
}

/**
 * The columns of known relations a query or expression certainly reads, by the relation's key. `around` are the
 * relations visible to an expression from outside. A name that could mean several relations is left out.
 */
export function columnsRead(
  schema: KnownSchema,
  query: unknown,
  around: readonly NamedRelation[] = [],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const { relations, invented } = namesOf(schema, query, around);
  const add = (key: string, column: string): void => {
    const columns = found.get(key) ?? [];
    if (columns.includes(column) || !hasColumn(schema, key, column)) return;
    found.set(key, [...columns, column]);
  };
  const addAll = (keys: readonly string[]): void => {
    for (const key of keys)
      for (const column of schema.relations.get(key)?.columns ?? []) add(key, column.name);
  };
  const reference = (nodes: readonly Node[], visible: readonly NamedRelation[]): void => {
    const star = kindOf(nodes.at(-1)) === 'A_Star';
    const names = strings(star ? nodes.slice(0, -1) : nodes);
    const column = star ? '' : names.pop()!;
    const keys = meant(schema, visible, names, star ? null : column);
    if (keys.length !== 1) return;
    if (star) addAll(names.length > 0 ? keys : []);
    else if (names.length > 0 || visible === around || !invented.has(column)) add(keys[0]!, column);
  };
  walkTree(query, (kind, fields) => {
    if (kind === 'SelectStmt') for (const select of parts(fields)) addAll(starred(schema, select, relations));
    if (kind === 'ColumnRef') reference(fields['fields'] as Node[], relations);
  });
  // Outside of subqueries only what is around is visible.
  walkTree(around.length > 0 ? query : null, (kind, fields) => {
    if (kind === 'ColumnRef') reference(fields['fields'] as Node[], around);
    return kind !== 'SelectStmt';
  });
  return found;
}

/** The relations a query names, and the column names that subqueries and WITH make up. */
function namesOf(
  schema: KnownSchema,
  query: unknown,
  around: readonly NamedRelation[],
): { relations: NamedRelation[]; invented: Set<string> } {
  const ctes = new Set<string>();
  const invented = new Set<string>();
  const relations = [...around];
  walkTree(query, (kind, fields) => {
    if (kind === 'CommonTableExpr') ctes.add(fields['ctename'] as string);
    if (kind !== 'CommonTableExpr' && kind !== 'RangeSubselect') return;
    walkTree(fields, (inner, target) => {
      if (inner === 'ResTarget' && typeof target['name'] === 'string') invented.add(target['name']);
    });
  });
  walkTree(query, (kind, fields) => {
    if (kind !== 'RangeVar') return;
    const range = fields as RangeVar;
    if ((range.schemaname || !ctes.has(range.relname ?? '')) && !range.alias?.colnames)
      relations.push(named(schema, range));
  });
  return { relations, invented };
}

function named(schema: KnownSchema, range: RangeVar): NamedRelation {
  return {
    alias: range.alias?.aliasname ?? range.relname ?? '',
    schema: range.alias ? null : (range.schemaname ?? null),
    key: relationKey(schema, range),
  };
}

/** The keys of the relations a reference can mean: by its qualifier, else by having the column. */
function meant(
  schema: KnownSchema,
  relations: readonly NamedRelation[],
  qualifier: readonly string[],
  column: string | null,
): string[] {
  const alias = qualifier.at(-1);
  const owner = qualifier.at(-2);
  const keys = relations
    .filter((each) =>
      alias === undefined
        ? column !== null && hasColumn(schema, each.key, column)
        : each.alias === alias && (owner === undefined || each.schema === owner),
    )
    .map((each) => each.key);
  return [...new Set(keys)];
}

/** A SELECT and those it joins by UNION and the like. */
function parts(select: SelectStmt): SelectStmt[] {
  const found: SelectStmt[] = [];
  const open = [select];
  for (let next = open.pop(); next; next = open.pop()) {
    found.push(next);
    if (next.larg) open.push(next.larg);
    if (next.rarg) open.push(next.rarg);
  }
  return found;
}

/** The relations a SELECT reads all columns of, by a `*` of its own. */
function starred(schema: KnownSchema, select: SelectStmt, relations: readonly NamedRelation[]): string[] {
  const isStar = (node: Node): boolean => {
    const fields = asKind(asKind(node, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
    return fields.length === 1 && kindOf(fields[0]) === 'A_Star';
  };
  if (!(select.targetList ?? []).some(isStar)) return [];
  const keys: string[] = [];
  const open = [...(select.fromClause ?? [])];
  for (let node = open.pop(); node; node = open.pop()) {
    const join = asKind(node, 'JoinExpr');
    if (join) open.push(...[join.larg, join.rarg].filter((each) => each !== undefined));
    const range = asKind(node, 'RangeVar');
    const key = range && relationKey(schema, range);
    if (key && relations.some((each) => each.key === key)) keys.push(key);
  }
  return keys;
}

function hasColumn(schema: KnownSchema, key: string, column: string): boolean {
  return schema.relations.get(key)?.columns.some((each) => each.name === column) ?? false;
}
