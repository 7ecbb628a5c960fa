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
];
