import { quoteLiteral } from '../../src/sql/identifier';
import { sql, type CaseNames, type NamedCase } from './recipe-case';

function rows({ table, column, second }: CaseNames): string {
  return sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int);
    INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN 'v' || i END, i FROM generate_series(1, 60) i;`;
}

/** Cases of the recipe that replaces the query of a materialized view. */
export const materializedViewCases: NamedCase[] = [
  {
    title: 'replace-materialized-view: with several indexes, rights, comments, options and views over it',
    build: (names) => {
      const { schema, table, other, column, second, fresh } = names;
      const over = { schema, name: 'over "it"' };
      const above = { schema, name: 'above' };
      const unique = { schema, name: `${'u'.repeat(58)}"ID"` };
      return {
        change: {
          kind: 'replace-materialized-view',
          table: other,
          definition: sql`SELECT id, upper(${column}) AS ${fresh}, ${second}, id * 2 AS twice FROM ${table} WHERE id > 1`,
        },
        commandLine: {
          definition:
            'SELECT id, upper("amount") AS "fresh", "note", id * 2 AS twice FROM app.orders WHERE id > 1',
        },
        schema:
          rows(names) +
          sql`CREATE MATERIALIZED VIEW ${other} WITH (fillfactor = 70) AS SELECT id, ${column} AS ${fresh}, ${second} FROM ${table};
          CREATE UNIQUE INDEX ${unique.name} ON ${other} (id);
          CREATE INDEX "lower ON x.y USING" ON ${other} (lower(${fresh}) text_pattern_ops, ${second} DESC) WITH (fillfactor = 80) WHERE ${second} > 0;
          ALTER INDEX ${{ schema, name: 'lower ON x.y USING' }} ALTER COLUMN 1 SET STATISTICS 77;
          COMMENT ON INDEX ${unique} IS 'o''ne'; ALTER MATERIALIZED VIEW ${other} CLUSTER ON ${unique.name};
          COMMENT ON MATERIALIZED VIEW ${other} IS 'seen'; COMMENT ON COLUMN ${other}.${fresh} IS 'it''s';
          ALTER MATERIALIZED VIEW ${other} ALTER COLUMN ${second} SET STATISTICS 55;
          ALTER MATERIALIZED VIEW ${other} ALTER COLUMN ${second} SET (n_distinct = 7);
          ALTER MATERIALIZED VIEW ${other} ALTER COLUMN ${fresh} SET STORAGE EXTERNAL;
          ALTER MATERIALIZED VIEW ${other} SET (toast.autovacuum_enabled = off);
          GRANT SELECT ON ${other} TO pg_monitor WITH GRANT OPTION; GRANT SELECT (${second}) ON ${other} TO PUBLIC;
          CREATE VIEW ${over} WITH (security_barrier = true) AS SELECT ${fresh}, id FROM ${other};
          COMMENT ON VIEW ${over} IS 'over'; GRANT SELECT ON ${over} TO PUBLIC;
          CREATE VIEW ${above} AS SELECT ${fresh} FROM ${over}`,
        versions: Array.from({ length: 2 }, () => ({
          writes: (round: number) => [sql`INSERT INTO ${table} VALUES (${round}, 'new', 1)`],
          reads: [
            sql`SELECT count(*) >= 59 AS most, bool_or(lower(${fresh}) > '') AS some FROM ${other}`,
            sql`SELECT count(*) > 0 AS seen FROM ${above}`,
          ],
        })),
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT ${fresh} = 'V2' AND twice = 4 AS holds FROM ${other} WHERE id = 2`,
          sql`SELECT max(${fresh}) LIKE 'V%' AS holds FROM ${above}`,
          `SELECT (SELECT attstorage FROM pg_attribute WHERE attrelid = c.oid AND attname = ${quoteLiteral(fresh)}) = 'e'
              AND (SELECT attoptions::text FROM pg_attribute WHERE attrelid = c.oid AND attname = ${quoteLiteral(second)}) = '{n_distinct=7}'
              AND (SELECT reloptions::text FROM pg_class w WHERE w.oid = c.reltoastrelid) = '{autovacuum_enabled=off}' AS holds
             FROM pg_class c WHERE c.relname = ${quoteLiteral(other.name)} AND c.relkind = 'm'`,
          sql`SELECT count(*) = 2 AS holds FROM pg_indexes WHERE schemaname = ${{ literal: schema }} AND tablename = ${{ literal: other.name }}
            AND indexname IN (${{ literal: unique.name }}, 'lower ON x.y USING')`,
          sql`SELECT count(*) = 1 AS holds FROM pg_matviews WHERE schemaname = ${{ literal: schema }}`,
        ],
      };
    },
  },
  {
    title:
      'replace-materialized-view: a column goes and another changes its type, with no index, never filled',
    build: (names) => {
      const { table, other, column, second } = names;
      return {
        change: {
          kind: 'replace-materialized-view',
          table: other,
          definition: sql`WITH every AS (SELECT * FROM ${table}) SELECT ${second}::text AS ${second} FROM every`,
        },
        schema:
          rows(names) +
          sql`CREATE MATERIALIZED VIEW ${other} AS SELECT id, ${column}, ${second} FROM ${table} WITH NO DATA;
          GRANT SELECT (${column}) ON ${other} TO PUBLIC; GRANT SELECT (${second}) ON ${other} TO pg_monitor`,
        versions: Array.from({ length: 2 }, () => ({
          writes: (round: number) => [sql`INSERT INTO ${table} VALUES (${round}, 'new', 1)`],
          reads: [sql`SELECT id FROM ${table} WHERE id <= 60 ORDER BY id`],
        })),
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT count(*) >= 60 AND min(${second}) = '1' AS holds FROM ${other}`],
      };
    },
  },
];
