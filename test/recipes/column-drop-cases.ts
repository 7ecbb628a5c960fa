import { columnExists } from '../../src/plan/pieces/sql-text';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of drop-column. */
export const dropColumnCases: NamedCase[] = [
  {
    title: 'drop-column: one that may be empty, with what belongs to it alone',
    build: (names) => ({
      ...removal(names, { backup: false, value: null }),
      commandLine: { column: 'amount' },
      schema: sql`CREATE TABLE ${names.other} (${names.second} int PRIMARY KEY);
        INSERT INTO ${names.other} SELECT generate_series(1, 100);
        CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} int REFERENCES ${names.other}, ${names.second} int, CHECK (${names.column} > 0));
        CREATE INDEX ON ${names.table} (${names.column}); CREATE INDEX ON ${names.table} ((${names.column} + 1)) WHERE ${names.column} > 3;
        COMMENT ON COLUMN ${names.table}.${names.column} IS 'kept';
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 > 0 THEN i END, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'drop-column: a required one whose values are kept, filled on the way back',
    build: (names) => ({
      ...removal(names, { backup: true, value: sql`${names.second} + 1` }),
      commandLine: { column: 'amount', backup: true, value: '"note" + 1' },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} int NOT NULL CHECK (${names.column} > 0), ${names.second} int);
        COMMENT ON COLUMN ${names.table}.${names.column} IS 'it''s kept';
        INSERT INTO ${names.table} SELECT i, i, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'drop-column: a required one on a partitioned table, without a value for the way back',
    build: (names) => ({
      ...removal(names, { backup: false, value: null }),
      schema: sql`CREATE TABLE ${names.table} (id int NOT NULL, ${names.column} int NOT NULL, ${names.second} int) PARTITION BY HASH (id);
        CREATE TABLE ${names.other} PARTITION OF ${names.table} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE ${{ schema: names.schema, name: names.fresh }} PARTITION OF ${names.table} FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE INDEX ON ${names.table} (${names.column});
        INSERT INTO ${names.table} SELECT i, i, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'drop-column: a required one with a default, kept by two key columns',
    build: (names) => ({
      ...removal(names, { backup: true, value: null }),
      schema: sql`CREATE TABLE ${names.table} (id int, ${names.column} int NOT NULL DEFAULT 5, ${names.second} int DEFAULT 2, PRIMARY KEY (${names.second}, id));
        INSERT INTO ${names.table} SELECT i, i, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'drop-column: a generated one',
    build: (names) => {
      const plain = removal(names, { backup: false, value: null });
      const write = (round: number): string[] => [
        sql`INSERT INTO ${names.table} (id, ${names.second}) VALUES (${round}, 1)`,
      ];
      const [first, second] = plain.versions;
      return {
        ...plain,
        schema: sql`CREATE TABLE ${names.table} (id int, ${names.second} int, ${names.column} int GENERATED ALWAYS AS (${names.second} * 2) STORED);
          INSERT INTO ${names.table} SELECT i, i FROM generate_series(1, 60) i`,
        versions: [
          { ...first!, writes: write },
          { ...second!, writes: write },
        ],
      };
    },
  },
];

function removal(
  { table, column, second }: CaseNames,
  how: { backup: boolean; value: string | null },
): Omit<RecipeCase, 'schema'> {
  const written = (round: number): string[] => [
    sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 7, 1)`,
    sql`UPDATE ${table} SET ${column} = 8 WHERE id = ${round}`,
  ];
  const without = [sql`SELECT id, ${second} FROM ${table} ORDER BY id`];
  return {
    change: { kind: 'drop-column', table, column, ...how },
    versions: [
      {
        writes: written,
        reads: [
          sql`SELECT id, ${column}, ${second} FROM ${table} WHERE ${column} > 0 AND id <= 60 ORDER BY id`,
        ],
      },
      { writes: written, reads: without },
      {
        writes: (round) => [sql`INSERT INTO ${table} (id, ${second}) VALUES (${round}, 1)`],
        reads: without,
      },
    ],
    untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`,
    done: [`SELECT NOT ${columnExists(table, column)} AS holds`],
  };
}
