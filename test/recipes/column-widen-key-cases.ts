import type { QualifiedName } from '../../src/sql/identifier';
import { widenKeyViewCases } from './column-widen-key-view-cases';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** A column's type and place, whatever the rows are. */
function isWide(table: QualifiedName, column: string, type = 'bigint'): string {
  return sql`SELECT format_type(atttypid, atttypmod) = ${{ literal: type }} AS holds FROM pg_attribute
    WHERE attrelid = ${{ literal: sql`${table}` }}::regclass AND attname = ${{ literal: column }}`;
}

const nothingLeft = [
  sql`SELECT count(*) = 0 AS holds FROM pg_class WHERE relname LIKE '%switchback%'`,
  sql`SELECT count(*) = 0 AS holds FROM pg_constraint WHERE conname LIKE '%switchback%'`,
  sql`SELECT count(*) = 0 AS holds FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid AND relkind = 'r' WHERE attname LIKE '%switchback%' AND NOT attisdropped`,
  sql`SELECT count(*) = 0 AS holds FROM pg_proc WHERE proname LIKE 'switchback%'`,
];

/** Code that lets the server number the rows of the one and refers to them in the other; it locks that one last, as foreign keys do. */
function app({ table, other, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (${second}) VALUES ('r') RETURNING id`,
      sql`INSERT INTO ${other} (id, ${column}) VALUES (${round}, ${(round % 60) + 1})`,
      sql`UPDATE ${other} SET ${column} = ${((round + 7) % 60) + 1} WHERE id = ${round}`,
      sql`UPDATE ${table} SET ${second} = 's' WHERE id = ${(round % 60) + 1}`,
      sql`UPDATE ${table} SET ${second} = NULL WHERE id = ${(round % 60) + 1}`,
    ],
    reads: [
      sql`SELECT count(*)::int, sum(t.id)::text FROM ${other} o JOIN ${table} t ON o.${column} = t.id`,
      sql`SELECT max(id)::text FROM ${table}`,
    ],
  };
}

/** Cases of the recipe that makes a primary key wider. */
export const widenKeyCases: NamedCase[] = [
  {
    title:
      'widen-key: a serial one that two tables refer to, with indexes, checks, comments and a deferrable key',
    build: (names) => {
      const { schema, table, other, column, second, fresh } = names;
      const third = { schema, name: fresh };
      const short = [...fresh].slice(0, 8).join('');
      return {
        change: { kind: 'widen-key', table, type: 'bigint' },
        commandLine: { type: 'bigint' },
        schema: sql`CREATE TABLE ${table} (id serial, ${second} text, CONSTRAINT ${short + '_k'} PRIMARY KEY (id) WITH (fillfactor = 80));
          COMMENT ON CONSTRAINT ${short + '_k'} ON ${table} IS 'it''s the key';
          COMMENT ON INDEX ${{ schema, name: short + '_k' }} IS 'its index';
          COMMENT ON COLUMN ${table}.id IS 'numbered';
          ALTER TABLE ${table} CLUSTER ON ${short + '_k'};
          CREATE INDEX ${short + '_i'} ON ${table} (${second}, id) WHERE id > 3;
          COMMENT ON INDEX ${{ schema, name: short + '_i' }} IS 'partial';
          GRANT SELECT (id) ON ${table} TO pg_monitor;
          CREATE TABLE ${other} (id int PRIMARY KEY, ${column} int NOT NULL DEFAULT 7 REFERENCES ${table} ON DELETE CASCADE ON UPDATE CASCADE CHECK (${column} > 0));
          CREATE INDEX ON ${other} (${column} DESC);
          CREATE TABLE ${third} (${column} smallint, ${second} bigint, CONSTRAINT ${short + '_f'} FOREIGN KEY (${column}) REFERENCES ${table} DEFERRABLE INITIALLY DEFERRED);
          ALTER TABLE ${third} ADD FOREIGN KEY (${second}) REFERENCES ${table} ON DELETE SET NULL NOT VALID;
          COMMENT ON CONSTRAINT ${short + '_f'} ON ${third} IS 'later';
          INSERT INTO ${table} (${second}) SELECT 'v' || i FROM generate_series(1, 60) i;
          INSERT INTO ${other} SELECT i, i FROM generate_series(1, 60) i;
          INSERT INTO ${third} SELECT CASE WHEN i % 3 > 0 THEN i END, i FROM generate_series(1, 60) i`,
        versions: [app(names), app(names)],
        untouched: sql`SELECT id, (SELECT count(*)::int FROM ${third} h WHERE h.${column} = t.id) AS n FROM ${table} t WHERE id <= 60 ORDER BY id`,
        done: [
          isWide(table, 'id'),
          isWide(other, column),
          isWide(third, column),
          ...nothingLeft,
          sql`SELECT seqtypid = 'bigint'::regtype AND seqmax > 3000000000 AS holds FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence(${{ literal: sql`${table}` }}, 'id')::regclass`,
          sql`WITH r AS (INSERT INTO ${table} (id) VALUES (3000000000) RETURNING id) SELECT count(*) = 1 AS holds FROM r`,
          sql`WITH r AS (INSERT INTO ${other} (id, ${column}) VALUES (-1, 3000000000), (-2, DEFAULT) RETURNING ${column} AS v) SELECT min(v) = 7 AS holds FROM r`,
          sql`WITH r AS (DELETE FROM ${table} WHERE id = 3000000000 RETURNING id) SELECT count(*) = 1 AS holds FROM r`,
          sql`SELECT count(*) = 0 AS holds FROM ${other} WHERE id = -1`,
          sql`SELECT count(*) = 3 AS holds FROM pg_constraint WHERE confrelid = ${{ literal: sql`${table}` }}::regclass AND conparentid = 0`,
          sql`SELECT obj_description(indexrelid, 'pg_class') = 'its index' AND indisclustered AS holds FROM pg_index WHERE indrelid = ${{ literal: sql`${table}` }}::regclass AND indisprimary`,
        ],
      };
    },
  },
  {
    title:
      'widen-key: an identity that is always the server’s, with rows that refer to rows of the same table',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      const sequence = { schema, name: fresh };
      const version: AppVersion = {
        writes: (round) => [
          sql`INSERT INTO ${table} (${column}, ${second}) VALUES (${(round % 60) + 1}, 'r')`,
          sql`UPDATE ${table} SET ${column} = id WHERE id = ${(round % 60) + 1}`,
          sql`UPDATE ${table} SET ${column} = NULL WHERE id = ${(round % 60) + 1}`,
        ],
        reads: [sql`SELECT count(*)::int FROM ${table} a JOIN ${table} b ON a.${column} = b.id`],
      };
      return {
        change: { kind: 'widen-key', table, type: 'bigint' },
        schema: sql`CREATE TABLE ${table} (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME ${sequence} START 5 INCREMENT 2 CACHE 3) PRIMARY KEY, ${column} int REFERENCES ${table} ON DELETE SET NULL,
            ${second} text, CHECK (${column} <> -id), UNIQUE (${column}, id) DEFERRABLE);
          COMMENT ON SEQUENCE ${sequence} IS 'numbers';
          GRANT USAGE ON SEQUENCE ${sequence} TO pg_monitor WITH GRANT OPTION;
          ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON SEQUENCES TO pg_signal_backend;
          INSERT INTO ${table} (id, ${column}) OVERRIDING SYSTEM VALUE SELECT i, NULLIF(i - 1, 0) FROM generate_series(1, 60) i;
          ALTER TABLE ${table} ALTER COLUMN id RESTART WITH 1001`,
        versions: [version, version],
        untouched: sql`SELECT id FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          isWide(table, 'id'),
          isWide(table, column),
          ...nothingLeft,
          sql`SELECT seqtypid = 'bigint'::regtype AND seqmax > 3000000000 AND seqincrement = 2 AND seqcache = 3 AND seqstart = 5 AND obj_description(seqrelid, 'pg_class') = 'numbers'
              AND has_sequence_privilege('pg_monitor', seqrelid, 'USAGE WITH GRANT OPTION') AND NOT has_sequence_privilege('pg_signal_backend', seqrelid, 'SELECT') AS holds
            FROM pg_sequence WHERE seqrelid = ${{ literal: sql`${sequence}` }}::regclass`,
          sql`WITH r AS (INSERT INTO ${table} (${second}) VALUES ('next') RETURNING id) SELECT id > 1001 AS holds FROM r`,
          sql`WITH r AS (INSERT INTO ${table} (id, ${column}) OVERRIDING SYSTEM VALUE VALUES (3000000000, 3000000000) RETURNING id) SELECT count(*) = 1 AS holds FROM r`,
          sql`SELECT attidentity = 'a' AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND NOT convalidated) AS holds FROM pg_attribute WHERE attrelid = ${{ literal: sql`${table}` }}::regclass AND attname = 'id'`,
        ],
      };
    },
  },
  {
    title:
      'widen-key: an identity by default, a table whose key has it as a part, and one that refers to that',
    build: (names) => {
      const { schema, table, other, column, second, fresh } = names;
      const third = { schema, name: fresh };
      return {
        change: { kind: 'widen-key', table, type: 'bigint' },
        schema: sql`CREATE TABLE ${table} (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, ${second} text);
          CREATE TABLE ${other} (id int NOT NULL, ${column} int REFERENCES ${table}, ${second} int, PRIMARY KEY (${column}, id), UNIQUE (id, ${column}) INCLUDE (${second}));
          COMMENT ON COLUMN ${other}.${column} IS 'of whom';
          CREATE TABLE ${third} (${second} int, ${column} int, FOREIGN KEY (${column}, ${second}) REFERENCES ${other} MATCH FULL ON UPDATE CASCADE);
          CREATE STATISTICS ${{ schema, name: [...fresh].slice(0, 8).join('') + '_s' }} ON id, ${column} FROM ${other};
          INSERT INTO ${table} (${second}) SELECT 'v' || i FROM generate_series(1, 60) i;
          INSERT INTO ${other} SELECT i, i, i FROM generate_series(1, 60) i;
          INSERT INTO ${third} SELECT i, i FROM generate_series(1, 60) i`,
        versions: [app(names), app(names)].map((version) => ({
          ...version,
          writes: (round: number) => [
            ...version.writes(round).slice(0, 2),
            sql`INSERT INTO ${third} (${column}, ${second}) VALUES (${(round % 60) + 1}, ${round})`,
            sql`INSERT INTO ${other} (id, ${column}) VALUES (${round}, ${(round % 60) + 1}) ON CONFLICT (${column}, id) DO UPDATE SET ${second} = 1`,
          ],
        })),
        untouched: sql`SELECT * FROM ${other} WHERE id <= 60 ORDER BY id`,
        done: [
          isWide(table, 'id'),
          isWide(other, column),
          isWide(third, column),
          ...nothingLeft,
          sql`SELECT attidentity = 'd' AS holds FROM pg_attribute WHERE attrelid = ${{ literal: sql`${table}` }}::regclass AND attname = 'id'`,
          sql`WITH r AS (INSERT INTO ${table} (id) VALUES (3000000000) RETURNING id) SELECT count(*) = 1 AS holds FROM r`,
          sql`WITH r AS (INSERT INTO ${other} (id, ${column}) VALUES (61, 3000000000) RETURNING id) SELECT count(*) = 1 AS holds FROM r`,
          sql`WITH r AS (INSERT INTO ${third} (${second}, ${column}) VALUES (61, 3000000000) RETURNING 1) SELECT count(*) = 1 AS holds FROM r`,
          sql`SELECT count(*) = 2 AS holds FROM pg_constraint WHERE conrelid = ${{ literal: sql`${other}` }}::regclass AND contype IN ('p', 'u') AND array_length(conkey, 1) = 2`,
        ],
      };
    },
  },
  {
    title:
      'widen-key: smallint to integer, numbered by a sequence that is not its own, and nothing refers to it',
    build: (names) => {
      const { schema, table, other, second, fresh } = names;
      const sequence = { schema, name: fresh };
      const version: AppVersion = {
        writes: () => [
          sql`INSERT INTO ${table} (${second}) VALUES ('r')`,
          sql`UPDATE ${table} SET ${second} = 'u' WHERE id = (SELECT max(id) FROM ${table})`,
        ],
        reads: [sql`SELECT count(*)::int, max(id) FROM ${table}`],
      };
      return {
        change: { kind: 'widen-key', table, type: 'integer' },
        schema: sql`CREATE SEQUENCE ${sequence} AS smallint MAXVALUE 30000 START 61;
          CREATE TABLE ${other} (id int PRIMARY KEY);
          INSERT INTO ${other} SELECT i FROM generate_series(1, 30000) i;
          CREATE TABLE ${table} (id smallint PRIMARY KEY DEFAULT nextval(${{ literal: sql`${sequence}` }}) REFERENCES ${other}, ${second} text);
          INSERT INTO ${table} SELECT i, 'v' || i FROM generate_series(1, 60) i`,
        versions: [version, version],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          isWide(table, 'id', 'integer'),
          ...nothingLeft,
          sql`SELECT seqtypid = 'integer'::regtype AND seqmax = 30000 AS holds FROM pg_sequence WHERE seqrelid = ${{ literal: sql`${sequence}` }}::regclass`,
        ],
      };
    },
  },
  ...widenKeyViewCases,
];
