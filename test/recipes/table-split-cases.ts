import { sql, type NamedCase } from './recipe-case';

/** Cases of the recipe that gives columns a table of their own. */
export const splitTableCases: NamedCase[] = [
  {
    title: 'split-table: with a check, a foreign key, a unique index, comments, rights and a required column',
    build: ({ schema, table, other, column, second, fresh }) => {
      const part = { schema, name: fresh };
      const rest = 'plain';
      return {
        change: { kind: 'split-table', table, columns: [column, second, 'kept'], to: fresh },
        commandLine: { columns: 'amount, note, kept', to: 'fresh' },
        schema: sql`CREATE TABLE ${other} (id int PRIMARY KEY);
          INSERT INTO ${other} SELECT i FROM generate_series(1, 60) i;
          CREATE TABLE ${table} (
            id int PRIMARY KEY, ${rest} text,
            ${column} text COLLATE "C" NOT NULL CONSTRAINT ${fresh} CHECK (${column} <> 'bad'),
            ${second} int REFERENCES ${other},
            kept numeric(8, 2) NOT NULL DEFAULT 1.50
          );
          CREATE UNIQUE INDEX ON ${table} (lower(${column}));
          CREATE INDEX ON ${table} (${second} DESC) WHERE ${second} > 3;
          COMMENT ON COLUMN ${table}.${column} IS 'a ''column'''; COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'a check';
          GRANT SELECT ON ${table} TO PUBLIC; GRANT UPDATE (${column}) ON ${table} TO PUBLIC;
          INSERT INTO ${table} SELECT i, 'p', 'v' || i, CASE WHEN i % 3 > 0 THEN i END FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, ${{ literal: `old ${round}` }})`,
              sql`UPDATE ${table} SET ${second} = 7, kept = 2 WHERE id = ${round}`,
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${-round}, ${{ literal: `gone ${round}` }})`,
              sql`DELETE FROM ${table} WHERE id = ${-round}`,
            ],
            reads: [sql`SELECT id, ${rest}, ${column}, ${second}, kept FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`WITH one AS (INSERT INTO ${table} (id, ${rest}) VALUES (${round}, 'n') RETURNING id) SELECT FROM one`,
              sql`INSERT INTO ${part} (id, ${column}, ${second}) VALUES (${round}, ${{ literal: `new ${round}` }}, 8)
                ON CONFLICT (id) DO UPDATE SET ${column} = EXCLUDED.${column}, ${second} = EXCLUDED.${second}`,
              sql`UPDATE ${part} SET ${second} = NULL, kept = 3 WHERE id = ${round}`,
              sql`UPDATE ${table} SET ${rest} = 'm' WHERE id = ${round}`,
              sql`UPDATE ${table} SET id = ${-round} WHERE id = ${round} AND ${round} % 2 = 0`,
              sql`DELETE FROM ${table} WHERE id = ${round} AND ${round} % 3 = 0`,
            ],
            reads: [
              sql`SELECT t.id, t.${rest}, p.${column}, p.${second}, p.kept FROM ${table} t JOIN ${part} p USING (id) ORDER BY id`,
            ],
          },
        ],
        untouched: sql`SELECT id, ${rest}, ${column}, ${second}, kept FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 0 AS holds FROM ${table} FULL JOIN ${part} USING (id) WHERE (${column} IS NULL OR ${rest} IS NULL) AND id BETWEEN 1 AND 60`,
          sql`SELECT count(*) = 60 AS holds FROM ${part} WHERE id BETWEEN 1 AND 60 AND ${column} = 'v' || id AND kept = 1.5`,
          sql`WITH gone AS (DELETE FROM ${table} WHERE id = 1 RETURNING id) SELECT count(*) = 1 AS holds FROM gone`,
          sql`SELECT count(*) = 0 AS holds FROM ${part} WHERE id = 1`,
        ],
      };
    },
  },
  {
    title: 'split-table: of a partitioned table with a key of two columns',
    build: ({ schema, table, other, column, second, fresh }) => {
      const part = { schema, name: fresh };
      return {
        change: { kind: 'split-table', table, columns: [column], to: fresh },
        schema: sql`CREATE TABLE ${table} (id int, ${second} int DEFAULT 3, ${column} json, rest text, PRIMARY KEY (id, ${second})) PARTITION BY RANGE (id);
          CREATE TABLE ${other} PARTITION OF ${table} DEFAULT;
          INSERT INTO ${table} SELECT i, i, CASE WHEN i % 3 > 0 THEN '{"a":  1}'::json END FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, '[]')`,
              sql`UPDATE ${table} SET ${column} = '{}', ${second} = 4 WHERE id = ${round}`,
            ],
            reads: [sql`SELECT * FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id) VALUES (${round})`,
              sql`INSERT INTO ${part} VALUES (${round}, 3, '[1]') ON CONFLICT (id, ${second}) DO UPDATE SET ${column} = EXCLUDED.${column}`,
              sql`UPDATE ${table} SET rest = 'x' WHERE id = ${round}`,
            ],
            reads: [
              sql`SELECT t.id, p.${column} FROM ${table} t JOIN ${part} p USING (id, ${second}) ORDER BY t.id`,
            ],
          },
        ],
        untouched: sql`SELECT id, ${second}, ${column} FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 40 AS holds FROM ${part} WHERE id <= 60 AND ${column} IS NOT NULL`,
          sql`SELECT count(*) = 1 AS holds FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND conrelid = (SELECT attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE c.relname = ${{ literal: fresh }} AND c.relkind = 'r' AND a.attnum = 1)`,
        ],
      };
    },
  },
];
