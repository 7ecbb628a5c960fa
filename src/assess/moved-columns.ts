import { readTableFacts } from '../catalog/read-table-facts';
import type { ColumnFacts, ConstraintFacts, ForeignKeyFacts, TableFacts } from '../catalog/table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  type QualifiedName,
} from '../sql/identifier';
import type { ChangeFindings, PartitionNode } from './change-facts';
import type { Look } from './changes/change-type';
import { readIndexSurroundings } from './partition-tree';
import { rowsInTheWay } from './rows-in-the-way';
import { subscriptionsInto } from './stand-in-view';

/** What decides how columns get to a table that is there. */
export interface MovedColumnsFacts {
  /** The table they go to. */
  target: TableFacts;
  /** What lies below it. */
  partitions: PartitionNode[];
  /** Names that no new index of it may have. */
  takenNames: string[];
  /** Whether each of its rows has one of the table they come from. */
  complete: boolean;
}

/** Columns on their way: those that go, and the foreign key by which rows find the row that gets them. */
export interface MovedColumns {
  to: QualifiedName;
  columns: readonly string[];
  key: ForeignKeyFacts;
}

/** The foreign key to that table: the named one, or the only one. Throws `not-found`, `invalid-input`. */
export function guidingKey(table: TableFacts, to: QualifiedName, name: string | null): ForeignKeyFacts {
  const [relation, other] = [formatQualifiedName(table.name), formatQualifiedName(to)];
  if (relation === other)
    throw new SwitchbackError('invalid-input', t('{0} is the same table. Name another one.', other));
  const keys = table.foreignKeysOut.filter(
    (key) => formatQualifiedName(key.to) === other && (name === null || key.name === name),
  );
  const [first] = keys;
  if (first !== undefined && keys.length === 1) return first;
  if (first !== undefined)
    throw new SwitchbackError(
      'invalid-input',
      t(
        'Several foreign keys of {0} refer to {1}: {2}. Name the one by which its rows find theirs (--constraint).',
        relation,
        other,
        keys.map((key) => formatIdentifier(key.name)).join(', '),
      ),
    );
  throw new SwitchbackError(
    'not-found',
    name === null
      ? t(
          'No foreign key of {0} refers to {1}, so that nothing tells which row goes where. Add one first (add-foreign-key); for tables of the same shape, move the rows instead (move-rows).',
          relation,
          other,
        )
      : t('{0} has no foreign key {1} that refers to {2}.', relation, formatIdentifier(name), other),
  );
}

/** Whether at most one row refers to each row by that key. */
export function isOneToOne(table: TableFacts, { fromColumns }: ForeignKeyFacts): boolean {
  return table.uniqueKeys.some((unique) => unique.every((column) => fromColumns.includes(column)));
}

/** What stops these columns that only the server knows. Reads only. */
export async function lookAtMovedColumns(moved: MovedColumns, at: Look): Promise<ChangeFindings> {
  const { session, table } = at;
  const target = await readTableFacts(session, moved.to);
  const { partitions = [], takenNames = [] } = await readIndexSurroundings({ ...at, table: target });
  const columns = table.columns.filter(({ name }) => moved.columns.includes(name));
  const blockers = [
    ...(await domainBlockers(columns, at)),
    ...(await checkBlockers(columns, at)),
    ...(isOneToOne(table, moved.key) ? [] : await disagreeing(moved, at)),
    ...(await subscriptionsInto(at)),
    ...(await subscriptionsInto({ ...at, table: target })),
  ];
  const complete = columns.some(({ notNull }) => notNull) && (await isComplete(moved, at));
  return { movedColumns: { target, partitions, takenNames, complete }, blockers };
}

/** The CHECKs that are about columns which go, and no others. */
export function movedChecks(table: TableFacts, columns: readonly string[]): ConstraintFacts[] {
  return table.constraints.filter(
    (constraint) =>
      constraint.kind === 'check' &&
      constraint.columns.length > 0 &&
      constraint.columns.every((column) => columns.includes(column)),
  );
}

