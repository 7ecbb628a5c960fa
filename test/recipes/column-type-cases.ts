import { formatQualifiedName } from '../../src/sql/identifier';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Code that gets along with both types: its values have no type of their own. */
function writing({ table, column }: CaseNames, value: string): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, ${{ literal: value }})`,
      sql`UPDATE ${table} SET ${column} = ${{ literal: value }} WHERE id = ${round - 1}`,
      sql`UPDATE ${table} SET id = id WHERE id = ${round}`,
    ],
    reads: [sql`SELECT id FROM ${table} WHERE ${column} = ${{ literal: value }} ORDER BY id`],
  };
}

/** Cases of a change of type. */
export const columnTypeCases: NamedCase[] = [
  {
    title: 'change-column-type: a wider varchar, in place',
    build: (names) => ({
      change: {
        kind: 'change-column-type',
        table: names.table,
        column: names.column,
        type: 'varchar(40)',
        using: null,
        back: null,
      },
      commandLine: { column: names.column, type: 'varchar(40)' },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} varchar(20) NOT NULL DEFAULT 'd');
        CREATE INDEX ON ${names.table} (${names.column});
        INSERT INTO ${names.table} SELECT i, 'v' || i FROM generate_series(1, 60) i`,
      versions: [writing(names, 'w'), writing(names, 'w2')],
      untouched: sql`SELECT * FROM ${names.table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`WITH r AS (INSERT INTO ${names.table} VALUES (0, repeat('x', 40)) RETURNING ${names.column} AS v) SELECT length(v) = 40 AS holds FROM r`,
      ],
    }),
  },
  {
    title: 'change-column-type: int to bigint, with default, NOT NULL, indexes, checks and a foreign key',
    build: (names) => {
      const { table, column, other, second } = names;
      return {
        change: { kind: 'change-column-type', table, column, type: 'bigint', using: null, back: null },
        schema: sql`CREATE TABLE ${other} (id bigint PRIMARY KEY);
          INSERT INTO ${other} SELECT i FROM generate_series(0, 999) i;
          CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int NOT NULL DEFAULT 7 CHECK (${column} >= 0), ${second} text DEFAULT 's',
            CONSTRAINT ${second} UNIQUE (id, ${column}), FOREIGN KEY (${column}) REFERENCES ${other} ON DELETE CASCADE);
          COMMENT ON COLUMN ${table}.${column} IS 'it''s "one"';
          COMMENT ON CONSTRAINT ${second} ON ${table} IS 'both';
          CREATE INDEX ON ${table} USING hash (${column});
          CREATE UNIQUE INDEX ON ${table} (id DESC) INCLUDE (${column});
          CREATE STATISTICS ${{ schema: names.schema, name: names.fresh }} ON id, ${column} FROM ${table};
          INSERT INTO ${table} (id, ${column}) SELECT i, i FROM generate_series(1, 60) i`,
        versions: [writing(names, '500'), writing(names, '501')],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT pg_typeof(${column}) = 'bigint'::regtype AS holds FROM ${table} WHERE id = 60`,
          sql`SELECT count(*) = 3 AS holds FROM pg_attribute WHERE attrelid = ${{ literal: formatQualifiedName(table) }}::regclass AND attnum > 0 AND NOT attisdropped AND attname !~ 'other'`,
          sql`WITH r AS (INSERT INTO ${table} (id) VALUES (0) RETURNING ${column} AS v) SELECT v = 7 AS holds FROM r`,
          sql`SELECT count(*) = 0 AS holds FROM pg_class WHERE relname LIKE '%switchback%'`,
          sql`SELECT count(*) = 0 AS holds FROM pg_constraint WHERE conname LIKE '%switchback%'`,
        ],
      };
    },
  },
  {
    title: 'change-column-type: text to numeric that loses how it was written, with NULLs and no key',
    build: (names) => {
      const { table, column } = names;
      return {
        change: {
          kind: 'change-column-type',
          table,
          column,
          type: 'numeric(12,2)',
          using: sql`trim(${column})::numeric`,
          back: null,
        },
        commandLine: {
          column: names.column,
          type: 'numeric(12,2)',
          using: sql`trim(${column})::numeric`,
        },
        schema: sql`CREATE TABLE ${table} (id int, ${column} text);
          INSERT INTO ${table} SELECT i, CASE WHEN i % 5 > 0 THEN ' ' || i || '.5' END FROM generate_series(1, 60) i`,
        versions: [writing(names, '3.25'), writing(names, '4.50')],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT sum(${column}) > 0 AS holds FROM ${table}`,
          sql`SELECT count(*) = 12 AS holds FROM ${table} WHERE id <= 60 AND ${column} IS NULL`,
        ],
      };
    },
  },
  {
    title: 'change-column-type: json to jsonb on a partitioned table',
    build: (names) => {
      const { table, column, other } = names;
      return {
        change: { kind: 'change-column-type', table, column, type: 'jsonb', using: null, back: null },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} json) PARTITION BY RANGE (id);
          CREATE TABLE ${other} PARTITION OF ${table} FOR VALUES FROM (MINVALUE) TO (30);
          CREATE TABLE ${{ schema: names.schema, name: names.fresh }} PARTITION OF ${table} DEFAULT;
          INSERT INTO ${table} SELECT i, json_build_object('i', i) FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, '{"a":  1}')`,
              sql`UPDATE ${table} SET ${column} = '{"b": 2}' WHERE id = ${round - 1}`,
            ],
            reads: [sql`SELECT id, ${column} ->> 'a' FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, '[1]')`],
            reads: [sql`SELECT id, ${column} ->> 'a' FROM ${table} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT id, ${column}::text FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT ${column} @> '{"i": 7}' AS holds FROM ${table} WHERE id = 7`],
      };
    },
  },
  {
    title: 'change-column-type: timestamp to timestamptz, serial at its side',
    build: (names) => {
      const { table, column } = names;
      const zoned = sql`${column} AT TIME ZONE 'UTC'`;
      return {
        change: { kind: 'change-column-type', table, column, type: 'timestamptz', using: zoned, back: zoned },
        schema: sql`CREATE TABLE ${table} (id serial PRIMARY KEY, ${column} timestamp NOT NULL);
          CREATE INDEX ON ${table} (${column} DESC NULLS LAST);
          INSERT INTO ${table} (${column}) SELECT timestamp '2026-03-01 12:00' + i * interval '1 hour' FROM generate_series(1, 60) i`,
        versions: [writing(names, '2026-10-25 02:30'), writing(names, '2026-10-25 01:30')],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT ${column} = '2026-03-01 13:00+00' AS holds FROM ${table} WHERE id = 1`],
      };
    },
  },
];
