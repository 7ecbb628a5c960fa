import { sql, type NamedCase } from './recipe-case';

/** Cases of the recipe that moves columns to the table that theirs refers to. */
export const moveColumnCases: NamedCase[] = [
  {
    title:
      'move-column: one row for each, with a check, a foreign key, unique indexes, comments, rights and rows without a partner',
    build: ({ schema, table, other, column, second, fresh }) => {
      const third = { schema, name: fresh };
      return {
        change: {
          kind: 'move-column',
          table,
          columns: [column, second, 'kept', 'mark'],
          to: other,
          constraint: null,
        },
        commandLine: { columns: 'amount, note, kept, mark', to: 'app.customers' },
        schema: sql`CREATE TABLE ${third} (id int PRIMARY KEY);
          INSERT INTO ${third} SELECT i FROM generate_series(1, 60) i;
          CREATE TABLE ${other} (id bigint PRIMARY KEY, owner_id text, key1 int);
          INSERT INTO ${other} SELECT i, 'r' FROM generate_series(1, 70) i;
          CREATE TABLE ${table} (
            id int PRIMARY KEY, owner_id int NOT NULL UNIQUE REFERENCES ${other} ON DELETE CASCADE ON UPDATE CASCADE, rest text,
            ${column} text COLLATE "C" NOT NULL CONSTRAINT ${fresh} CHECK (${column} <> 'bad'),
            ${second} int REFERENCES ${third},
            kept numeric(8, 2) NOT NULL DEFAULT 1.50,
            mark json, CONSTRAINT both_once UNIQUE (${column}, ${second})
          );
          COMMENT ON CONSTRAINT both_once ON ${table} IS 'once'; CREATE UNIQUE INDEX ON ${table} (lower(${column}));
          CREATE INDEX ON ${table} (${second} DESC) WHERE ${second} > 3;
          COMMENT ON COLUMN ${table}.${column} IS 'a ''column'''; COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'a check';
          GRANT UPDATE (${column}) ON ${table} TO PUBLIC;
          INSERT INTO ${table} (id, owner_id, ${column}, ${second}, mark) SELECT i, 61 - i, 'v' || i, CASE WHEN i % 3 > 0 THEN i END, CASE WHEN i % 4 > 0 THEN '{"a":  1}'::json END
            FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (id) VALUES (${round}), (${-round})`,
              sql`INSERT INTO ${table} (id, owner_id, ${column}) VALUES (${round}, ${round}, ${{ literal: `old ${round}` }})`,
              sql`UPDATE ${table} SET ${second} = 7, kept = 2, mark = '[]' WHERE id = ${round}`,
              sql`INSERT INTO ${table} (id, owner_id, ${column}, ${second}) VALUES (${-round}, ${round}, ${{ literal: `up ${round}` }}, NULL)
                ON CONFLICT (owner_id) DO UPDATE SET ${column} = EXCLUDED.${column}, ${second} = EXCLUDED.${second}`,
              sql`UPDATE ${other} SET owner_id = 'x' WHERE id = ${round}`,
              sql`UPDATE ${table} SET owner_id = ${-round} WHERE id = ${round}`,
              sql`INSERT INTO ${table} (id, owner_id, ${column}) VALUES (${-round}, ${round}, ${{ literal: `gone ${round}` }})`,
              sql`DELETE FROM ${table} WHERE id = ${-round}`,
            ],
            reads: [
              sql`SELECT id, owner_id, rest, ${column}, ${second}, kept, mark::text FROM ${table} ORDER BY id`,
            ],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (id, ${column}, ${second}) VALUES (${round}, ${{ literal: `new ${round}` }}, 8)`,
              sql`INSERT INTO ${table} (id, owner_id) VALUES (${round}, ${round})`,
              sql`UPDATE ${other} SET ${second} = NULL, kept = 3, mark = '[1]' WHERE id = ${round}`,
              sql`UPDATE ${table} SET rest = 'm' WHERE id = ${round}`,
              sql`UPDATE ${other} SET id = ${-round}, ${second} = 9 WHERE id = ${round} AND ${round} % 2 = 0`,
              sql`DELETE FROM ${other} WHERE id = ${round} AND ${round} % 3 = 0`,
            ],
            reads: [
              sql`SELECT t.id, t.rest, o.${column}, o.${second}, o.kept, o.mark::text FROM ${table} t JOIN ${other} o ON o.id = t.owner_id ORDER BY t.id`,
            ],
          },
        ],
        untouched: sql`SELECT id, owner_id, rest, ${column}, ${second}, kept, mark::text FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        agree: sql`SELECT count(*) = 0 AS holds FROM ${table} t JOIN ${other} o ON o.id = t.owner_id
          WHERE ROW(t.${column}, t.${second}, t.kept, t.mark::text) IS DISTINCT FROM ROW(o.${column}, o.${second}, o.kept, o.mark::text)`,
        done: [
          sql`SELECT count(*) = 60 AS holds FROM ${other} WHERE id BETWEEN 1 AND 60 AND ${column} = 'v' || 61 - id AND kept = 1.5 AND (${second} IS NULL) = ((61 - id) % 3 = 0)`,
          sql`SELECT count(*) = 10 AS holds FROM ${other} WHERE id BETWEEN 61 AND 70 AND ${column} IS NULL AND kept IS NULL`,
          sql`WITH made AS (INSERT INTO ${other} (id) VALUES (0) RETURNING kept) SELECT kept = 1.5 AS holds FROM made`,
          sql`SELECT count(*) = 3 AS holds FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid WHERE c.relname = ${{ literal: other.name }} AND contype IN ('c', 'f', 'u') AND convalidated`,
          sql`SELECT count(*) = 4 AS holds FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relname = ${{ literal: other.name }} AND indisvalid`,
          sql`SELECT count(*) = 0 AS holds FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE c.relname IN (${{ literal: other.name }}, ${{ literal: table.name }}) AND NOT tgisinternal`,
        ],
      };
    },
  },
  {
    title: 'move-column: several rows for one, of a partitioned table, by a key of text that changes',
    build: ({ schema, table, other, column, second, fresh }) => {
      const part = { schema, name: fresh };
      return {
        change: { kind: 'move-column', table, columns: [column, second], to: other, constraint: 'by_code' },
        schema: sql`CREATE TABLE ${other} (id int, code text PRIMARY KEY, plain text);
          INSERT INTO ${other} SELECT i, 'c' || i, 'n' FROM generate_series(0, 24) i;
          CREATE TABLE ${table} (
            id int PRIMARY KEY, owner_id text NOT NULL, ${column} jsonb, ${second} text DEFAULT 'd', rest text,
            CONSTRAINT by_code FOREIGN KEY (owner_id) REFERENCES ${other} (code) ON UPDATE CASCADE
          ) PARTITION BY RANGE (id);
          CREATE TABLE ${part} PARTITION OF ${table} DEFAULT;
          CREATE INDEX ON ${table} (owner_id); CREATE INDEX ON ${table} (${second});
          INSERT INTO ${table} SELECT i, 'c' || i % 20, CASE WHEN i % 4 > 0 THEN to_jsonb(i % 20) END, CASE WHEN i % 20 <> 3 THEN 'v' || i % 20 END
            FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (code) VALUES (${{ literal: `k${round}` }}), (${{ literal: `l${round}` }})`,
              sql`INSERT INTO ${table} (id, owner_id, ${column}, ${second}) VALUES (${round}, ${{ literal: `k${round}` }}, '[1]', 'e')`,
              sql`INSERT INTO ${table} (id, owner_id) VALUES (${-round}, ${{ literal: `k${round}` }})`,
              sql`UPDATE ${table} SET ${column} = '{}' WHERE id = ${round}`,
              sql`UPDATE ${other} SET code = ${{ literal: `m${round}` }}, plain = 'q' WHERE code = ${{ literal: `k${round}` }}`,
              sql`UPDATE ${table} SET owner_id = ${{ literal: `l${round}` }} WHERE id = ${-round}`,
              sql`UPDATE ${table} SET ${second} = NULL, rest = 's' WHERE owner_id = ${{ literal: `m${round}` }}`,
              sql`DELETE FROM ${table} WHERE id = ${round} AND ${round} % 3 = 0`,
            ],
            reads: [sql`SELECT id, owner_id, ${column}, ${second}, rest FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (code, ${column}) VALUES (${{ literal: `k${round}` }}, '[2]')`,
              sql`INSERT INTO ${table} (id, owner_id) VALUES (${round}, ${{ literal: `k${round}` }}), (${-round}, ${{ literal: `k${round}` }})`,
              sql`UPDATE ${other} SET ${second} = 'z', code = ${{ literal: `o${round}` }} WHERE code = ${{ literal: `k${round}` }}`,
              sql`UPDATE ${other} SET plain = 'y' WHERE code = ${{ literal: `o${round}` }}`,
            ],
            reads: [
              sql`SELECT t.id, o.${column}, o.${second} FROM ${table} t JOIN ${other} o ON o.code = t.owner_id ORDER BY t.id`,
            ],
          },
        ],
        untouched: sql`SELECT id, owner_id, ${column}, ${second} FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        agree: sql`SELECT count(*) = 0 AS holds FROM ${table} t JOIN ${other} o ON o.code = t.owner_id
          WHERE ROW(t.${column}, t.${second}) IS DISTINCT FROM ROW(o.${column}, o.${second})`,
        done: [
          sql`SELECT count(*) = 19 AS holds FROM ${other} WHERE id < 20 AND ${second} = 'v' || id`,
          sql`SELECT count(*) = 15 AS holds FROM ${other} WHERE id < 20 AND ${column} = to_jsonb(id)`,
          sql`SELECT count(*) = 5 AS holds FROM ${other} WHERE id >= 20 AND ${second} IS NULL`,
          sql`SELECT count(*) = 2 AS holds FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relname = ${{ literal: other.name }}`,
        ],
      };
    },
  },
  {
    title:
      'move-column: a required one to a partitioned table by a key of two columns, where every row has a partner',
    build: ({ schema, table, other, column, second, fresh }) => {
      const part = { schema, name: fresh };
      return {
        change: { kind: 'move-column', table, columns: [column, 'plain'], to: other, constraint: null },
        schema: sql`CREATE TABLE ${other} (id int, ${second} int, rest text, PRIMARY KEY (id, ${second})) PARTITION BY RANGE (id);
          CREATE TABLE ${part} PARTITION OF ${other} DEFAULT;
          INSERT INTO ${other} SELECT i, i % 3 FROM generate_series(1, 60) i;
          CREATE TABLE ${table} (a int, b int, ${column} text NOT NULL DEFAULT 'basic', plain text, more text, PRIMARY KEY (b, a),
            FOREIGN KEY (a, b) REFERENCES ${other} (id, ${second}));
          CREATE INDEX ON ${table} (${column}, plain);
          INSERT INTO ${table} SELECT i, i % 3, 'v' || i, 'p' FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`WITH whole AS (INSERT INTO ${other} VALUES (${round}, 1, 'n') RETURNING id) SELECT FROM whole`,
              sql`INSERT INTO ${table} (a, b, plain) VALUES (${round}, 1, 'q')`,
              sql`UPDATE ${table} SET ${column} = 'silver' WHERE a = ${round} AND ${round} % 2 = 0`,
              sql`UPDATE ${other} SET rest = 'm' WHERE id = ${round}`,
            ],
            reads: [sql`SELECT a, b, ${column}, plain FROM ${table} ORDER BY a`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (id, ${second}) VALUES (${round}, 2)`,
              sql`INSERT INTO ${table} (a, b) VALUES (${round}, 2)`,
              sql`UPDATE ${other} SET ${column} = 'gold', plain = 'r' WHERE id = ${round}`,
              sql`UPDATE ${table} SET more = 's' WHERE a = ${round}`,
            ],
            reads: [
              sql`SELECT t.a, o.${column}, o.plain FROM ${table} t JOIN ${other} o ON o.id = t.a AND o.${second} = t.b ORDER BY t.a`,
            ],
          },
        ],
        untouched: sql`SELECT a, b, ${column}, plain, more FROM ${table} WHERE a <= 60 ORDER BY a`,
        agree: sql`SELECT count(*) = 0 AS holds FROM ${table} t JOIN ${other} o ON o.id = t.a AND o.${second} = t.b
          WHERE ROW(t.${column}, t.plain) IS DISTINCT FROM ROW(o.${column}, o.plain)`,
        done: [
          sql`SELECT count(*) = 60 AS holds FROM ${other} WHERE id <= 60 AND ${column} = 'v' || id AND plain = 'p'`,
          sql`SELECT attnotnull AS holds FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE c.relname = ${{ literal: other.name }} AND attname = ${{ literal: column }}`,
          sql`SELECT bool_and(indisvalid) AND count(*) = 2 AS holds FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relname = ${{ literal: other.name }}`,
        ],
      };
    },
  },
  {
    title: 'move-column: several rows for one, both partitioned, whose rows move to other partitions',
    build: ({ schema, table, other, column, second, fresh }) => {
      const [opened, closed, one, two] = [fresh, `1${fresh}`, `2${fresh}`, `3${fresh}`].map((name) => ({
        schema,
        name: [...name].slice(0, 15).join(''),
      }));
      return {
        change: { kind: 'move-column', table, columns: [column, second], to: other, constraint: null },
        schema: sql`CREATE TYPE ${{ schema, name: 'levels' }} AS ENUM ('low', 'high');
          CREATE TABLE ${other} (id int PRIMARY KEY, rest text) PARTITION BY HASH (id);
          CREATE TABLE ${one!} PARTITION OF ${other} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
          CREATE TABLE ${two!} PARTITION OF ${other} FOR VALUES WITH (MODULUS 2, REMAINDER 1);
          INSERT INTO ${other} SELECT i FROM generate_series(1, 30) i;
          CREATE TABLE ${table} (
            id int, state text DEFAULT 'opened', owner_id int NOT NULL REFERENCES ${other},
            ${column} ${{ schema, name: 'levels' }} NOT NULL DEFAULT 'low', ${second} int[] CHECK (cardinality(${second}) < 9), PRIMARY KEY (id, state)
          ) PARTITION BY LIST (state);
          CREATE TABLE ${opened!} PARTITION OF ${table} FOR VALUES IN ('opened');
          CREATE TABLE ${closed!} PARTITION OF ${table} FOR VALUES IN ('closed');
          CREATE INDEX ON ${table} (owner_id); CREATE INDEX ON ${table} USING gin (${second});
          INSERT INTO ${table} SELECT i, CASE WHEN i > 30 THEN 'closed' ELSE 'opened' END, 1 + i % 30, CASE WHEN i % 30 = 4 THEN 'high' ELSE 'low' END::${{ schema, name: 'levels' }}, ARRAY[i % 30]
            FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (id) VALUES (${round})`,
              sql`INSERT INTO ${table} (id, owner_id, ${column}) VALUES (${round}, ${round}, 'high'), (${-round}, ${round}, 'high')`,
              sql`UPDATE ${table} SET state = 'closed' WHERE id = ${round}`,
              sql`UPDATE ${table} SET state = 'closed', ${second} = '{1,2}' WHERE owner_id = ${round}`,
              sql`UPDATE ${table} SET ${column} = 'low', state = 'opened' WHERE owner_id = ${round}`,
              sql`DELETE FROM ${table} WHERE id = ${-round} AND ${round} % 2 = 0`,
            ],
            reads: [sql`SELECT id, state, owner_id, ${column}, ${second} FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${other} (id, ${second}) VALUES (${round}, '{3}')`,
              sql`INSERT INTO ${table} (id, owner_id) VALUES (${round}, ${round}), (${-round}, ${round})`,
              sql`UPDATE ${table} SET state = 'closed' WHERE id = ${round}`,
              sql`UPDATE ${other} SET ${column} = 'high', ${second} = NULL WHERE id = ${round}`,
            ],
            reads: [
              sql`SELECT t.id, o.${column}, o.${second} FROM ${table} t JOIN ${other} o ON o.id = t.owner_id ORDER BY t.id`,
            ],
          },
        ],
        untouched: sql`SELECT id, state, owner_id, ${column}, ${second} FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        agree: sql`SELECT count(*) = 0 AS holds FROM ${table} t JOIN ${other} o ON o.id = t.owner_id
          WHERE ROW(t.${column}, t.${second}) IS DISTINCT FROM ROW(o.${column}, o.${second})`,
        done: [
          sql`SELECT count(*) = 30 AS holds FROM ${other} WHERE id <= 30 AND ${second} = ARRAY[id - 1] AND ${column}::text = CASE id WHEN 5 THEN 'high' ELSE 'low' END`,
          sql`SELECT attnotnull AS holds FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE c.relname = ${{ literal: other.name }} AND attname = ${{ literal: column }}`,
          sql`SELECT bool_and(indisvalid) AND count(*) = 2 AS holds FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relname = ${{ literal: other.name }}`,
        ],
      };
    },
  },
];
