import type { AppVersion, CaseNames, NamedCase } from './recipe-case';
import { sql } from './recipe-case';

const price = ({ schema }: CaseNames): { schema: string; name: string } => ({ schema, name: 'Price "1"' });
const part = ({ schema }: CaseNames): { schema: string; name: string } => ({ schema, name: 'part' });

/** Versions that write positive values. */
function version({ table, column }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 5)`,
      sql`UPDATE ${table} SET ${column} = NULL WHERE id = ${round}`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
  };
}

/** A table with a domain that has a check of its own, and another table with it. */
function twoTables(names: CaseNames): string {
  return sql`CREATE DOMAIN ${price(names)} AS numeric(10,2) CONSTRAINT ${names.fresh} CHECK (VALUE < 1000);
    COMMENT ON CONSTRAINT ${names.fresh} ON DOMAIN ${price(names)} IS 'not o''ver';
    CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} ${price(names)});
    CREATE TABLE ${names.other} (id int, ${names.second} ${price(names)});
    CREATE VIEW ${{ schema: names.schema, name: 'prices' }} AS SELECT ${names.column} FROM ${names.table};
    INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 > 0 THEN i END FROM generate_series(1, 60) i;
    INSERT INTO ${names.other} SELECT i, i FROM generate_series(1, 60) i`;
}

const refused = (names: CaseNames): string =>
  sql`SELECT bool_or(pg_get_constraintdef(oid) LIKE '%> %') AND bool_and(convalidated) AS holds FROM pg_constraint WHERE contypid = ${{ literal: sql`${price(names)}` }}::regtype AND contype = 'c'`;

/** Cases of the recipes that add a check to a domain and drop one. */
export const domainCheckCases: NamedCase[] = [
  {
    title: 'add-domain-check: to a domain of two tables that has one already',
    build: (names) => ({
      change: {
        kind: 'add-domain-check',
        table: names.table,
        column: names.column,
        expression: 'VALUE > 0',
        name: null,
      },
      commandLine: { column: 'amount', expression: 'VALUE > 0' },
      schema: twoTables(names),
      versions: [version(names), version(names)],
      untouched: sql`SELECT * FROM ${names.table} WHERE id <= 60 ORDER BY id`,
      done: [refused(names)],
    }),
  },
  {
    title:
      'add-domain-check: by its own name, on a partitioned table, a domain over it and a materialized view',
    build: (names) => ({
      change: {
        kind: 'add-domain-check',
        table: names.table,
        column: names.column,
        expression: "VALUE > 0 OR VALUE::text = '-0'",
        name: names.fresh,
      },
      schema: sql`CREATE DOMAIN ${price(names)} AS int;
        CREATE DOMAIN ${{ schema: names.schema, name: 'narrow' }} AS ${price(names)} CHECK (VALUE < 10000);
        CREATE TABLE ${names.table} (id int NOT NULL, ${names.column} ${price(names)}) PARTITION BY RANGE (id);
        CREATE TABLE ${part(names)} PARTITION OF ${names.table} DEFAULT;
        CREATE TABLE ${names.other} (id int, ${names.second} ${{ schema: names.schema, name: 'narrow' }});
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 > 0 THEN i END FROM generate_series(1, 60) i;
        CREATE MATERIALIZED VIEW ${{ schema: names.schema, name: 'kept' }} AS SELECT ${names.column} FROM ${names.table}`,
      versions: [version(names), version(names)],
      untouched: sql`SELECT * FROM ${names.table} WHERE id <= 60 ORDER BY id`,
      done: [refused(names)],
    }),
  },
  {
    title: 'drop-domain-check: one that was proved, with a comment',
    build: (names) => ({
      change: { kind: 'drop-domain-check', table: names.table, column: names.column, name: names.fresh },
      commandLine: { column: 'amount', name: 'fresh' },
      schema: twoTables(names),
      versions: [version(names)],
      untouched: sql`SELECT * FROM ${names.table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`SELECT count(*) = 0 AS holds FROM pg_constraint WHERE conname = ${{ literal: names.fresh }}`,
      ],
    }),
  },
  {
    title: 'drop-domain-check: one that was not proved, beside another',
    build: (names) => ({
      change: { kind: 'drop-domain-check', table: names.table, column: names.column, name: names.second },
      schema:
        twoTables(names) +
        sql`; ALTER DOMAIN ${price(names)} ADD CONSTRAINT ${names.second} CHECK (VALUE <> 7) NOT VALID;
        COMMENT ON CONSTRAINT ${names.second} ON DOMAIN ${price(names)} IS 'luck'`,
      versions: [version(names)],
      untouched: sql`SELECT * FROM ${names.table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`SELECT count(*) = 1 AS holds FROM pg_constraint WHERE contypid = ${{ literal: sql`${price(names)}` }}::regtype AND contype = 'c'`,
      ],
    }),
  },
  {
    title: 'drop-domain-check: one whose values are in arrays too, which nothing proves again',
    build: (names) => ({
      change: { kind: 'drop-domain-check', table: names.table, column: names.column, name: names.fresh },
      schema:
        twoTables(names) +
        sql`; CREATE TABLE ${part(names)} (id int, list ${price(names)}[]); INSERT INTO ${part(names)} VALUES (1, '{1,2}')`,
      versions: [version(names)],
      untouched: sql`SELECT * FROM ${names.table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`SELECT count(*) = 0 AS holds FROM pg_constraint WHERE conname = ${{ literal: names.fresh }}`,
      ],
    }),
  },
];