/** Rows of the other table are without values, or have the defaults: a CHECK that refuses that would refuse them. */
async function checkBlockers(columns: readonly ColumnFacts[], at: Look): Promise<string[]> {
  const names = columns.map(({ name }) => name);
  const image = (valueOf: (column: ColumnFacts) => string): string =>
    `(SELECT ${columns.map((column) => `CAST(${valueOf(column)} AS ${column.type}) AS ${quoteIdentifier(column.name)}`).join(', ')}) AS ${quoteIdentifier(at.table.name.name)}`;
  const blockers: string[] = [];
  for (const { name, definition } of movedChecks(at.table, names)) {
    const condition = definition.replace(/^CHECK /, '').replace(/(?: NO INHERIT)?(?: NOT VALID)?$/, '');
    const { rows } = await at.session.query<{ refused: boolean }>(
      `SELECT (SELECT ${condition} IS FALSE FROM ${image(() => 'NULL')})\n` +
        `    OR (SELECT ${condition} IS FALSE FROM ${image((column) => column.default ?? 'NULL')}) AS refused`,
      [],
      { signal: at.signal },
    );
    if (rows[0]?.refused !== true) continue;
    blockers.push(
      t(
        'The CHECK {0} refuses rows without values or with the defaults, as rows that have none would be. Drop the CHECK first.',
        formatIdentifier(name),
      ),
    );
  }
  return blockers;
}

/** A column of such a domain cannot be added without rewriting the table, or not empty. */
async function domainBlockers(columns: readonly ColumnFacts[], { session, signal }: Look): Promise<string[]> {
  const blockers: string[] = [];
  for (const { name, type, typeKind, domainDefault } of columns) {
    if (typeKind !== 'domain') continue;
    if (domainDefault !== undefined)
      blockers.push(
        t(
          '{0} is of the domain {1}, whose default would stand in every row of the other table. Change it to the base type first (change-column-type).',
          formatIdentifier(name),
          type,
        ),
      );
    const { rows } = await session.query<{ constrained: boolean }>(
      `WITH RECURSIVE chain AS (
         SELECT oid, typbasetype, typnotnull FROM pg_catalog.pg_type WHERE oid = pg_catalog.to_regtype($1)
         UNION ALL
         SELECT y.oid, y.typbasetype, y.typnotnull FROM chain JOIN pg_catalog.pg_type y ON y.oid = chain.typbasetype)
       SELECT bool_or(typnotnull OR EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE contypid = chain.oid)) AS constrained FROM chain`,
      [type],
      { signal },
    );
    if (rows[0]?.constrained !== true) continue;
    blockers.push(
      t(
        '{0} is of the domain {1}, which has constraints: adding such a column rewrites the other table while nobody can read or write. Change it to the base type first (change-column-type).',
        formatIdentifier(name),
        type,
      ),
    );
  }
  return blockers;
}

/** Rows of one row of the other table that do not have the same values. */
async function disagreeing({ to, columns, key }: MovedColumns, at: Look): Promise<string[]> {
  const keys = key.fromColumns.map((column) => quoteIdentifier(column)).join(', ');
  const values = columns.map((column) => quoteIdentifier(column)).join(', ');
  const query =
    `SELECT ${keys}\n  FROM ${formatQualifiedName(at.table.name)}\n GROUP BY ${keys}\n` +
    `HAVING count(DISTINCT ROW(${values})::text) > 1`;
  const found = await rowsInTheWay(at.session, query, at.table.name, at.signal);
  return found.map(
    (each) =>
      t(
        'A row of {0} can hold one value, and rows of {1} that refer to the same one have several. Make them agree, or choose columns that do.',
        formatQualifiedName(to),
        formatQualifiedName(at.table.name),
      ) + ` ${each}`,
  );
}

async function isComplete({ to, key }: MovedColumns, { session, table, signal }: Look): Promise<boolean> {
  const same = key.fromColumns
    .map(
      (column, place) =>
        `switchback_row.${quoteIdentifier(column)} = switchback_whole.${quoteIdentifier(key.toColumns[place]!)}`,
    )
    .join(' AND ');
  const { rows } = await session.query<{ complete: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM ${formatQualifiedName(to)} AS switchback_whole
       WHERE NOT EXISTS (SELECT FROM ${formatQualifiedName(table.name)} AS switchback_row WHERE ${same})) AS complete`,
    [],
    { signal },
  );
  return rows[0]?.complete === true;
}
