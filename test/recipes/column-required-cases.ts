import { columnIsNotNull } from '../../src/plan/pieces/sql-text';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of set-not-null. */
export const setNotNullCases: NamedCase[] = [
  {
    title: 'set-not-null: with a value computed from the row, beside writers that leave it out',
    build: (names) => ({
      ...requirement(names, sql`'no' || ${names.second}`, "'given'"),
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} text, ${names.second} int NOT NULL DEFAULT 3);
        COMMENT ON COLUMN ${names.table}.${names.column} IS 'it''s kept';
        CREATE INDEX ON ${names.table} (${names.column});
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 = 0 THEN 'v' WHEN i % 5 = 0 THEN 'no' || i END, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'set-not-null: with a value that differs each time, on a partitioned table with two key columns',
    build: (names) => ({
      ...requirement(names, 'random()', '0.5'),
      schema: sql`CREATE TABLE ${names.table} (id int, ${names.column} double precision, ${names.second} int NOT NULL DEFAULT 3, PRIMARY KEY (id, ${names.second})) PARTITION BY HASH (id);
        CREATE TABLE ${names.other} PARTITION OF ${names.table} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE ${{ schema: names.schema, name: names.fresh }} PARTITION OF ${names.table} FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 = 0 THEN i END, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'set-not-null: json, with a constant',
    build: (names) => ({
      ...requirement(names, "'{}'", `'{"a": 1}'`),
      commandLine: { column: 'amount', value: "'{}'" },
      schema: sql`CREATE TABLE ${names.table} (id int, ${names.column} json, ${names.second} int NOT NULL DEFAULT 3, CONSTRAINT ${names.fresh} UNIQUE (id));
        ALTER TABLE ${names.table} ALTER id SET NOT NULL;
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 = 0 THEN '{"b": null}'::json END, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'set-not-null: with a value, on a table without a key',
    build: (names) => ({
      ...requirement(names, '0', '1'),
      schema: sql`CREATE TABLE ${names.table} (id int, ${names.column} int CHECK (${names.column} < 9), ${names.second} int DEFAULT 3);
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 = 0 THEN 7 END, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'set-not-null: where every row has a value',
    build: (names) => ({
      ...requirement(names, null, '1'),
      commandLine: { column: 'amount' },
      schema: sql`CREATE TABLE ${names.table} (id int, ${names.column} int, ${names.second} int DEFAULT 3);
        INSERT INTO ${names.table} SELECT i, i, i FROM generate_series(1, 60) i`,
      versions: [
        { writes: writes(names, '2'), reads: reads(names) },
        { writes: writes(names, '1'), reads: reads(names) },
      ],
    }),
  },
];

function requirement(names: CaseNames, value: string | null, given: string): Omit<RecipeCase, 'schema'> {
  const { table, column, second } = names;
  return {
    change: { kind: 'set-not-null', table, column, value },
    versions: [
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${second}) VALUES (${round}, 1)`,
          sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${-round}, NULL, 1)`,
          sql`UPDATE ${table} SET ${column} = NULL WHERE id = ${round}`,
        ],
        reads: [sql`SELECT id, ${second} FROM ${table} ORDER BY id`],
      },
      { writes: writes(names, given), reads: reads(names) },
    ],
    untouched: sql`SELECT * FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
    done: [
      `SELECT ${columnIsNotNull(table, column)} AS holds`,
      `SELECT NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'c' AND conname LIKE '%not\\_null') AS holds`,
      `SELECT NOT EXISTS (SELECT FROM pg_class WHERE relname LIKE 'switchback%') AS holds`,
    ],
  };
}

function writes({ table, column, second }: CaseNames, given: string): (round: number) => string[] {
  return (round) => [
    sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${500_000_000 + round}, ` + `${given}, 1)`,
    sql`UPDATE ${table} SET ${column} = ` + `${given} ` + sql`WHERE id = ${500_000_000 + round}`,
  ];
}

function reads({ table, column, second }: CaseNames): string[] {
  return [sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id > 400000000 ORDER BY id`];
}
