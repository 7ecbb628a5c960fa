import { sql, type NamedCase } from './recipe-case';

/** Cases of the recipe that adds an attribute to a composite type. */
export const attributeCases: NamedCase[] = [
  {
    title: 'add-attribute: to a type that routines take and give, and a view has',
    build: ({ schema, table, other, column, second, fresh }) => {
      const give = { schema, name: 'give' };
      const take = { schema, name: 'take' };
      const made = (value: string): string =>
        sql`jsonb_populate_record(NULL::${other}, jsonb_build_object(${{ literal: column }}, `.concat(
          `${value}))`,
        );
      return {
        change: { kind: 'add-attribute', table: other, name: fresh, type: 'numeric(10, 2)[]' },
        commandLine: { name: 'fresh', type: 'numeric(10, 2)[]' },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text);
          INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN 'v' || i END FROM generate_series(1, 60) i;
          CREATE TYPE ${other} AS (${column} text, ${second} int);
          COMMENT ON TYPE ${other} IS 'one'; COMMENT ON COLUMN ${other}.${second} IS 'two';
          CREATE FUNCTION ${take}(${other}) RETURNS text LANGUAGE sql AS ${{ literal: sql`SELECT ($1).${column}` }};
          CREATE FUNCTION ${give}(text) RETURNS ${other} LANGUAGE plpgsql AS ${{ literal: sql`DECLARE r ${other}; BEGIN r.${column} := $1; RETURN r; END` }};
          CREATE VIEW ${{ schema, name: 'rows' }} AS SELECT id, ROW(${column}, id)::${other} AS r FROM ${table}`,
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} SELECT ${round}, ${take}(ROW('a', 1)::${other})`],
            reads: [
              sql`SELECT ${take}(${give}('x')) AS x`,
              sql`SELECT id, (r).${column} FROM ${{ schema, name: 'rows' }} ORDER BY id`,
            ],
          },
          {
            writes: (round) => [sql`INSERT INTO ${table} SELECT ${round}, ${take}(`.concat(made("'a'"), ')')],
            reads: [
              sql`SELECT ${take}(${give}('x')) AS x`,
              sql`SELECT id, (r).${column} FROM ${{ schema, name: 'rows' }} ORDER BY id`,
            ],
          },
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT (ROW('a', 1, ARRAY[1.234])::${other}).${fresh}[1] = 1.23 AS holds`,
          sql`SELECT bool_and((r).${fresh} IS NULL) AS holds FROM ${{ schema, name: 'rows' }}`,
        ],
      };
    },
  },
  {
    title:
      'add-attribute: to a type that columns, arrays, a domain, a default, a check, an index and views have',
    build: ({ schema, table, other, column, second, fresh }) => {
      const view = { schema, name: 'rows' };
      const kept = { schema, name: 'kept' };
      const domain = { schema, name: 'd' };
      const made = sql`jsonb_populate_record(NULL::${other}, jsonb_build_object(${{ literal: column }}, 'b'))`;
      const reads = [
        sql`SELECT id, (v).${column}, (list[1]).${second}, (w).${column} AS w FROM ${table} ORDER BY id`,
        sql`SELECT * FROM ${view} ORDER BY id`,
        sql`SELECT count(*)::int FROM ${table} WHERE v = (SELECT v FROM ${table} WHERE id = 7)`,
        sql`SELECT id FROM ${table} ORDER BY v, id`,
        sql`SELECT id, (v).${column} FROM ${kept} ORDER BY id`,
      ];
      return {
        change: { kind: 'add-attribute', table: other, name: fresh, type: 'varchar(9)' },
        schema: sql`CREATE TYPE ${other} AS (${second} int, ${column} text);
          CREATE DOMAIN ${domain} AS ${other} CHECK ((VALUE).${second} > 0);
          CREATE TABLE ${table} (id int PRIMARY KEY, v ${other} DEFAULT ROW(1, 'd')::${other} CHECK (v <> ROW(0, 'x')::${other}), list ${other}[], w ${domain},
            n int GENERATED ALWAYS AS ((v).${second}) STORED);
          CREATE INDEX ON ${table} (v);
          INSERT INTO ${table} (id, v, list, w) SELECT i, CASE WHEN i % 3 > 0 THEN ROW(i, 'v' || i)::${other} END, ARRAY[ROW(i, NULL)::${other}], ROW(i, 'w')::${domain}
            FROM generate_series(1, 60) i;
          CREATE VIEW ${view} AS SELECT id, (v).*, ROW(id, 'x')::${other} = v AS same FROM ${table};
          CREATE MATERIALIZED VIEW ${kept} AS SELECT * FROM ${table};
          ANALYZE ${table}`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, list) VALUES (${round}, ARRAY[ROW(1, 'a')::${other}])`,
              sql`UPDATE ${table} SET v = ROW(${round}, 'a') WHERE id = ${round}`,
            ],
            reads,
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id) VALUES (${round})`,
              sql`UPDATE ${table} SET w.${column} = 'x', v = `.concat(made, sql` WHERE id = ${round}`),
              sql`UPDATE ${table} SET v.${column} = 'b', list = list || v WHERE id = ${round}`,
            ],
            reads,
          },
        ],
        untouched: sql`SELECT id, (v).${second} AS a, (v).${column} AS b, (list[1]).${second} AS c FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 60 AS holds FROM ${table} WHERE (v).${fresh} IS NULL AND (list[1]).${fresh} IS NULL AND (w).${fresh} IS NULL AND id <= 60`,
          sql`SELECT count(*) = 1 AS holds FROM ${table} WHERE v = ROW(7, 'v7', NULL)::${other}`,
          sql`WITH r AS (UPDATE ${table} SET v.${fresh} = 'f' WHERE id = 7 RETURNING (v).${fresh} = 'f' AND (v).${column} = 'v7' AS holds) SELECT * FROM r`,
        ],
      };
    },
  },
];
