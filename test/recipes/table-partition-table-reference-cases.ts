import { formatQualifiedName, quoteIdentifier } from '../../src/sql/identifier';
import { sql, type NamedCase } from './recipe-case';

/**
 * Cases of the recipe that partitions a table others refer to. The application locks that one last, as foreign keys do:
 * what deletes there names those that refer to it first.
 */
export const partitionReferenceCases: NamedCase[] = [
  {
    title: 'partition-table: that others refer to, with a deferred key, one that is not proved, and comments',
    build: ({ schema, table, other, column, second, fresh }) => {
      const third = { schema, name: 'third' };
      const view = { schema, name: 'shown' };
      return {
        change: {
          kind: 'partition-table',
          table,
          partitionBy: `LIST (${quoteIdentifier(column)})`,
          partitions: "one FOR VALUES IN ('a'); rest DEFAULT",
        },
        schema: sql`CREATE TABLE ${table} (${column} text NOT NULL, id int NOT NULL, ${second} text, PRIMARY KEY (id, ${column}), UNIQUE (${column}, id));
          CREATE TABLE ${other} (id int PRIMARY KEY, ${second} int, ${column} text,
            CONSTRAINT ${fresh} FOREIGN KEY (${second}, ${column}) REFERENCES ${table} DEFERRABLE INITIALLY DEFERRED);
          COMMENT ON CONSTRAINT ${fresh} ON ${other} IS 'it''s a key';
          CREATE TABLE ${third} (id int, at text, ${second} int);
          CREATE VIEW ${view} AS SELECT t.id, o.id AS of FROM ${other} o JOIN ${table} t ON o.${second} = t.id AND o.${column} = t.${column};
          INSERT INTO ${table} SELECT (array['a', 'b', 'c'])[i % 3 + 1], i, 'v' || i FROM generate_series(1, 60) i;
          INSERT INTO ${other} SELECT i, CASE WHEN i % 4 > 0 THEN i END, (array['a', 'b', 'c'])[i % 3 + 1] FROM generate_series(1, 60) i;
          INSERT INTO ${third} VALUES (-1, 'gone', -1);
          ALTER TABLE ${third} ADD CONSTRAINT ${fresh} FOREIGN KEY (at, ${second}) REFERENCES ${table} (${column}, id) MATCH FULL ON DELETE RESTRICT NOT VALID`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${other} VALUES (${round}, ${(round % 60) + 1}, (SELECT ${column} FROM ${table} WHERE id = ${(round % 60) + 1}))`,
              sql`INSERT INTO ${table} VALUES ('n', ${round})`,
              sql`INSERT INTO ${third} VALUES (${round}, 'n', ${round})`,
              sql`UPDATE ${table} SET ${second} = 'u' WHERE id = ${(round % 60) + 1}`,
              sql`UPDATE ${other} SET ${second} = ${round}, ${column} = 'n' WHERE id = ${round}`,
              sql`UPDATE ${other} SET ${second} = NULL WHERE id = ${round}`,
              sql`DELETE FROM ${third} WHERE id = ${round}`,
            ],
            reads: [
              sql`SELECT * FROM ${view} ORDER BY 1, 2`,
              sql`SELECT id, ${second} FROM ${table} ORDER BY id`,
            ],
          },
        ],
        untouched: sql`SELECT id, ${column} FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        done: [
          sql`SELECT relkind = 'p' AS holds FROM pg_class WHERE oid = ${{ literal: formatQualifiedName(table) }}::regclass`,
          sql`SELECT count(*) = 20 AS holds FROM ${{ schema, name: 'one' }} WHERE id <= 60`,
          sql`SELECT count(*) = 1 AS holds FROM pg_constraint WHERE conrelid = ${{ literal: formatQualifiedName(other) }}::regclass AND conname = ${{ literal: fresh }}
              AND confrelid = ${{ literal: formatQualifiedName(table) }}::regclass AND convalidated AND condeferred AND obj_description(oid, 'pg_constraint') = 'it''s a key'`,
          sql`SELECT NOT convalidated AND confdeltype = 'r' AND confmatchtype = 'f' AS holds FROM pg_constraint
              WHERE conrelid = ${{ literal: formatQualifiedName(third) }}::regclass AND conname = ${{ literal: fresh }} AND confrelid = ${{ literal: formatQualifiedName(table) }}::regclass`,
          sql`SELECT count(*) = 2 AS holds FROM pg_constraint WHERE contype = 'f' AND conparentid = 0`,
        ],
      };
    },
  },
  {
    title: 'partition-table: that another refers to by keys that go with it and follow it',
    since: 15,
    build: ({ schema, table, other, column, second, fresh }) => ({
      change: {
        kind: 'partition-table',
        table,
        partitionBy: `RANGE (${quoteIdentifier(column)})`,
        partitions: 'low FOR VALUES FROM (MINVALUE) TO (40); high DEFAULT',
      },
      schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} int PRIMARY KEY, ${second} text);
        CREATE TABLE ${other} (id int, ${column} int NOT NULL CONSTRAINT ${fresh} REFERENCES ${table} ON DELETE CASCADE ON UPDATE CASCADE,
          ${second} int REFERENCES ${table} (${column}) ON DELETE SET NULL ON UPDATE CASCADE);
        INSERT INTO ${table} SELECT i, i, 'v' || i FROM generate_series(1, 60) i;
        INSERT INTO ${other} SELECT i, i, 61 - i FROM generate_series(1, 60) i`,
      versions: [
        {
          writes: (round) => [
            sql`INSERT INTO ${table} VALUES (${round}, ${-round})`,
            sql`INSERT INTO ${other} VALUES (${round}, ${-round}, 8), (${-round}, 9, ${-round})`,
            sql`WITH first AS (SELECT FROM ${other}) UPDATE ${table} SET ${column} = ${round} WHERE ${column} = ${-round}`,
            sql`UPDATE ${other} SET ${second} = ${column} WHERE id = ${round} AND ${column} = ${round}`,
            sql`WITH first AS (SELECT FROM ${other}) DELETE FROM ${table} WHERE ${column} = ${round} AND ${round} % 2 = 0`,
          ],
          reads: [sql`SELECT * FROM ${other} ORDER BY id`, sql`SELECT * FROM ${table} ORDER BY id`],
        },
      ],
      untouched: sql`SELECT o.*, t.id AS t FROM ${other} o JOIN ${table} t USING (${column}) WHERE o.id BETWEEN 1 AND 60 ORDER BY o.id`,
      done: [
        sql`SELECT count(*) = 39 AS holds FROM ${{ schema, name: 'low' }} WHERE id <= 60`,
        sql`SELECT count(*) = 2 AND bool_and(convalidated) AS holds FROM pg_constraint WHERE confrelid = ${{ literal: formatQualifiedName(table) }}::regclass AND conparentid = 0`,
        sql`SELECT count(*) > 0 AND bool_and(id % 2 = 1 AND ${column} = id AND ${second} = id) AS holds FROM ${other} WHERE id > 1000 AND id < 200000`,
        sql`SELECT bool_and(${second} IS NULL OR ${second} = -id) AS holds FROM ${other} WHERE id BETWEEN -200000 AND -1000`,
        sql`WITH first AS (SELECT FROM ${other}), r AS (DELETE FROM ${table} WHERE id = 7 RETURNING id) SELECT count(*) = 1 AS holds FROM r`,
        sql`SELECT count(*) = 1 AND bool_and(${second} IS NULL) AS holds FROM ${other} WHERE id IN (7, 54)`,
      ],
    }),
  },
  {
    title: 'partition-table: that a partitioned table refers to',
    since: 18,
    build: ({ schema, table, other, column, second, fresh }) => {
      const [left, right, deep] = ['left', 'right', 'deep'].map((name) => ({ schema, name })) as [
        typeof table,
        typeof table,
        typeof table,
      ];
      return {
        change: {
          kind: 'partition-table',
          table,
          partitionBy: `RANGE (${quoteIdentifier(column)})`,
          partitions: 'low FOR VALUES FROM (MINVALUE) TO (40); high DEFAULT',
        },
        schema: sql`CREATE TABLE ${table} (${column} int PRIMARY KEY, ${second} text);
          CREATE TABLE ${other} (id int PRIMARY KEY, ${column} int CONSTRAINT ${fresh} REFERENCES ${table} ON DELETE CASCADE) PARTITION BY RANGE (id);
          COMMENT ON CONSTRAINT ${fresh} ON ${other} IS 'of all';
          CREATE TABLE ${left} (${column} int, id int NOT NULL);
          ALTER TABLE ${other} ATTACH PARTITION ${left} FOR VALUES FROM (MINVALUE) TO (30);
          CREATE TABLE ${right} PARTITION OF ${other} DEFAULT PARTITION BY RANGE (id);
          CREATE TABLE ${deep} PARTITION OF ${right} DEFAULT;
          INSERT INTO ${table} SELECT i, 'v' || i FROM generate_series(1, 60) i;
          INSERT INTO ${other} SELECT i, i FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} VALUES (${round})`,
              sql`INSERT INTO ${other} VALUES (${round}, ${round}), (${-round}, ${(round % 60) + 1})`,
              sql`UPDATE ${other} SET ${column} = ${round} WHERE id = ${-round}`,
              sql`WITH first AS (SELECT FROM ${other}) DELETE FROM ${table} WHERE ${column} = ${round} AND ${round} % 2 = 0`,
            ],
            reads: [sql`SELECT * FROM ${other} JOIN ${table} USING (${column}) ORDER BY id`],
          },
        ],
        untouched: sql`SELECT * FROM ${other} JOIN ${table} USING (${column}) WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 1 AND bool_and(convalidated) AS holds FROM pg_constraint WHERE confrelid = ${{ literal: formatQualifiedName(table) }}::regclass AND conparentid = 0`,
          sql`WITH r AS (DELETE FROM ${table} WHERE ${column} IN (7, 47) RETURNING 1) SELECT count(*) = 2 AS holds FROM r`,
          sql`SELECT count(*) = 58 AS holds FROM ${other} WHERE id BETWEEN 1 AND 60`,
        ],
      };
    },
  },
];
