import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import type { Finding } from '../../src/safety/finding';
import { lintScript } from '../../src/safety/lint';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import { schemaAfter } from './lock-truth';
import { measure, relationsThere, seedTables } from './measure';
import { wrappedUp } from './wrapped-up';

interface Quiet {
  title: string;
  before?: string;
  sql: string;
  since?: number;
}

const orders =
  'create table orders (id bigint primary key, note text, code varchar(10), amount numeric(10,2));';

/** What PostgreSQL documents as done in a moment. Nothing here may raise a finding: that would be a false alarm. */
const quiet: readonly Quiet[] = [
  { title: 'a constant default', sql: 'alter table orders add column state text not null default $$new$$' },
  { title: 'a stable default', sql: 'alter table orders add column seen timestamptz not null default now()' },
  { title: 'CURRENT_TIMESTAMP', sql: 'alter table orders add seen timestamptz default current_timestamp' },
  { title: 'an immutable default', sql: "alter table orders add column state text default upper('x')" },
  {
    title: 'an expression of constants',
    sql: "alter table orders add column until date default '2020-01-01'::date + 1",
  },
  { title: 'a nullable column', sql: 'alter table orders add column state text, add column other int' },
  { title: 'DEFAULT NULL', sql: 'alter table orders add column state text default null' },
  {
    title: 'a column of a domain without a constraint',
    before: `create domain plain as text; ${orders}`,
    sql: 'alter table orders add column state plain',
  },
  {
    title: 'a domain without a constraint, with a default',
    before: `create domain plain as text default 'x'; ${orders}`,
    sql: "alter table orders add column state plain default 'y'",
  },
  {
    title: 'a column of an enum',
    before: `create type state as enum ('a', 'b'); ${orders}`,
    sql: "alter table orders add column state state not null default 'a'",
  },
  {
    title: 'IF NOT EXISTS for a column that is there',
    sql: 'alter table orders add column if not exists note text not null',
  },
  {
    title: 'a virtual generated column',
    sql: 'alter table orders add column doubled numeric generated always as (amount * 2) virtual',
    since: 18,
  },
  {
    title: 'a virtual generated column by default',
    sql: 'alter table orders add column doubled numeric generated always as (amount * 2)',
    since: 18,
  },
  { title: 'a wider varchar', sql: 'alter table orders alter column code type varchar(20)' },
  { title: 'varchar without a limit', sql: 'alter table orders alter column code type varchar' },
  { title: 'varchar to text', sql: 'alter table orders alter column code type text' },
  {
    title: 'varchar to text with an index',
    before: `${orders} create index on orders (code);`,
    sql: 'alter table orders alter column code type text',
  },
  { title: 'text to varchar without a limit', sql: 'alter table orders alter column note type varchar' },
  { title: 'the same type', sql: 'alter table orders alter column note type text using note' },
  { title: 'a numeric of more digits', sql: 'alter table orders alter column amount type numeric(12,2)' },
  { title: 'a numeric without a limit', sql: 'alter table orders alter column amount type numeric' },
  {
    title: 'a timestamp of more digits',
    before: 'create table orders (id bigint primary key, seen timestamptz(3));',
    sql: 'alter table orders alter column seen type timestamptz(6)',
  },
  {
    title: 'cidr to inet',
    before: 'create table orders (id bigint primary key, net cidr);',
    sql: 'alter table orders alter column net type inet',
  },
  {
    title: 'a timestamptz where the time zone is UTC',
    before: 'create table orders (id bigint primary key, seen timestamp without time zone);',
    sql: "set timezone = 'UTC'; alter table orders alter column seen type timestamptz",
  },
  {
    title: 'a domain without a constraint instead of its base type',
    before: `create domain plain as text; ${orders}`,
    sql: 'alter table orders alter column note type plain',
  },
  {
    title: 'SET NOT NULL with a validated proof',
    before: `${orders} alter table orders add constraint note_set check (note is not null) not valid; alter table orders validate constraint note_set;`,
    sql: 'alter table orders alter column note set not null',
  },
  {
    title: 'SET NOT NULL proved by one half of a CHECK',
    before: `${orders} alter table orders add constraint note_set check (note is not null and length(note) > 0);`,
    sql: 'alter table orders alter column note set not null',
  },
  {
    title: 'SET NOT NULL on a column that is NOT NULL',
    before: 'create table orders (id bigint primary key, note text not null);',
    sql: 'alter table orders alter column note set not null',
  },
  {
    title: 'NOT NULL NOT VALID',
    sql: 'alter table orders add constraint note_set not null note not valid',
    since: 18,
  },
  { title: 'SET DEFAULT', sql: "alter table orders alter column note set default 'x'" },
  {
    title: 'SET DEFAULT of a volatile function',
    sql: 'alter table orders alter column note set default random()::text',
  },
  {
    title: 'DROP DEFAULT',
    before: "create table orders (id bigint primary key, note text default 'x');",
    sql: 'alter table orders alter column note drop default',
  },
  {
    title: 'DROP NOT NULL of a column that may be NULL',
    sql: 'alter table orders alter column note drop not null',
  },
  { title: 'SET STATISTICS', sql: 'alter table orders alter column note set statistics 500' },
  { title: 'storage parameters', sql: 'alter table orders set (fillfactor = 80)' },
  { title: 'a comment', sql: "comment on column orders.note is 'of the customer'" },
  {
    title: 'a view with the old name',
    sql: 'alter table orders rename to purchases; create view orders as select * from purchases',
  },
  {
    title: 'tables that change places',
    before: `${orders} create table orders_new (id bigint primary key);`,
    sql: 'alter table orders rename to orders_old; alter table orders_new rename to orders',
  },
  {
    title: 'a type change of a column that no view reads',
    before: `${orders} create view notes as select id, note from orders;`,
    sql: 'alter table orders alter column code type varchar(20)',
  },
  {
    title: 'a type change of a column that only a column of the same name is read of',
    before: `${orders} create table others (code varchar(10)); create view codes as select o.code from others o, orders where orders.id = 1;`,
    sql: 'alter table orders alter column code type varchar(20)',
  },
  {
    title: 'everything on a table of the same script',
    before: '',
    sql: `create table fresh (a int, b text, c json);
      alter table fresh add column d int not null;
      alter table fresh add column e uuid default gen_random_uuid();
      alter table fresh add column f bigint generated always as identity;
      alter table fresh add column g int generated always as (a * 2) stored;
      alter table fresh alter column b set not null;
      alter table fresh alter column b type varchar(3);
      alter table fresh rename column b to h;
      alter table fresh rename to fresher;`,
    since: 13,
  },
];

