import { columnIsNotNull } from '../../src/plan/pieces/sql-text';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of drop-not-null. */
export const dropNotNullCases: NamedCase[] = [
  {
    title: 'drop-not-null: of a column with a CHECK whose name the proof would have',
    build: (names) => ({
      ...lifting(names),
      commandLine: { column: 'amount' },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} text NOT NULL, ${names.second} int, CONSTRAINT "orders_amount_not_null" CHECK (${names.column} > ''));
        COMMENT ON COLUMN ${names.table}.${names.column} IS 'kept';
        INSERT INTO ${names.table} SELECT i, 'v' || i, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'drop-not-null: by its own name, with a comment',
    since: 18,
    build: (names) => ({
      ...lifting(names),
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} text CONSTRAINT ${names.fresh} NOT NULL, ${names.second} int);
        COMMENT ON CONSTRAINT ${names.fresh} ON ${names.table} IS 'it''s kept';
        INSERT INTO ${names.table} SELECT i, 'v' || i, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'drop-not-null: on partitions below partitions',
    build: (names) => ({
      ...lifting(names),
      schema: sql`CREATE TABLE ${names.table} (id int, ${names.column} text NOT NULL DEFAULT 'd', ${names.second} int) PARTITION BY RANGE (id);
        CREATE TABLE ${names.other} PARTITION OF ${names.table} DEFAULT PARTITION BY RANGE (id);
        CREATE TABLE ${{ schema: names.schema, name: names.fresh }} PARTITION OF ${names.other} DEFAULT;
        INSERT INTO ${names.table} SELECT i, 'v' || i, i FROM generate_series(1, 60) i`,
    }),
  },
];

function lifting({ table, column, second }: CaseNames): Omit<RecipeCase, 'schema'> {
  const reads = [sql`SELECT id, ${column}, ${second} FROM ${table} ORDER BY id`];
  const writes = (round: number): string[] => [
    sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 'x', 1)`,
    sql`UPDATE ${table} SET ${column} = 'y' WHERE id = ${round}`,
  ];
  return {
    change: { kind: 'drop-not-null', table, column },
    versions: [
      { writes, reads },
      { writes, reads },
      {
        writes: (round) => [sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, NULL)`],
        reads,
      },
    ],
    untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
    done: [`SELECT NOT ${columnIsNotNull(table, column)} AS holds`],
  };
}
