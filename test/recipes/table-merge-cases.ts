import { sql, type NamedCase } from './recipe-case';

/** Cases of the recipe that merges a table into the one it refers to. */
export const mergeTablesCases: NamedCase[] = [
  {
    title:
      'merge-tables: with a key of its own, a required column, a unique one, defaults, and rows without a partner',
    build: ({ schema, table, other, column, second, fresh }) => {
      const third = { schema, name: fresh };
      return {
        change: { kind: 'merge-tables', table, to: other, constraint: null },
        commandLine: { to: 'app.customers' },
        schema: sql`CREATE TABLE ${third} (id int PRIMARY KEY);
          INSERT INTO ${third} SELECT i FROM generate_series(1, 60) i;
          CREATE TABLE ${other} (id int PRIMARY KEY, label text);
          INSERT INTO ${other} SELECT i, 'l' FROM generate_series(1, 70) i;
          CREATE TABLE ${table} (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner_id int NOT NULL UNIQUE REFERENCES ${other} ON DELETE CASCADE,
            ${column} text NOT NULL CONSTRAINT ${fresh} CHECK (${column} <> 'bad'),
            ${second} int REFERENCES ${third}, kept text NOT NULL DEFAULT 'basic', since timestamptz DEFAULT now()
          );
          CREATE UNIQUE INDEX ON ${table} (${column}); CREATE INDEX ON ${table} (owner_id, kept);
          COMMENT ON TABLE ${table} IS 'a table'; COMMENT ON COLUMN ${table}.kept IS 'kept';
          INSERT INTO ${table} (owner_id, ${column}, ${second}, since) SELECT i, 'v' || i, CASE WHEN i % 3 > 0 THEN i END, '2020-01-01'
            FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (id) VALUES (${round}), (${-round})`,
              sql`INSERT INTO ${table} (owner_id, ${column}) VALUES (${round}, ${{ literal: `old ${round}` }})`,
              sql`UPDATE ${table} SET ${second} = 7, kept = 'gold' WHERE owner_id = ${round}`,
              sql`INSERT INTO ${table} (owner_id, ${column}) VALUES (${round}, ${{ literal: `up ${round}` }})
                ON CONFLICT (owner_id) DO UPDATE SET ${column} = EXCLUDED.${column}, ${second} = EXCLUDED.${second}`,
              sql`INSERT INTO ${table} (owner_id, ${column}) VALUES (${-round}, ${{ literal: `gone ${round}` }})`,
              sql`DELETE FROM ${table} WHERE owner_id = ${-round}`,
              sql`DELETE FROM ${other} WHERE id = ${round} AND ${round} % 3 = 0`,
            ],
            reads: [sql`SELECT owner_id, ${column}, ${second}, kept, since FROM ${table} ORDER BY owner_id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (id, ${column}, ${second}) VALUES (${round}, ${{ literal: `new ${round}` }}, 8)`,
              sql`INSERT INTO ${other} (id) VALUES (${-round})`,
              sql`UPDATE ${other} SET ${column} = ${{ literal: `late ${round}` }}, kept = 'silver' WHERE id = ${-round}`,
              sql`UPDATE ${other} SET ${second} = NULL, label = 'm' WHERE id = ${round}`,
              sql`UPDATE ${other} SET ${second} = NULL, since = NULL WHERE id = ${-round} AND ${round} % 2 = 0`,
              sql`DELETE FROM ${other} WHERE id = ${round} AND ${round} % 3 = 0`,
            ],
            reads: [
              sql`SELECT id, ${column}, ${second}, kept, since FROM ${other} WHERE ${column} IS NOT NULL ORDER BY id`,
            ],
          },
        ],
        untouched: sql`SELECT * FROM ${table} WHERE owner_id BETWEEN 1 AND 60 ORDER BY id`,
        agree: sql`SELECT count(*) = 0 AS holds FROM ${table} t FULL JOIN (SELECT * FROM ${other} WHERE ${column} IS NOT NULL) o ON o.id = t.owner_id
          WHERE ROW(t.${column}, t.${second}, t.kept, t.since) IS DISTINCT FROM ROW(o.${column}, o.${second}, o.kept, o.since)`,
        done: [
          sql`SELECT count(*) = 60 AS holds FROM ${other} WHERE id BETWEEN 1 AND 60 AND ${column} = 'v' || id AND kept = 'basic' AND (${second} IS NULL) = (id % 3 = 0) AND since = '2020-01-01'`,
          sql`SELECT count(*) = 10 AS holds FROM ${other} WHERE id BETWEEN 61 AND 70 AND ${column} IS NULL`,
          sql`SELECT count(*) = 0 AS holds FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${{ literal: schema }} AND c.relname = ${{ literal: table.name }}`,
          sql`SELECT count(*) = 0 AS holds FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ${{ literal: schema }}`,
        ],
      };
    },
  },
  {
    title:
      'merge-tables: where both have the same key and every row has a partner, the other one partitioned',
    build: ({ schema, table, other, column, second, fresh }) => {
      const part = { schema, name: fresh };
      return {
        change: { kind: 'merge-tables', table, to: other, constraint: 'of_whole' },
        schema: sql`CREATE TABLE ${other} (id int PRIMARY KEY, label text) PARTITION BY RANGE (id);
          CREATE TABLE ${part} PARTITION OF ${other} DEFAULT;
          INSERT INTO ${other} SELECT i, 'l' FROM generate_series(1, 60) i;
          CREATE TABLE ${table} (
            id int PRIMARY KEY CONSTRAINT of_whole REFERENCES ${other} ON UPDATE CASCADE ON DELETE CASCADE,
            ${column} json, ${second} varchar(20) NOT NULL, CHECK (length(${second}) > 1)
          );
          CREATE INDEX ON ${table} (${second});
          INSERT INTO ${table} SELECT i, CASE WHEN i % 2 = 0 THEN '{"a":  1}'::json END, 'v' || i FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`WITH whole AS (INSERT INTO ${other} VALUES (${round}, 'n') RETURNING id) SELECT FROM whole`,
              sql`INSERT INTO ${table} VALUES (${round}, '[]', 'old')`,
              sql`UPDATE ${table} SET ${column} = NULL WHERE id = ${round} AND ${round} % 2 = 0`,
              sql`UPDATE ${other} SET id = ${-round} WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id, ${column}::text, ${second} FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (id, ${second}) VALUES (${round}, 'new')`,
              sql`UPDATE ${other} SET ${column} = '[2]', label = 'z' WHERE id = ${round}`,
              sql`UPDATE ${other} SET id = ${-round}, ${column} = '[3]' WHERE id = ${round} AND ${round} % 2 = 0`,
              sql`DELETE FROM ${other} WHERE id = ${round} AND ${round} % 3 = 0`,
            ],
            reads: [sql`SELECT id, ${column}::text, ${second} FROM ${other} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT id, ${column}::text, ${second} FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        agree: sql`SELECT count(*) = 0 AS holds FROM ${table} t FULL JOIN ${other} o USING (id) WHERE t.${second} IS DISTINCT FROM o.${second} OR t.${column}::text IS DISTINCT FROM o.${column}::text`,
        done: [
          sql`SELECT count(*) = 60 AS holds FROM ${other} WHERE id BETWEEN 1 AND 60 AND ${second} = 'v' || id AND (${column} IS NULL) = (id % 2 = 1)`,
          sql`SELECT attnotnull AS holds FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE c.relname = ${{ literal: other.name }} AND attname = ${{ literal: second }}`,
          sql`SELECT count(*) = 1 AS holds FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid WHERE c.relname = ${{ literal: other.name }} AND contype = 'c' AND convalidated AND pg_get_constraintdef(k.oid) LIKE '%length%'`,
        ],
      };
    },
  },
];
