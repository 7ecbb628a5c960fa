import { columnDefault, columnIsNotNull } from '../../src/plan/pieces/sql-text';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of drop-default. */
export const dropDefaultCases: NamedCase[] = [
  {
    title: 'drop-default: of a required column with a hostile text',
    build: (names) => ({
      ...withoutDefault(names),
      commandLine: { column: 'amount' },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} text NOT NULL DEFAULT 'it''s $$; "x"', ${names.second} int);
        COMMENT ON COLUMN ${names.table}.${names.column} IS 'kept';
        INSERT INTO ${names.table} (id, ${names.second}) SELECT i, i FROM generate_series(1, 60) i`,
      done: [
        `SELECT ${columnIsNotNull(names.table, names.column)} AND ${columnDefault(names.table, names.column)} IS NULL AS holds`,
      ],
    }),
  },
  {
    title: 'drop-default: of a serial column that may be empty, on a partitioned table',
    build: (names) => ({
      ...withoutDefault(names),
      schema: sql`CREATE TABLE ${names.table} (id int NOT NULL, ${names.column} bigserial, ${names.second} int) PARTITION BY HASH (id);
        ALTER TABLE ${names.table} ALTER COLUMN ${names.column} DROP NOT NULL;
        CREATE TABLE ${names.other} PARTITION OF ${names.table} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE ${{ schema: names.schema, name: names.fresh }} PARTITION OF ${names.table} FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        INSERT INTO ${names.table} (id, ${names.second}) SELECT i, i FROM generate_series(1, 60) i`,
      done: [
        sql`WITH r AS (INSERT INTO ${names.table} (id) VALUES (0) RETURNING ${names.column} AS v) SELECT v IS NULL AS holds FROM r`,
      ],
    }),
  },
];

function withoutDefault({ table, column, second }: CaseNames): Omit<RecipeCase, 'schema' | 'done'> {
  const reads = [sql`SELECT id, ${column}, ${second} FROM ${table} ORDER BY id`];
  return {
    change: { kind: 'drop-default', table, column },
    versions: [
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${second}) VALUES (${round}, 1)`,
          sql`UPDATE ${table} SET ${column} = '7' WHERE id = ${round}`,
        ],
        reads,
      },
      {
        writes: (round) => [sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, '8', 1)`],
        reads,
      },
    ],
    untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
  };
}
