import { sql, type NamedCase } from './recipe-case';
import { rebuildViewCases } from './view-rebuild-cases';
import { materializedViewCases } from './view-materialized-cases';

/** Cases of the recipes for views. */
export const viewCases: NamedCase[] = [
  {
    title: 'replace-view: the same columns, with options, a trigger, rights and views over it',
    build: ({ schema, table, other, column, second, fresh }) => {
      const over = { schema, name: 'over "it"' };
      const kept = { schema, name: 'kept' };
      const route = { schema, name: 'route' };
      return {
        change: {
          kind: 'replace-view',
          table: other,
          definition: sql`SELECT id, upper(${column})::text AS ${fresh}, ${second} FROM ${table} WHERE id > 0`,
        },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int);
          INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN 'v' || i END, i FROM generate_series(1, 60) i;
          CREATE VIEW ${other} WITH (security_barrier = true) AS SELECT id, ${column} AS ${fresh}, ${second} FROM ${table};
          COMMENT ON VIEW ${other} IS 'seen'; COMMENT ON COLUMN ${other}.${fresh} IS 'it''s';
          GRANT SELECT, UPDATE (${second}) ON ${other} TO PUBLIC;
          ALTER VIEW ${other} ALTER COLUMN ${second} SET DEFAULT 7;
          CREATE VIEW ${over} AS SELECT ${fresh} FROM ${other};
          CREATE MATERIALIZED VIEW ${kept} AS SELECT ${fresh} FROM ${over};
          CREATE FUNCTION ${route}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
          CREATE TRIGGER ${fresh} INSTEAD OF DELETE ON ${other} FOR EACH ROW EXECUTE FUNCTION ${route}()`,
        versions: Array.from({ length: 2 }, () => ({
          writes: (round: number) => [
            sql`INSERT INTO ${table} VALUES (${round}, 'new', 1)`,
            sql`UPDATE ${other} SET ${second} = 2 WHERE id = ${round}`,
          ],
          reads: [
            sql`SELECT id, lower(${fresh}) AS low, ${second} FROM ${other} ORDER BY id`,
            sql`SELECT count(*) > 0 AS seen FROM ${over}`,
          ],
        })),
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT ${fresh} = 'V1' AS holds FROM ${other} WHERE id = 1`,
          sql`SELECT reloptions::text = '{security_barrier=true}' AS holds FROM pg_class WHERE oid = ${{ literal: sql`${other}` }}::regclass`,
        ],
      };
    },
  },
  {
    title: 'replace-view: a column behind the others',
    build: ({ table, other, column, second, fresh }) => ({
      change: {
        kind: 'replace-view',
        table: other,
        definition: sql`SELECT id, ${column}, ${second} * 2 AS ${fresh} FROM ${table}`,
      },
      commandLine: { definition: 'SELECT id, "amount", "note" * 2 AS "fresh" FROM app.orders' },
      schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int);
        INSERT INTO ${table} SELECT i, 'v' || i, i FROM generate_series(1, 60) i;
        CREATE VIEW ${other} AS SELECT id, ${column} FROM ${table}`,
      versions: Array.from({ length: 2 }, () => ({
        writes: (round: number) => [sql`INSERT INTO ${other} (id, ${column}) VALUES (${round}, 'new')`],
        reads: [sql`SELECT id, ${column} FROM ${other} ORDER BY id`],
      })),
      untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
      done: [sql`SELECT ${fresh} = 2 AS holds FROM ${other} WHERE id = 1`],
    }),
  },
  ...materializedViewCases,
  ...rebuildViewCases,
];
