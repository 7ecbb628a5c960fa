import { sql, type AppVersion, type NamedCase } from './recipe-case';

/** Cases of the recipe that makes a primary key wider under views. */
export const widenKeyViewCases: NamedCase[] = [
  {
    title:
      'widen-key: with views over it, over a column that refers to it and over each other, that have rights, comments, a default and a trigger',
    build: ({ schema, table, other, column, second, fresh }) => {
      const named = (name: string): typeof table => ({ schema, name });
      const [shown, joined, summed, apart, added] = ['shown', 'joined', fresh, 'apart', 'added'].map(
        named,
      ) as [typeof table, typeof table, typeof table, typeof table, typeof table];
      const typeOf = (view: typeof table, of: string, type: string): string =>
        sql`SELECT format_type(atttypid, atttypmod) = ${{ literal: type }} AS holds FROM pg_attribute
          WHERE attrelid = ${{ literal: sql`${view}` }}::regclass AND attname = ${{ literal: of }}`;
      const version: AppVersion = {
        writes: (round) => [
          sql`INSERT INTO ${shown} (${second}) VALUES ('r') RETURNING id`,
          sql`UPDATE ${shown} SET ${second} = 's' WHERE id = ${(round % 60) + 1}`,
          sql`INSERT INTO ${added} (id, ${column}) VALUES (${round}, ${(round % 60) + 1})`,
          sql`UPDATE ${other} SET ${column} = ${((round + 7) % 60) + 1} WHERE id = ${round}`,
        ],
        reads: [
          sql`SELECT "an id"::text, n, "it""s" FROM ${joined} WHERE "an id" <= 60 ORDER BY 1`,
          sql`SELECT count(*)::int, max(k)::text FROM ${summed}`,
          sql`SELECT count(*)::int FROM ${apart}`,
          sql`SELECT max(id)::text FROM ${shown} WHERE has_column_privilege('pg_monitor', ${{ literal: sql`${shown}` }}, 'id', 'SELECT')`,
        ],
      };
      return {
        change: { kind: 'widen-key', table, type: 'bigint' },
        schema: sql`CREATE TABLE ${table} (id serial PRIMARY KEY, ${second} text);
          CREATE TABLE ${other} (id int PRIMARY KEY, ${column} int NOT NULL REFERENCES ${table});
          CREATE VIEW ${shown} WITH (security_barrier, check_option = local) AS SELECT * FROM ${table} WHERE id > 0;
          ALTER VIEW ${shown} ALTER COLUMN ${second} SET DEFAULT 'by the view';
          COMMENT ON VIEW ${shown} IS 'it''s a view'; COMMENT ON COLUMN ${shown}.id IS 'the id';
          GRANT SELECT (id), UPDATE ON ${shown} TO pg_monitor WITH GRANT OPTION;
          GRANT USAGE, CREATE ON SCHEMA ${schema} TO pg_signal_backend;
          GRANT SELECT ON ${table}, ${other} TO pg_signal_backend;
          CREATE VIEW ${joined} ("an id", n, "it""s") AS
            WITH few AS (SELECT id FROM ${table} WHERE id = ANY (ARRAY[1, 2, 3]) OR id BETWEEN 4 AND 60)
            SELECT s.id, (SELECT count(*)::int FROM ${other} l WHERE l.${column} = s.id AND l.id <= 60), s.${second} FROM ${shown} s JOIN few USING (id);
          ALTER VIEW ${joined} OWNER TO pg_signal_backend;
          GRANT SELECT ON ${shown} TO pg_signal_backend;
          CREATE VIEW ${summed} AS SELECT t.id + 1 AS k, t.${second}, count(l.id) AS n FROM ${table} t LEFT JOIN ${other} l ON l.${column} = t.id GROUP BY t.id
            UNION ALL SELECT "an id", "it""s", 0 FROM ${joined} WHERE "an id" < 0;
          CREATE VIEW ${apart} AS SELECT ${second} FROM ${table};
          CREATE VIEW ${added} AS SELECT id, ${column} FROM ${other};
          CREATE FUNCTION ${named('add')}() RETURNS trigger LANGUAGE plpgsql AS ${{ literal: sql`BEGIN INSERT INTO ${other} (id, ${column}) VALUES (NEW.id, NEW.${column}); RETURN NEW; END` }};
          CREATE TRIGGER adds INSTEAD OF INSERT ON ${added} FOR EACH ROW EXECUTE FUNCTION ${named('add')}();
          COMMENT ON TRIGGER adds ON ${added} IS 'it adds';
          INSERT INTO ${table} (${second}) SELECT 'v' || i FROM generate_series(1, 60) i;
          INSERT INTO ${other} SELECT i, i FROM generate_series(1, 60) i`,
        versions: [version, version],
        untouched: sql`SELECT id FROM ${shown} WHERE id <= 60 ORDER BY id`,
        done: [
          typeOf(shown, 'id', 'bigint'),
          typeOf(joined, 'an id', 'bigint'),
          typeOf(summed, 'k', 'bigint'),
          typeOf(added, column, 'bigint'),
          sql`SELECT count(*) = 5 AS holds FROM pg_class WHERE relkind = 'v' AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = ${{ literal: sql`${table}` }}::regclass)`,
          sql`SELECT obj_description(oid, 'pg_class') = 'it''s a view' AND col_description(oid, 1) = 'the id' AND reloptions @> '{security_barrier=true,check_option=local}'
              AND has_table_privilege('pg_monitor', oid, 'UPDATE WITH GRANT OPTION') AND NOT has_table_privilege('pg_monitor', oid, 'SELECT') AS holds
            FROM pg_class WHERE oid = ${{ literal: sql`${shown}` }}::regclass`,
          sql`WITH r AS (INSERT INTO ${shown} (id) VALUES (3000000000) RETURNING id, ${second}) SELECT ${second} = 'by the view' AS holds FROM r`,
          sql`SELECT k = 3000000001 AS holds FROM ${summed} ORDER BY k DESC LIMIT 1`,
        ],
      };
    },
  },
];