/** Asked for by every ALTER TABLE, or about the types of the examples' tables. */
const beside = ['missing-lock-timeout', 'json-column'];

describe('what PostgreSQL does in a moment', function () {
  this.timeout(60_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const findings = ({ before: exists = orders, sql }: Quiet, serverMajor: number): Finding[] =>
    lintScript(parser, wrappedUp(sql, { schema: schemaAfter(parser, exists), serverMajor })).findings.filter(
      (finding) => !beside.includes(finding.rule),
    );

  for (const major of testMajors) {
    const cases = quiet.filter((each) => major >= (each.since ?? 0));
    for (const each of cases) {
      it(`is silent on ${major}: ${each.title}`, () => {
        assert.deepEqual(
          findings(each, major).map((finding) => `${finding.rule}: ${finding.message}`),
          [],
        );
      });
    }

    describe(`on PostgreSQL ${major}`, () => {
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));
      for (const each of cases) {
        it(`really reads and writes no row: ${each.title}`, async () => {
          await session.script('drop schema public cascade; create schema public; reset timezone');
          await session.script(each.before ?? orders);
          await fill();
          const there = await relationsThere(session);
          for (const { text } of parser.parse(each.sql).statements) {
            const measured = await measure(session, text, there);
            assert.deepEqual([measured.rewrites, measured.scans], [[], []], text);
          }
        });
      }

      /** Only tables of types that the seeds fit. */
      async function fill(): Promise<void> {
        const { rows } = await session.query<{ plain: boolean }>(
          `select coalesce(bool_and(format_type(atttypid, null) in ('bigint', 'text', 'character varying', 'numeric')), true) as plain
             from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0`,
        );
        if (rows[0]!.plain) await seedTables(session);
        else await session.script('insert into orders (id) select g from generate_series(1, 200) g');
      }
    });
  }
});
