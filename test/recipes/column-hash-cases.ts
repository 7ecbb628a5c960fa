import { columnExists } from '../../src/plan/pieces/sql-text';
import type { QualifiedName } from '../../src/sql/identifier';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of hash-column. */
export const hashColumnCases: NamedCase[] = [
  {
    title: 'hash-column: a required unique one with a default and a comment',
    build: (names) => ({
      ...hashed(names),
      versions: hashed(names).versions.map((version, index) => ({
        ...version,
        writes: (round) => [
          ...version.writes(round),
          ...(index === 1
            ? [
                sql`INSERT INTO ${names.table} (id, ${names.column}, ${names.fresh}) VALUES (${-round}, 'both' || ${round}, encode(sha256(('both' || ${round})::bytea), 'hex'))`,
              ]
            : []),
        ],
      })),
      commandLine: {
        column: 'amount',
        to: 'fresh',
        expression: `encode(sha256(convert_to("amount", 'UTF8')), 'hex')`,
      },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} text NOT NULL DEFAULT md5(random()::text) UNIQUE DEFERRABLE INITIALLY DEFERRED, ${names.second} text);
        COMMENT ON COLUMN ${names.table}.${names.column} IS 'plain';
        INSERT INTO ${names.table} SELECT i, 'v' || i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'hash-column: with a salt beside it, as bytes, on a partitioned table',
    build: (names) => {
      const { table, column, second, fresh, other } = names;
      const plain = hashed(names);
      return {
        ...plain,
        change: {
          kind: 'hash-column',
          table,
          column,
          to: fresh,
          type: 'bytea',
          expression: sql`sha256(convert_to(${second} || ${column}, 'UTF8'))`,
        },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} varchar(300), ${second} text DEFAULT 's') PARTITION BY LIST (id);
          CREATE TABLE ${other} PARTITION OF ${table} DEFAULT;
          INSERT INTO ${table} SELECT i, CASE WHEN i % 4 > 0 THEN 'v' || i END, 's' || i FROM generate_series(1, 60) i`,
        versions: plain.versions.map((version, index) => ({
          ...version,
          writes: (round) =>
            index < 2
              ? [...version.writes(round), sql`UPDATE ${table} SET ${second} = 'other' WHERE id = ${round}`]
              : [
                  sql`INSERT INTO ${table} (id, ${fresh}) VALUES (${round}, '\\x01')`,
                  sql`UPDATE ${table} SET ${fresh} = '\\x02', ${second} = 'new' WHERE id = ${round - 1}`,
                  sql`UPDATE ${table} SET ${second} = 'newer' WHERE id = ${round}`,
                ],
        })),
        done: [
          sql`SELECT ${fresh} = sha256('s7v7') AS holds FROM ${table} WHERE id = 7`,
          sql`SELECT ${fresh} IS NULL AS holds FROM ${table} WHERE id = 8`,
          `SELECT NOT ${columnExists(table, column)} AS holds`,
        ],
      };
    },
  },
  {
    title: 'hash-column: encrypted with a key that is not in the plan, with a way back',
    build: (names) => {
      const { schema, table, column, second, fresh, other } = names;
      const [seal, open, key] = ['seal', 'open', 'key'].map((name) => ({ schema, name })) as [
        QualifiedName,
        QualifiedName,
        QualifiedName,
      ];
      const expression = sql`${seal}(${column}, ${key}())`;
      const back = sql`${open}(${fresh}, ${key}())`;
      const shifted = `SELECT string_agg(chr(ascii(c) + $2), '' ORDER BY n) FROM regexp_split_to_table($1, '') WITH ORDINALITY AS x(c, n) WHERE $1 <> ''`;
      return {
        change: { kind: 'hash-column', table, column, to: fresh, type: 'text', expression, back },
        commandLine: { column: 'amount', to: 'fresh', expression, back },
        schema: sql`CREATE TABLE ${other} (k int); INSERT INTO ${other} VALUES (1);
          CREATE FUNCTION ${key}() RETURNS int LANGUAGE sql STABLE SECURITY DEFINER AS ${{ literal: sql`SELECT k FROM ${other}` }};
          CREATE FUNCTION ${seal}(text, int) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS ${{ literal: shifted }};
          CREATE FUNCTION ${open}(text, int) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS ${{ literal: shifted.replace('+', '-') }};
          CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text NOT NULL DEFAULT 'none', ${second} text);
          CREATE INDEX ON ${table} (${column});
          INSERT INTO ${table} SELECT i, 'v' || i FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'n' || ${round})`,
              sql`INSERT INTO ${table} (id) VALUES (${-round})`,
              sql`UPDATE ${table} SET ${column} = 'u' || ${round} WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id, ${column}, ${second} FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${fresh}) VALUES (${round}, ${seal}('x' || ${round}, 1))`,
              sql`UPDATE ${table} SET ${fresh} = ${seal}('y' || ${round}, 1) WHERE id = ${round - 1}`,
            ],
            reads: [sql`SELECT id, ${open}(${fresh}, 1) FROM ${table} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        agree: sql`SELECT bool_and(${fresh} = ${seal}(${column}, 1)) AS holds FROM ${table}`,
        done: [
          sql`SELECT ${fresh} = 'w8' AS holds FROM ${table} WHERE id = 7`,
          `SELECT NOT ${columnExists(table, column)} AS holds`,
        ],
      };
    },
  },
];

function hashed({ table, column, second, fresh }: CaseNames): Omit<RecipeCase, 'schema'> {
  const expression = sql`encode(sha256(convert_to(${column}, 'UTF8')), 'hex')`;
  const writesPlain = (round: number): string[] => [
    sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'n' || ${round})`,
    sql`UPDATE ${table} SET ${column} = 'u' || ${round} WHERE id = ${round}`,
  ];
  return {
    change: { kind: 'hash-column', table, column, to: fresh, type: 'text', expression },
    versions: [
      { writes: writesPlain, reads: [sql`SELECT id, ${column}, ${second} FROM ${table} ORDER BY id`] },
      { writes: writesPlain, reads: [sql`SELECT id, ${fresh} FROM ${table} ORDER BY id`] },
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${fresh}) VALUES (${round}, 'x' || ${round})`,
          sql`UPDATE ${table} SET ${fresh} = 'y' || ${round} WHERE id = ${round - 1}`,
        ],
        reads: [sql`SELECT id, ${fresh} FROM ${table} ORDER BY id`],
      },
    ],
    untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
    done: [
      sql`SELECT ${fresh} = encode(sha256('v7'), 'hex') AS holds FROM ${table} WHERE id = 7`,
      `SELECT NOT ${columnExists(table, column)} AS holds`,
    ],
  };
}
