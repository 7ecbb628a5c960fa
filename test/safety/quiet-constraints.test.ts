import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import { lintScript } from '../../src/safety/lint';
import type { ForecastTransaction } from '../../src/safety/rule';
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
  transaction?: ForecastTransaction;
  /** What is worth knowing about it all the same. */
  advice?: string;
  /** It reads rows, under a lock that lets writes pass. */
  reads?: true;
}

const orders =
  'create table customers (id int primary key); create table orders (id int primary key, code text not null, customer_id int); create index orders_customer on orders (customer_id);';
const events = 'create table events (id int not null, kind int) partition by range (id);';

/** The safe forms that the rules recommend. Nothing here may raise a finding: that would be a false alarm. */
const quiet: readonly Quiet[] = [
  { title: 'a CHECK that is not valid yet', sql: 'alter table orders add check (id > 0) not valid' },
  {
    title: 'a foreign key that is not valid yet',
    sql: 'alter table orders add foreign key (customer_id) references customers not valid',
  },
  {
    title: 'VALIDATE by itself',
    before: `${orders} alter table orders add constraint positive check (id > 0) not valid;`,
    sql: 'alter table orders validate constraint positive',
    reads: true,
  },
  {
    title: 'VALIDATE of a foreign key by itself',
    before: `${orders} alter table orders add constraint payer foreign key (customer_id) references customers not valid;`,
    sql: 'alter table orders validate constraint payer',
    reads: true,
  },
  {
    title: 'VALIDATE of one table while another is locked',
    before: `${orders} alter table orders add constraint positive check (id > 0) not valid;`,
    sql: 'create table lines (id bigint primary key); alter table lines add column note text; alter table orders validate constraint positive',
    reads: true,
  },
  {
    title: 'UNIQUE from an index',
    before: `${orders} create unique index orders_code on orders (code);`,
    sql: 'alter table orders add constraint orders_code unique using index orders_code',
  },
  {
    title: 'a primary key from an index on NOT NULL columns',
    before: 'create table orders (id int not null); create unique index orders_id on orders (id);',
    sql: 'alter table orders add constraint orders_id primary key using index orders_id',
  },
  {
    title: 'a primary key from an index on a column that a CHECK proves',
    before:
      'create table orders (id int); create unique index orders_id on orders (id); alter table orders add constraint id_set check (id is not null);',
    sql: 'alter table orders add constraint orders_id primary key using index orders_id',
  },
  {
    title: 'dropping a CHECK',
    before: 'create table orders (id int constraint positive check (id > 0));',
    sql: 'alter table orders drop constraint positive',
  },
  {
    title: 'a new column that refers to another table, without a default',
    sql: 'alter table orders add column payer int references customers',
    advice: 'foreign-key-without-index',
  },
  {
    title: 'an index CONCURRENTLY, outside a transaction',
    sql: 'create index concurrently orders_code on orders (code)',
    transaction: 'none',
    reads: true,
  },
  {
    title: 'a single index CONCURRENTLY in one text',
    sql: 'create index concurrently orders_code on orders (code)',
    transaction: 'implicit',
    reads: true,
  },
  {
    title: 'DROP INDEX CONCURRENTLY, outside a transaction',
    before: `${orders} create index orders_code on orders (code);`,
    sql: 'drop index concurrently orders_code',
    transaction: 'none',
  },
  {
    title: 'REINDEX CONCURRENTLY, outside a transaction',
    sql: 'reindex index concurrently orders_customer',
    transaction: 'none',
    reads: true,
  },
  {
    title: 'a table and all that belongs to it in one script',
    before: '',
    sql: `create table a (id bigint primary key, code text unique, kind int check (kind > 0));
      create table b (id bigint primary key, a_id bigint references a);
      create index on b (a_id);
      alter table a add constraint kinds check (kind < 10);
      alter table b add foreign key (id) references a on delete cascade;
      alter table b add constraint b_a unique (a_id, id);
      alter table a add column d int default 1 unique check (d > 0);
      create index a_kind on a (kind);
      drop index a_kind;
      reindex table a;
      truncate a cascade;
      alter table a enable row level security;
      alter table b drop constraint b_a_id_fkey;
      drop table b;`,
  },
  {
    title: 'a temporary table',
    sql: 'create temporary table scratch (id int); create index on scratch (id); alter table scratch add primary key (id); drop table scratch',
  },
  {
    title: 'ATTACH of a partition whose CHECK proves its bound',
    before: `${events} create table events_1 (id int not null, kind int, check (id >= 1 and id < 1000));`,
    sql: 'alter table events attach partition events_1 for values from (1) to (1000)',
  },
  {
    title: 'ATTACH of a table of the same script',
    before: events,
    sql: 'create table events_1 (like events); alter table events attach partition events_1 for values from (1) to (1000)',
  },
  {
    title: 'a new partition where there is no default one',
    before: `${events} create table events_1 partition of events for values from (1) to (1000);`,
    sql: 'create table events_2 partition of events for values from (1000) to (2000)',
  },
  {
    title: 'the index of the parent only',
    before: `${events} create table events_1 partition of events for values from (1) to (1000);`,
    sql: 'create index events_kind on only events (kind)',
  },
  {
    title: 'DETACH CONCURRENTLY, outside a transaction',
    before: `${events} create table events_1 partition of events for values from (1) to (1000);`,
    sql: 'alter table events detach partition events_1 concurrently',
    transaction: 'none',
    since: 14,
  },
  {
    title: 'REFRESH CONCURRENTLY',
    before: `${orders} create materialized view codes as select id, code from orders; create unique index on codes (id);`,
    sql: 'refresh materialized view concurrently codes',
    reads: true,
  },
  {
    title: 'a constraint of a domain that is not valid yet',
    before: 'create domain price as numeric; create table orders (id int primary key, amount price);',
    sql: 'alter domain price add constraint positive check (value > 0) not valid',
  },
  {
    title: 'a constraint of a domain that no table uses',
    before: 'create domain price as numeric; create table orders (id int primary key);',
    sql: 'alter domain price add constraint positive check (value > 0)',
  },
  {
    title: 'row security after its policies',
    before: `${orders} create policy all_rows on orders using (true);`,
    sql: 'alter table orders enable row level security',
  },
  { title: 'SET LOGGED of a table that is logged', sql: 'alter table orders set logged' },
  { title: 'statistics', sql: 'alter table orders alter column code set statistics 500' },
  {
    title: 'storage parameters',
    sql: 'alter table orders set (fillfactor = 80, autovacuum_enabled = false)',
  },
  { title: 'VACUUM', sql: 'vacuum orders', transaction: 'none', reads: true },
  { title: 'ANALYZE', sql: 'analyze orders', reads: true },
  { title: 'the index a table is clustered on', sql: 'alter table orders cluster on orders_pkey' },
];

