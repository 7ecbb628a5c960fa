import { formatIdentifier } from '../../src/sql/identifier';
import { sql, type NamedCase } from './recipe-case';

/** Cases of the recipes that rename and drop attributes of composite types. */
export const attributeChangeCases: NamedCase[] = [
  {
    title: 'rename-attribute: of a type that columns, arrays, an index and a view have',
    build: ({ schema, table, other, column, second, fresh }) => {
      const view = { schema, name: 'rows' };
      const read = { schema, name: 'read' };
      const body = `BEGIN RETURN QUERY SELECT (v).${formatIdentifier(fresh)} FROM ${sql`${table}`} ORDER BY 1; END`;
      return {
        change: { kind: 'rename-attribute', table: other, name: column, to: fresh },
        commandLine: { name: 'amount', to: 'fresh' },
        schema: sql`CREATE TYPE ${other} AS (${second} int, ${column} varchar(300), last int[]);
          COMMENT ON TYPE ${other} IS 'one'; COMMENT ON COLUMN ${other}.${column} IS 'two';
          CREATE TABLE ${table} (id int PRIMARY KEY, v ${other}, list ${other}[]);
          CREATE INDEX ON ${table} (((v).${column}));
          CREATE VIEW ${view} AS SELECT id, (v).${column} FROM ${table};
          INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN ROW(i, 'v' || i, '{1}')::${other} END, ARRAY[ROW(i, NULL, NULL)::${other}]
            FROM generate_series(1, 60) i;
          CREATE FUNCTION ${read}() RETURNS SETOF varchar LANGUAGE plpgsql STABLE SET search_path = ${schema}, pg_catalog AS ${{ literal: body }}`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, v) VALUES (${round}, ROW(1, 'a', NULL))`,
              sql`UPDATE ${table} SET v.${column} = 'b' WHERE id = ${round}`,
            ],
            reads: [
              sql`SELECT id, (v).${column} FROM ${table} ORDER BY id`,
              sql`SELECT * FROM ${view} ORDER BY id`,
            ],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, v) VALUES (${round}, jsonb_populate_record(NULL::${other}, jsonb_build_object(${{ literal: column }}, 'c', ${{ literal: fresh }}, 'c')))`,
            ],
            reads: [sql`SELECT * FROM ${read}()`, sql`SELECT * FROM ${view} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 40 AS holds FROM ${table} WHERE id <= 60 AND (v).${fresh} = 'v' || id`,
          sql`SELECT bool_and((v).${fresh} = 'c') AS holds FROM ${table} WHERE id > 60 AND (v).${second} IS NULL`,
        ],
      };
    },
  },
  {
    title: 'drop-attribute: the last one, of a type that routines take and no column has',
    build: ({ schema, table, other, column, second, fresh }) => {
      const take = { schema, name: 'take' };
      const made = sql`jsonb_populate_record(NULL::${other}, jsonb_build_object(${{ literal: column }}, 'a', ${{ literal: second }}, 'b'))`;
      return {
        change: { kind: 'drop-attribute', table: other, name: second },
        commandLine: { name: 'note' },
        schema: sql`CREATE TYPE ${other} AS (${column} text, ${fresh} int, ${second} varchar(300) COLLATE "C");
          COMMENT ON TYPE ${other} IS 'one'; COMMENT ON COLUMN ${other}.${second} IS 'it''s "two"';
          CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text);
          INSERT INTO ${table} SELECT i, 'v' || i FROM generate_series(1, 60) i;
          CREATE FUNCTION ${take}(${other}) RETURNS text LANGUAGE sql AS ${{ literal: sql`SELECT ($1).${column}` }}`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} SELECT ${round}, ${take}(ROW('a', 1, 'b')::${other})`,
            ],
            reads: [sql`SELECT (ROW('a', 1, 'b')::${other}).${second}`],
          },
          {
            writes: (round) => [sql`INSERT INTO ${table} SELECT ${round}, ${take}(`.concat(made, ')')],
            reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT ROW('a', 1)::${other} IS NOT NULL AS holds`],
      };
    },
  },
  {
    title: 'drop-attribute: one in the middle, of a type that columns of a partitioned table have',
    build: ({ schema, table, other, column, second, fresh }) => ({
      change: { kind: 'drop-attribute', table: other, name: second },
      schema: sql`CREATE TYPE ${other} AS (${column} text, ${second} int, ${fresh} int);
        CREATE TABLE ${table} (id int, v ${other}) PARTITION BY RANGE (id);
        CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${table} DEFAULT;
        INSERT INTO ${table} SELECT i, ROW('v', i, i)::${other} FROM generate_series(1, 60) i`,
      versions: [
        {
          writes: (round) => [sql`INSERT INTO ${table} VALUES (${round}, ROW('a', 1, 2))`],
          reads: [sql`SELECT id, (v).${second} FROM ${table} ORDER BY id`],
        },
        {
          writes: (round) => [
            sql`INSERT INTO ${table} VALUES (${round}, jsonb_populate_record(NULL::${other}, jsonb_build_object(${{ literal: fresh }}, 3)))`,
          ],
          reads: [sql`SELECT id, (v).${column}, (v).${fresh} FROM ${table} ORDER BY id`],
        },
      ],
      untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`SELECT bool_and(v = ROW('v', id)::${other}) AS holds FROM ${table} WHERE id <= 60`,
        sql`SELECT count(*) > 0 AS holds FROM ${table} WHERE (v).${fresh} = 3`,
      ],
    }),
  },
];
