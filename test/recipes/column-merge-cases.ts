import { columnExists } from '../../src/plan/pieces/sql-text';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of merge-columns. */
export const mergeColumnsCases: NamedCase[] = [
  {
    title: 'merge-columns: a day and a time with defaults, an index and a CHECK about both',
    build: (names) => ({
      ...merge(names),
      commandLine: {
        columns: 'amount, note',
        to: 'fresh',
        type: 'timestamptz',
        expression: `("amount" + "note") AT TIME ZONE 'UTC'`,
        back: `("fresh" AT TIME ZONE 'UTC')::date, ("fresh" AT TIME ZONE 'UTC')::time`,
      },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} date NOT NULL DEFAULT '2026-01-01', ${names.second} time NOT NULL DEFAULT '00:00',
          CHECK (${names.column} > '2000-01-01' OR ${names.second} > '01:00'));
        CREATE INDEX ON ${names.table} (${names.column}, ${names.second} DESC);
        CREATE UNIQUE INDEX ON ${names.table} (${names.second}, ${names.column}) WHERE ${names.column} < '1999-01-01';
        GRANT SELECT (${names.column}, ${names.second}), UPDATE (${names.column}) ON ${names.table} TO PUBLIC;
        INSERT INTO ${names.table} SELECT i, date '2026-02-01' + i, time '12:00' + i * interval '1 minute' FROM generate_series(1, 60) i`,
      done: [
        ...merge(names).done,
        sql`SELECT attacl::text LIKE '%=r/%' AS holds FROM pg_attribute WHERE attname = ${{ literal: names.fresh }} AND attnum > 0 AND attacl IS NOT NULL`,
      ],
    }),
  },
  {
    title: 'merge-columns: one after the other is written by code that knows the old ones',
    build: (names) => {
      const { table, column, second } = names;
      const merged = merge(names);
      const [first, next] = merged.versions;
      return {
        ...merged,
        schema: sql`CREATE TABLE ${table} (id int, ${column} date, ${second} time) PARTITION BY HASH (id);
          CREATE TABLE ${names.other} PARTITION OF ${table} FOR VALUES WITH (MODULUS 1, REMAINDER 0);
          INSERT INTO ${table} SELECT i, date '2026-02-01' + i, time '12:00' + i * interval '1 minute' FROM generate_series(1, 60) i`,
        versions: [
          {
            ...first!,
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, '2026-05-05', '10:00')`,
              sql`UPDATE ${table} SET ${column} = '2026-05-06' WHERE id = ${round}`,
              sql`UPDATE ${table} SET ${second} = '11:00' WHERE id = ${round}`,
            ],
          },
          next!,
        ],
      };
    },
  },
];

function merge({ table, column, second, fresh }: CaseNames): Omit<RecipeCase, 'schema'> {
  return {
    change: {
      kind: 'merge-columns',
      table,
      from: [
        { column, back: sql`(${fresh} AT TIME ZONE 'UTC')::date` },
        { column: second, back: sql`(${fresh} AT TIME ZONE 'UTC')::time` },
      ],
      to: fresh,
      type: 'timestamptz',
      expression: sql`(${column} + ${second}) AT TIME ZONE 'UTC'`,
    },
    versions: [
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, '2026-05-05', '10:00')`,
          sql`INSERT INTO ${table} (id) VALUES (${-round})`,
          sql`UPDATE ${table} SET ${column} = '2026-06-06' WHERE id = ${round - 1}`,
        ],
        reads: [sql`SELECT id, ${column}, ${second} FROM ${table} ORDER BY id`],
      },
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${fresh}) VALUES (${round}, '2026-07-07 07:07+00')`,
          sql`UPDATE ${table} SET ${fresh} = ${fresh} + interval '1 day' WHERE id IN (${round}, ${round - 1}, ${1 - round})`,
        ],
        reads: [sql`SELECT id, ${fresh} FROM ${table} ORDER BY id`],
      },
    ],
    untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
    agree: sql`SELECT count(*) = 0 AS holds FROM ${table} WHERE (${column} + ${second}) AT TIME ZONE 'UTC' IS DISTINCT FROM ${fresh}`,
    done: [
      sql`SELECT ${fresh} = '2026-02-08 12:07+00' AS holds FROM ${table} WHERE id = 7`,
      `SELECT NOT ${columnExists(table, column)} AND NOT ${columnExists(table, second)} AS holds`,
    ],
  };
}