/** Asked for by every ALTER TABLE, or about the types of the examples' tables. */
const beside = ['missing-lock-timeout'];

describe('safe forms of constraints, indexes, tables and partitions', function () {
  this.timeout(60_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  for (const major of testMajors) {
    const cases = quiet.filter((each) => major >= (each.since ?? 0));
    for (const { title, before: exists = orders, sql, transaction = 'wrapped', advice } of cases) {
      it(`is silent on ${major}: ${title}`, () => {
        const { findings } = lintScript(
          parser,
          wrappedUp(sql, { transaction, schema: schemaAfter(parser, exists), serverMajor: major }),
        );
        const found = findings.filter((finding) => !beside.includes(finding.rule));
        assert.deepEqual(
          found.map((finding) => finding.rule),
          advice ? [advice] : [],
        );
      });
    }

    describe(`on PostgreSQL ${major}`, () => {
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));
      for (const each of cases) {
        it(`really stops nobody for its work: ${each.title}`, async () => {
          await session.script('drop schema public cascade; create schema public');
          await session.script(each.before ?? orders);
          await seedTables(session);
          const there = await relationsThere(session);
          for (const { text } of parser.parse(each.sql).statements) {
            if (each.transaction && each.transaction !== 'wrapped') {
              await session.query(text);
              continue;
            }
            const measured = await measure(session, text, there);
            assert.deepEqual(measured.rewrites, [], text);
            const strong = measured.locks.filter((lock) => stopsWrites.includes(lock.mode));
            if (each.reads)
              assert.deepEqual(
                strong.filter(
                  (lock) => measured.scans.includes(lock.relation) && lock.mode !== 'ExclusiveLock',
                ),
                [],
                text,
              );
            else assert.deepEqual(measured.scans, [], text);
          }
        });
      }
    });
  }
});

const stopsWrites: readonly string[] = [
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];
