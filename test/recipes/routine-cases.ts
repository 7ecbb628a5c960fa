import { formatQualifiedName } from '../../src/sql/identifier';
import { sql, type CaseNames, type NamedCase } from './recipe-case';

type Place = CaseNames['table'];

function rows({ table, column, second }: CaseNames): string {
  return sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int);
    INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN 'v' || i END, i FROM generate_series(1, 60) i;`;
}

function untouched({ table }: CaseNames): string {
  return sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`;
}

/** A name in text, as the server's own functions take it. */
function literal(name: Place, types: string): { literal: string } {
  return { literal: `${formatQualifiedName(name)}(${types})` };
}

/** Cases of the recipes for functions. */
export const routineCases: NamedCase[] = [
  {
    title: 'replace-function: an SQL function with rights, that a view, a default and a function use',
    build: (names) => {
      const { schema, table, other, column, second, fresh } = names;
      const total = { schema, name: fresh };
      const caller = { schema, name: 'calls it' };
      return {
        change: {
          kind: 'replace-function',
          table: total,
          definition: sql`create or replace function ${total}(int, ${second} int DEFAULT 2) RETURNS bigint
  LANGUAGE sql STABLE AS $x$ SELECT count(*) + $1 FROM ${other} WHERE id <= $2; -- all
$x$;`,
          arguments: null,
        },
        schema:
          rows(names) +
          sql`CREATE VIEW ${other} AS SELECT id, ${column} FROM ${table};
          CREATE FUNCTION ${total}(int, ${second} int DEFAULT 1) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
            AS 'SELECT $1::bigint + $2 -- it''s $x$ and \\';
          COMMENT ON FUNCTION ${total}(int, int) IS 'adds, it''s';
          REVOKE ALL ON FUNCTION ${total}(int, int) FROM PUBLIC;
          CREATE FUNCTION ${caller}(int) RETURNS bigint LANGUAGE plpgsql AS ${{ literal: sql`BEGIN RETURN ${total}($1); END` }};
          CREATE VIEW ${{ schema, name: 'over' }} AS SELECT ${total}(id) AS n FROM ${table};
          ALTER TABLE ${table} ALTER COLUMN ${second} SET DEFAULT ${total}(3)`,
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} (id) VALUES (${round})`],
            reads: [
              sql`SELECT ${total}(1) > 0 AS a, ${caller}(1) > 0 AS b, (SELECT min(n) > 0 FROM ${{ schema, name: 'over' }}) AS c`,
            ],
          },
        ],
        untouched: untouched(names),
        done: [
          sql`SELECT ${total}(1, 60) = 61 AS holds`,
          sql`SELECT obj_description(p, 'pg_proc') = 'adds, it''s' AND NOT has_function_privilege('public', p, 'EXECUTE') AS holds FROM to_regprocedure(${literal(total, 'int, int')}) AS p`,
        ],
      };
    },
  },
  {
    title: 'replace-function: of a trigger, by PL/pgSQL that writes another table',
    build: (names) => {
      const { schema, table, other, column, fresh, second } = names;
      const seen = { schema, name: fresh };
      return {
        change: {
          kind: 'replace-function',
          table: seen,
          definition: sql`CREATE FUNCTION ${seen}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ${other} VALUES (NEW.id, ${{ literal: "; $ it's" }});
  RETURN NEW;
END $$`,
          arguments: null,
        },
        commandLine: {
          definition: sql`CREATE FUNCTION ${seen}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ${other} VALUES (NEW.id, ${{ literal: "; $ it's" }});
  RETURN NEW;
END $$`,
        },
        schema:
          rows(names) +
          sql`CREATE TABLE ${other} (id int, ${column} text);
          CREATE FUNCTION ${seen}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
          CREATE TRIGGER ${second} BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${seen}()`,
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} (id) VALUES (${round})`],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
        ],
        untouched: untouched(names),
        done: [
          sql`WITH r AS (INSERT INTO ${table} (id) VALUES (0) RETURNING 1) SELECT count(*) = 1 AS holds FROM r`,
          sql`SELECT count(*) = 1 AS holds FROM ${other} WHERE id = 0`,
        ],
      };
    },
  },
  {
    title: 'replace-function: a body that the server has parsed, by one that writes',
    since: 14,
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      const total = { schema, name: fresh };
      return {
        change: {
          kind: 'replace-function',
          table: total,
          definition: sql`CREATE OR REPLACE FUNCTION ${total}(${column} int) RETURNS SETOF int
BEGIN ATOMIC
  UPDATE ${table} SET ${second} = ${second} WHERE id = $1;
  SELECT id FROM ${table} WHERE id = $1;
END`,
          arguments: 'int',
        },
        schema:
          rows(names) +
          sql`CREATE FUNCTION ${total}(${column} int) RETURNS SETOF int LANGUAGE sql COST 5 ROWS 7
            BEGIN ATOMIC SELECT ${second} FROM ${table} AS o WHERE o.id = $1; SELECT count(*)::int FROM ${table}; END;
          CREATE FUNCTION ${total}(${column} int, text) RETURNS int RETURN 1`,
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} (id) VALUES (${round})`],
            reads: [sql`SELECT count(*) AS one FROM ${total}(2)`],
          },
        ],
        untouched: untouched(names),
        done: [sql`SELECT n = 3 AS holds FROM ${total}(3) AS n`],
      };
    },
  },
  {
    title: 'replace-function: an argument gets a name and a default, for good',
    build: (names) => {
      const { schema, table, column, fresh } = names;
      const total = { schema, name: fresh };
      return {
        change: {
          kind: 'replace-function',
          table: total,
          definition: sql`CREATE OR REPLACE FUNCTION ${total}(${column} int DEFAULT 5, OUT int, OUT b int) LANGUAGE sql AS 'SELECT $1, 2'`,
          arguments: null,
        },
        schema:
          rows(names) + sql`CREATE FUNCTION ${total}(int, OUT int, OUT b int) LANGUAGE sql AS 'SELECT $1, 1'`,
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} (id) VALUES (${round})`],
            reads: [sql`SELECT b > 0 AS seen FROM ${total}(2)`],
          },
        ],
        untouched: untouched(names),
        done: [sql`SELECT b = 2 AS holds FROM ${total}()`],
      };
    },
  },
  {
    title: 'replace-function: one with one argument more beside it, with its rights and its comment',
    build: (names) => {
      const { schema, table, column, fresh } = names;
      const total = { schema, name: fresh };
      return {
        change: {
          kind: 'replace-function',
          table: total,
          definition: sql`CREATE FUNCTION ${total}(integer, ${column} numeric(10, 2)) RETURNS text LANGUAGE sql AS 'SELECT ($1 + $2)::text'`,
          arguments: null,
        },
        schema:
          rows(names) +
          sql`CREATE FUNCTION ${total}(int) RETURNS int LANGUAGE plpgsql COST 7 AS 'BEGIN RETURN $1; END';
          COMMENT ON FUNCTION ${total}(int) IS 'one';
          REVOKE ALL ON FUNCTION ${total}(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION ${total}(int) TO pg_monitor`,
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} VALUES (${round}, 'x', ${total}(1))`],
            reads: [sql`SELECT ${total}(2) AS two`],
          },
          {
            writes: (round) => [sql`INSERT INTO ${table} VALUES (${round}, ${total}(1, 2), 3)`],
            reads: [sql`SELECT ${total}(2, 2) AS four`],
          },
        ],
        untouched: untouched(names),
        done: [
          sql`SELECT to_regprocedure(${literal(total, 'int')}) IS NULL AS holds`,
          sql`SELECT NOT has_function_privilege('public', p, 'EXECUTE') AND has_function_privilege('pg_monitor', p, 'EXECUTE') AS holds FROM to_regprocedure(${literal(total, 'int, numeric')}) AS p`,
        ],
      };
    },
  },
  {
    title: 'replace-function: a procedure by a function of another name, one of two that share a name',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      const old = { schema, name: fresh };
      const next = { schema, name: 'next "one"' };
      return {
        change: {
          kind: 'replace-function',
          table: old,
          definition: sql`CREATE OR REPLACE FUNCTION ${next}(${column} int) RETURNS TABLE (${second} int, n int) LANGUAGE sql
            AS ${{ literal: sql`INSERT INTO ${table} (id) VALUES ($1) RETURNING id, id` }}`,
          arguments: 'integer, pg_catalog.text',
        },
        schema:
          rows(names) +
          sql`CREATE PROCEDURE ${old}(a int, b text) LANGUAGE plpgsql AS ${{ literal: sql`BEGIN INSERT INTO ${table} VALUES (a, b); END` }};
          CREATE FUNCTION ${old}(int) RETURNS int LANGUAGE sql AS 'SELECT $1'`,
        versions: [
          {
            writes: (round) => [sql`CALL ${old}(${round}, 'x')`],
            reads: [sql`SELECT ${old}(2) AS two`],
          },
          {
            writes: (round) => [sql`SELECT * FROM ${next}(${round})`],
            reads: [sql`SELECT ${old}(2) AS two`],
          },
        ],
        untouched: untouched(names),
        done: [
          sql`SELECT to_regprocedure(${literal(old, 'int, text')}) IS NULL AND to_regprocedure(${literal(old, 'int')}) IS NOT NULL AS holds`,
        ],
      };
    },
  },
];
