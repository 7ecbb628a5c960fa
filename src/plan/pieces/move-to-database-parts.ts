import type { MoveToDatabase } from '../../assess/changes/move-to-database';
import type { MovedToDatabase } from '../../assess/move-to-database';
import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { freeName, shortHash } from '../../sql/free-name';
import type { QualifiedName } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import type { RecipeContext } from '../recipe';
import type { TableMirror } from './mirror-table-trigger';

/** Everything that a table needs to go to another database, decided once, so that its steps agree. */
export interface DatabaseMoveParts {
  table: TableFacts;
  facts: MovedToDatabase;
  options: PlanOptions;
  major: number;
  server: string;
  /** Its name in the other database. */
  there: QualifiedName;
  /** The foreign table here. */
  foreign: QualifiedName;
  /** What the table is called from the exchange on. */
  before: QualifiedName;
  /** The key by which rows are known on both sides. */
  key: string[];
  mirrorFunction: QualifiedName;
  mirrorTrigger: string;
  /** Counts rows that differ. */
  compareFunction: QualifiedName;
  /** What gives identity columns their values in the foreign table, which has none. */
  nextValues: { column: string; sequence: QualifiedName; functionName: QualifiedName }[];
  /** From the foreign table to the one before, from the exchange on. */
  back: TableMirror;
}

/** Decides key and names. Throws where a blocker should have stopped the plan. */
export function databaseMoveParts({
  change,
  assessment,
  options,
}: RecipeContext<MoveToDatabase>): DatabaseMoveParts {
  const { table, movedToDatabase: facts, takenNames, server } = assessment;
  if (facts === undefined) throw new Error('nobody looked at the server');
  const key = movableKey(table);
  if (key === null) throw new Error('no key to know rows by');
  const { schema, name } = table.name;
  const taken = new Set(takenNames);
  const id = shortHash(JSON.stringify([table.name, 'database']));
  const own = (stem: string): QualifiedName => ({ schema, name: `switchback_${stem}_${id}` });
  const foreign = { schema, name: freeName(name, '_there', taken) };
  const before = { schema, name: freeName(name, '_before', taken) };
  return {
    table,
    facts,
    options,
    major: server.major,
    server: change.server,
    there: change.to,
    foreign,
    before,
    key,
    mirrorFunction: own('mirror'),
    mirrorTrigger: `switchback_${id}`,
    compareFunction: own('compare'),
    nextValues: facts.sequences
      .filter(({ identity }) => identity)
      .map(({ column, name: sequence }, place) => ({ column, sequence, functionName: own(`next_${place}`) })),
    back: {
      from: foreign,
      to: before,
      key,
      columns: table.columns.map((column) => column.name),
      fixed: table.columns.filter(({ identity }) => identity === 'always').map((column) => column.name),
      functionName: own('back'),
      triggerName: `switchback_${id}`,
      searchPath: ['pg_catalog', 'pg_temp'],
      owner: table.owner,
    },
  };
}

/**
 * A key by which the other server finds a row itself: of types and a collation that both servers have. Others would be
 * compared here, row for row of the whole table.
 * https://www.postgresql.org/docs/current/postgres-fdw.html#POSTGRES-FDW-REMOTE-QUERY-OPTIMIZATION
 */
export function movableKey(table: TableFacts): string[] | null {
  const travels = ({ typeName, typeKind, collation }: ColumnFacts): boolean =>
    typeName.schema === 'pg_catalog' && typeKind !== 'domain' && collation === null;
  return (
    table.uniqueKeys.find((key) =>
      table.columns.filter(({ name }) => key.includes(name)).every((column) => travels(column)),
    ) ?? null
  );
}
