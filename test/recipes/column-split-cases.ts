import { columnExists } from '../../src/plan/pieces/sql-text';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of split-column. */
export const splitColumnCases: NamedCase[] = [
  {
    title: 'split-column: a required name with default, comment, unique index and grants',
    build: (names) => ({
      ...split(names),
      commandLine: {
        column: 'amount',
        into: 'fresh text, note text',
        expression: `split_part("amount", ' ', 1), substr("amount", strpos("amount", ' ') + 1)`,
        back: `"fresh" || ' ' || "note"`,
      },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} text NOT NULL DEFAULT 'no one' CHECK (${names.column} <> ''));
        COMMENT ON COLUMN ${names.table}.${names.column} IS 'it''s "one"';
        CREATE INDEX ON ${names.table} (lower(${names.column}));
        CREATE UNIQUE INDEX ON ${names.table} (${names.column}) WHERE ${names.column} > 'zz';
        GRANT SELECT (${names.column}), UPDATE (${names.column}) ON ${names.table} TO PUBLIC;
        INSERT INTO ${names.table} SELECT i, 'f' || i || ' l' || i || ' x' FROM generate_series(1, 60) i`,
      done: [
        ...split(names).done,
        sql`SELECT count(*) = 2 AS holds FROM pg_attribute WHERE attacl IS NOT NULL AND attnum > 0 AND NOT attisdropped AND attname IN (${{ literal: names.fresh }}, ${{ literal: names.second }})`,
      ],
    }),
  },
  {
    title: 'split-column: one with NULLs, without a key',
    build: (names) => ({
      ...split(names),
      schema: sql`CREATE TABLE ${names.table} (id int, ${names.column} varchar(200));
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 > 0 THEN 'f' || i || ' l' END FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'split-column: into numbers, on a partitioned table with another trigger',
    build: (names) => {
      const { table, column, fresh, second, other } = names;
      const back = sql`point(${fresh}, ${second})`;
      return {
        ...split(names),
        change: {
          kind: 'split-column',
          table,
          column,
          into: [
            { column: fresh, type: 'double precision', expression: sql`${column}[0]` },
            { column: second, type: 'numeric(12,1)', expression: sql`${column}[1]` },
          ],
          back,
        },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} point, "found" int DEFAULT 1) PARTITION BY RANGE (id);
          CREATE TABLE ${other} PARTITION OF ${table} FOR VALUES FROM (MINVALUE) TO (30);
          CREATE TABLE ${{ schema: names.schema, name: 'rest' }} PARTITION OF ${table} DEFAULT;
          CREATE FUNCTION ${{ schema: names.schema, name: 'count' }}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW."found" := 2; RETURN NEW; END';
          CREATE TRIGGER "zzz" BEFORE INSERT ON ${other} FOR EACH ROW EXECUTE FUNCTION ${{ schema: names.schema, name: 'count' }}();
          INSERT INTO ${table} SELECT i, CASE WHEN i % 5 > 0 THEN point(i, i + 0.5) END FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, '(1,2.5)')`,
              sql`UPDATE ${table} SET ${column} = '(3,4)' WHERE id = ${round - 1}`,
              sql`UPDATE ${table} SET id = -id WHERE id = ${round - 1}`,
            ],
            reads: [sql`SELECT id, ${column}[0] FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${fresh}, ${second}) VALUES (${round}, 5, 6.1)`,
              sql`UPDATE ${table} SET ${fresh} = 7.25 WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id, ${fresh} FROM ${table} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT id, ${column}::text, "found" FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        agree: sql`SELECT count(*) = 0 AS holds FROM ${table} WHERE ROW(${column})::record *<> ROW(point(${fresh}, ${second}))::record`,
        done: [sql`SELECT ${fresh} = 7 AND ${second} = 7.5 AS holds FROM ${table} WHERE id = 7`],
      };
    },
  },
];

function split({ table, column, fresh, second }: CaseNames): Omit<RecipeCase, 'schema'> {
  const named = sql`${column}`;
  const back = sql`${fresh} || ' ' || ${second}`;
  return {
    change: {
      kind: 'split-column',
      table,
      column,
      into: [
        { column: fresh, type: 'text', expression: `split_part(${named}, ' ', 1)` },
        { column: second, type: 'text', expression: `substr(${named}, strpos(${named}, ' ') + 1)` },
      ],
      back,
    },
    versions: [
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'old ' || ${round})`,
          sql`UPDATE ${table} SET ${column} = 'older ' || ${round} WHERE id = ${round - 1}`,
        ],
        reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
      },
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${fresh}, ${second}) VALUES (${round}, 'new one', ${{ literal: String(round) }})`,
          sql`UPDATE ${table} SET ${fresh} = 'newer' WHERE id = ${round - 1}`,
          sql`UPDATE ${table} SET ${fresh} = 'newest', ${second} = 'b' || ${round} WHERE id = ${round}`,
        ],
        reads: [sql`SELECT id, ${fresh}, ${second} FROM ${table} ORDER BY id`],
      },
    ],
    untouched: sql`SELECT id, ${column} FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
    agree: sql`SELECT count(*) = 0 AS holds FROM ${table} WHERE ROW(${column}::text)::record OPERATOR(pg_catalog.*<>) ROW(${fresh} || ' ' || ${second})::record`,
    done: [
      sql`SELECT ${fresh} = 'f7' AND ${second} LIKE 'l%' AS holds FROM ${table} WHERE id = 7`,
      `SELECT NOT ${columnExists(table, column)} AS holds`,
    ],
  };
}
