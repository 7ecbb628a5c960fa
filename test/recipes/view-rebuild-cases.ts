import { sql, type CaseNames, type NamedCase } from './recipe-case';

function rows({ table, column, second }: CaseNames): string {
  return sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int);
    INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN 'v' || i END, i FROM generate_series(1, 60) i;`;
}

/** Cases of the recipe that makes a view anew with other columns. */
export const rebuildViewCases: NamedCase[] = [
  {
    title: 'rebuild-view: a column goes, under views that read each other, with all there can be on them',
    build: (names) => {
      const { schema, table, other, column, second, fresh } = names;
      const first = { schema, name: 'z first' };
      const both = { schema, name: 'a "both"' };
      const last = { schema, name: 'last' };
      const route = { schema, name: 'route' };
      return {
        change: {
          kind: 'rebuild-view',
          table: other,
          definition: sql`SELECT ${second}, id, ${column} AS ${fresh} FROM ${table} WHERE id > 0`,
        },
        schema:
          rows(names) +
          sql`CREATE VIEW ${other} WITH (security_barrier = true, check_option = cascaded) AS
            SELECT id, ${second}, 1 AS gone, ${column} AS ${fresh} FROM ${table};
          COMMENT ON VIEW ${other} IS 'seen'; COMMENT ON COLUMN ${other}.${fresh} IS 'it''s'; COMMENT ON COLUMN ${other}.gone IS 'goes';
          GRANT SELECT, INSERT, UPDATE, DELETE ON ${other} TO PUBLIC; GRANT UPDATE (${second}) ON ${other} TO pg_monitor WITH GRANT OPTION;
          GRANT SELECT (gone) ON ${other} TO pg_monitor;
          REVOKE DELETE ON ${other} FROM CURRENT_USER;
          ALTER VIEW ${other} ALTER COLUMN ${second} SET DEFAULT 7;
          CREATE VIEW ${first} AS SELECT ${fresh}, id FROM ${other};
          ALTER VIEW ${first} OWNER TO pg_monitor; COMMENT ON VIEW ${first} IS 'one''s';
          CREATE VIEW ${both} WITH (security_barrier) AS SELECT a.${fresh}, b.${second} FROM ${first} AS a JOIN ${other} AS b USING (id);
          GRANT SELECT ON ${both} TO PUBLIC;
          CREATE VIEW ${last} AS SELECT ${fresh} FROM ${both} UNION ALL SELECT ${fresh} FROM ${first};
          CREATE FUNCTION ${route}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
          CREATE TRIGGER ${fresh} INSTEAD OF UPDATE ON ${both} FOR EACH ROW EXECUTE FUNCTION ${route}();
          COMMENT ON TRIGGER ${fresh} ON ${both} IS 'routes';
          CREATE RULE ${column} AS ON INSERT TO ${last} DO INSTEAD (INSERT INTO ${table} (id) VALUES (0) ON CONFLICT DO NOTHING; NOTIFY "x;y");
          COMMENT ON RULE ${column} ON ${last} IS 'rules'`,
        versions: Array.from({ length: 2 }, () => ({
          writes: (round: number) => [
            sql`INSERT INTO ${table} VALUES (${round}, 'new', 1)`,
            sql`UPDATE ${other} SET ${second} = 2 WHERE id = ${round}`,
          ],
          reads: [
            sql`SELECT id, ${fresh}, ${second} FROM ${other} WHERE id > 0 ORDER BY id`,
            sql`SELECT count(*) > 0 AS seen FROM ${last}`,
          ],
        })),
        untouched: sql`SELECT * FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        done: [
          sql`SELECT array_agg(attname::text ORDER BY attnum) = ARRAY[${{ literal: second }}, 'id', ${{ literal: fresh }}] AS holds
            FROM pg_attribute WHERE attrelid = ${{ literal: sql`${other}` }}::regclass AND attnum > 0`,
          sql`SELECT pg_get_userbyid(relowner) = 'pg_monitor' AS holds FROM pg_class WHERE oid = ${{ literal: sql`${first}` }}::regclass`,
          sql`SELECT count(*) = 2 AS holds FROM pg_class WHERE relname IN (${{ literal: other.name }}, ${{ literal: both.name }})
            AND reloptions::text LIKE '%security_barrier=true%'`,
        ],
      };
    },
  },
  {
    title: 'rebuild-view: a column changes its type, with rights that nobody has changed',
    build: ({ table, other, column, second, fresh, schema }) => ({
      change: {
        kind: 'rebuild-view',
        table: other,
        definition: sql`SELECT id, ${column}, ${second}::bigint AS ${second} FROM ${table}`,
      },
      commandLine: { definition: 'SELECT id, "amount", "note"::bigint AS "note" FROM app.orders' },
      schema:
        rows({ schema, table, other, column, second, fresh }) +
        sql`CREATE VIEW ${other} AS SELECT id, ${column}, ${second} FROM ${table};
        CREATE VIEW ${{ schema, name: fresh }} AS SELECT ${second} + 1 AS more FROM ${other}`,
      versions: Array.from({ length: 2 }, () => ({
        writes: (round: number) => [sql`INSERT INTO ${other} (id, ${column}) VALUES (${round}, 'new')`],
        reads: [sql`SELECT id, ${column}, ${second} > 0 AS some FROM ${other} ORDER BY id`],
      })),
      untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`SELECT pg_typeof(more)::text = 'bigint' AS holds FROM ${{ schema, name: fresh }} LIMIT 1`,
        sql`SELECT relacl IS NULL AS holds FROM pg_class WHERE oid = ${{ literal: sql`${other}` }}::regclass`,
      ],
    }),
  },
];
