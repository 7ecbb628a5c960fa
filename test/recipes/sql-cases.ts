import type { Change } from '../../src/assess/change';
import { formatQualifiedName, quoteIdentifier } from '../../src/sql/identifier';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

type Wish = Extract<Change, { kind: 'raw-sql' }>;

function app({ table, column }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'x')`,
      sql`UPDATE ${table} SET ${column} = 'y' WHERE id = ${round}`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} WHERE id > 0 ORDER BY id`],
  };
}

function wish(names: CaseNames, text: string, more: Partial<Wish> = {}): Wish {
  const { table } = names;
  return { kind: 'raw-sql', table, sql: text, down: null, proof: null, irreversible: false, ...more };
}

function table({ table: name, column }: CaseNames): string {
  return sql`CREATE TABLE ${name} (id int PRIMARY KEY, ${column} text);
    INSERT INTO ${name} SELECT i, 'v' || i FROM generate_series(1, 60) i;`;
}

function untouched({ table: name, column }: CaseNames): string {
  return sql`SELECT id, ${column} FROM ${name} WHERE id <= 60 ORDER BY id`;
}

/** Cases of the recipe for SQL of somebody's own. */
export const sqlCases: NamedCase[] = [
  {
    title: 'raw-sql: a view, a type and an index, one after the other',
    build: (names) => {
      const { table: name, other, column, fresh, second } = names;
      return {
        change: wish(
          names,
          sql`CREATE VIEW ${other} AS SELECT id FROM ${name};
CREATE TYPE ${{ schema: names.schema, name: fresh }} AS ENUM ('a', 'b');
-- Readers look for it in lower case.
CREATE INDEX CONCURRENTLY ${second} ON ${name} (lower(${column}))`,
        ),
        schema: table(names),
        versions: [app(names)],
        untouched: untouched(names),
        done: [sql`SELECT count(*) = 60 AS holds FROM ${other} WHERE id <= 60`],
      };
    },
  },
  {
    title: 'raw-sql: a view goes after a release, and comes back',
    build: (names) => {
      const { table: name, other, column } = names;
      const view = sql`CREATE VIEW ${other} AS SELECT id, ${column} FROM ${name}`;
      return {
        change: wish(names, `DROP VIEW ${formatQualifiedName(other)}`, { down: view }),
        schema: `${table(names)} ${view};`,
        versions: [{ ...app(names), reads: [sql`SELECT * FROM ${other} ORDER BY id`] }, app(names)],
        untouched: untouched(names),
        done: [
          sql`SELECT count(*) = 0 AS holds FROM pg_views WHERE schemaname = ${{ literal: names.schema }}`,
        ],
      };
    },
  },
  {
    title: 'raw-sql: rows are written, as a condition proves',
    build: (names) => {
      const { table: name, column } = names;
      const updated = `${formatQualifiedName(name)} SET ${quoteIdentifier(column)}`;
      return {
        change: wish(names, `UPDATE ${updated} = 'none' WHERE id = 0`, {
          down: `UPDATE ${updated} = NULL WHERE id = 0`,
          proof: sql`EXISTS (SELECT FROM ${name} WHERE id = 0 AND ${column} = 'none')`,
        }),
        commandLine: {
          sql: 'UPDATE app.orders SET "amount" = \'none\' WHERE id = 0',
          down: 'UPDATE app.orders SET "amount" = NULL WHERE id = 0',
          proof: 'EXISTS (SELECT FROM app.orders WHERE id = 0 AND "amount" = \'none\')',
        },
        schema: `${table(names)} INSERT INTO ${formatQualifiedName(name)} (id) VALUES (0)`,
        versions: [app(names)],
        untouched: sql`SELECT id, ${column} FROM ${name} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT count(*) = 1 AS holds FROM ${name} WHERE ${column} = 'none'`],
      };
    },
  },
  {
    title: 'raw-sql: rows are deleted for good',
    build: (names) => {
      const { table: name, column } = names;
      return {
        change: wish(names, sql`DELETE FROM ${name} WHERE id = 0`, {
          proof: sql`NOT EXISTS (SELECT FROM ${name} WHERE id = 0)`,
          irreversible: true,
        }),
        schema: `${table(names)} INSERT INTO ${formatQualifiedName(name)} (id, ${quoteIdentifier(column)}) VALUES (0, 'z')`,
        versions: [app(names)],
        untouched: sql`SELECT id, ${column} FROM ${name} WHERE id BETWEEN 1 AND 60 ORDER BY id`,
        done: [sql`SELECT count(*) = 0 AS holds FROM ${name} WHERE id = 0`],
      };
    },
  },
];
