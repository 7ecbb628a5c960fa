import assert from 'node:assert/strict';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { describeForecast } from '../../src/safety/forecast/describe-forecast';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors, testServer, type TestDatabase } from '../support/servers';
import { forecastOne, schemaAfter } from './lock-truth';
import { measure, relationsThere } from './measure';

const schema = `
  create table customers (id bigint primary key, name text, email varchar(50), city varchar, code char(4), born date,
    score numeric(6,2), seen timestamp(3), visits smallint, big numeric, active boolean default true);
  insert into customers select g, 'n' || g, 'e' || g, 'c', 'abcd', current_date, 1.25, now(), 1, g from generate_series(1, 300) g;
  create index customers_city on customers (city);
  alter table customers add constraint customers_email_set check (email is not null);
  alter table customers add constraint customers_score check (score >= 0) not valid;
  create table orders (id int primary key, customer_id bigint not null references customers (id), total int, note text);
  insert into orders select g, g, g, 'x' from generate_series(1, 300) g;
  create unique index orders_total on orders (total);
  create table lines (order_id int, product text, constraint lines_order foreign key (order_id) references orders (id) not valid);
  insert into lines select g, 'p' from generate_series(1, 300) g;
  create table events (at int not null, kind text) partition by range (at);
  create table events_1 partition of events for values from (0) to (1000);
  create table events_2 partition of events for values from (1000) to (2000);
  insert into events select g, 'k' from generate_series(1, 1999) g;
  create index events_at on events (at);
  create table spare (at int not null, kind text, check (at >= 5000 and at < 6000));
  insert into spare select 5000 + g, 'k' from generate_series(1, 300) g;
  create table colours (name text, shade text) partition by list (name);
  create table colours_red partition of colours for values in ('red');
  create table colours_other partition of colours default;
  insert into colours select 'blue', 'x' from generate_series(1, 300);
  create table greens (name text not null, shade text, check (name = any (array['green', 'lime'])));
  insert into greens select 'green', 'x' from generate_series(1, 300);
  create table parent (id int, v text);
  create table child () inherits (parent);
  insert into parent select g, 'x' from generate_series(1, 300) g;
  insert into child select g, 'x' from generate_series(1, 300) g;
  create domain grade as int check (value between 1 and 10);
  create domain anything as text;
  create table graded (g grade, a anything);
  insert into graded select 5, 'x' from generate_series(1, 300);
  create view seen as select c.id, c.name from customers c join orders o on o.customer_id = c.id;
  create materialized view totals as select id, total from orders;
  create unique index totals_id on totals (id);
  create sequence numbers;
  create function steady() returns int language sql immutable as 'select 1';
  create function chance() returns int language sql as 'select floor(random() * 9)::int';
  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger orders_touch before update on orders for each row execute function touch();
  analyze;
`;

/** Statements the forecast was not written from; each is measured on real servers. */
const statements = `
  alter table customers add column a int default steady()
  alter table customers add column a int default chance()
  alter table customers add column a date default current_date
  alter table customers add column a timestamptz default now() + interval '1 day'
  alter table customers add column a text default 'x' || md5('y')
  alter table customers add column a int default 1 not null, add column b text
  alter table customers add column a grade
  alter table customers add column a anything default 'x'
  alter table customers add column a int constraint positive check (a > 0)
  alter table customers add column a bigserial
  alter table customers add column a int default null
  alter table customers add column a int references orders (id) default 1
  alter table customers add column if not exists name text
  alter table customers alter column email type varchar(60)
  alter table customers alter column email type varchar(40)
  alter table customers alter column email type text
  alter table customers alter column city type text
  alter table customers alter column city type varchar(100)
  alter table customers alter column code type char(6)
  alter table customers alter column code type text
  alter table customers alter column score type numeric(8,2)
  alter table customers alter column score type numeric(8,3)
  alter table customers alter column score type numeric
  alter table customers alter column big type numeric(20,4)
  alter table customers alter column seen type timestamp(6)
  alter table customers alter column seen type timestamp(0)
  alter table customers alter column visits type int
  alter table customers alter column born type timestamp
  alter table customers alter column name type anything
  alter table customers alter column visits type grade
  alter table customers alter column name type text using upper(name)
  alter table customers alter column name type text using name::text
  alter table customers alter column city type varchar collate "C"
  alter table customers alter column active type text using active::text
  alter table customers alter column email set not null
  alter table customers alter column name set not null
  alter table customers alter column id set not null
  alter table customers alter column name set default 'x', alter column city drop default
  alter table customers alter column name set statistics 50
  alter table customers alter column name set (n_distinct = 5)
  alter table customers set (fillfactor = 70, autovacuum_vacuum_threshold = 5)
  alter table customers set (user_catalog_table = true)
  alter table customers reset (fillfactor)
  alter table customers validate constraint customers_score
  alter table customers validate constraint customers_email_set
  alter table customers drop constraint customers_score
  alter table customers drop constraint customers_pkey cascade
  alter table customers add constraint u unique (name, city)
  alter table customers add unique (name)
  alter table customers add constraint c check (visits > 0) not valid, add column z int
  alter table customers enable trigger all
  alter table customers cluster on customers_city
  alter table customers set without cluster
  alter table customers replica identity full
  alter table customers force row level security
  alter table orders drop column customer_id
  alter table orders add constraint t unique using index orders_total
  alter table orders drop constraint orders_customer_id_fkey
  alter table orders add foreign key (total) references orders (id)
  alter table orders add foreign key (total) references orders (id) not valid
  alter table lines validate constraint lines_order
  alter table lines rename constraint lines_order to lines_orders
  alter table events add column z int default 1
  alter table events add column z float default random()
  alter table events alter column kind set not null
  alter table events alter column at type bigint
  alter table events add constraint e check (at >= 0)
  alter table events detach partition events_1
  alter table events attach partition spare for values from (5000) to (6000)
  alter table events attach partition spare for values from (4000) to (7000)
  alter table colours attach partition greens for values in ('green', 'lime')
  create table events_3 partition of events for values from (2000) to (3000)
  create table colours_grey partition of colours for values in ('grey')
  create index on events (kind)
  create index on only events (kind)
  create index on customers (lower(name))
  create unique index on orders (id, total) where total > 10
  create index if not exists customers_city on customers (name)
  alter table parent add column w int
  alter table parent alter column v type varchar(10)
  alter table only parent add constraint p check (id > 0) no inherit
  drop index customers_city
  drop table lines
  drop table orders cascade
  drop table events
  drop table events_2
  drop view seen
  drop materialized view totals
  drop sequence numbers
  drop trigger orders_touch on orders
  drop domain anything cascade
  create trigger t after insert on customers for each statement execute function touch()
  create rule r as on delete to lines do instead nothing
  create policy p on orders for select using (true)
  create view seen2 as select * from seen
  create or replace view seen as select c.id, c.name from customers c
  create materialized view later as select * from customers with no data
  refresh materialized view totals
  refresh materialized view concurrently totals
  reindex table orders
  reindex index customers_city
  truncate lines
  truncate orders cascade
  cluster customers using customers_city
  comment on column orders.note is 'x'
  comment on view seen is 'x'
  create statistics s on name, city from customers
  alter sequence numbers increment by 5
  alter domain grade add constraint g check (value < 100)
  alter domain anything set not null
  alter domain grade drop constraint grade_check
  create table more (id int references customers (id), o int references orders (id))
  create table more (like customers including all)
  create table more () inherits (parent)
  lock table orders in exclusive mode
  alter table orders rename to purchases
  alter view seen rename to saw
  alter materialized view totals rename to sums
  alter table customers rename column name to full_name
  alter table orders disable trigger orders_touch
  alter table lines set unlogged
  analyze customers
  create publication p for table customers, orders
  select * from customers for update
  insert into lines select id, 'p' from orders
  create type mood as enum ('good')
  alter table customers owner to current_user
  alter table graded alter column g type int
  alter table graded alter column a type text
`
  .trim()
  .split('\n')
  .map((line) => line.trim());

/** What the static forecast leaves to the server: it refuses the statement, on this version or always. */
const refused =
  /cannot|does not exist|syntax error|is already|must|violates|incompatible|not supported|needs to|unrecognized/i;

describe('safety/forecast', function () {
  this.timeout(120_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  it('knows tables of the same script as unseen by others', () => {
    const schemaBefore = schemaAfter(parser, 'create table customers (id int primary key);');
    const forecast = (sql: string) => forecastOne(parser, sql, schemaBefore, 18);
    assert.deepEqual(forecast('create table a (id int); create index on a (id);').locks, []);
    assert.equal(forecast('create table a (id int); create index on a (id);').work, 'catalog');
    assert.deepEqual(
      forecast('create table a (c int); alter table a add foreign key (c) references customers (id)').locks,
      [{ relation: 'public.customers', mode: 'ShareRowExclusiveLock' }],
    );
  });

  it('follows search_path, renames and earlier changes', () => {
    const forecast = (before: string, sql: string) =>
      forecastOne(parser, sql, schemaAfter(parser, before), 18);
    assert.equal(
      forecast(
        'create table app.a (b varchar(5));',
        'set search_path = app; alter table a alter b type varchar(9)',
      ).work,
      'catalog',
    );
    assert.equal(
      forecast('create table a (b varchar(5)); alter table a rename to c;', 'alter table c alter b type text')
        .work,
      'catalog',
    );
    assert.equal(
      forecast(
        'create table a (b int); alter table a alter b type text;',
        'alter table a alter b type varchar',
      ).work,
      'catalog',
    );
    assert.equal(
      forecast(
        'create table a (b int not null); alter table a alter b drop not null;',
        'alter table a alter b set not null',
      ).work,
      'scan',
    );
  });

  it('says what must stay outside a transaction, what breaks old code, what cannot come back', () => {
    const forecast = (sql: string) => forecastOne(parser, sql, null, 18);
    for (const sql of [
      'create index concurrently i on t (a)',
      'vacuum t',
      'reindex table concurrently t',
      'drop index concurrently i',
      'alter table t detach partition p concurrently',
    ]) {
      assert.equal(forecast(sql).transactional, false, sql);
    }
    for (const sql of [
      'alter table t rename a to b',
      'alter table t drop column a',
      'drop table t',
      'alter table t add b int not null',
    ]) {
      assert.equal(forecast(sql).compatible, false, sql);
    }
    for (const sql of [
      'drop table t',
      'alter table t drop column a',
      'truncate t',
      'delete from t where a = 1',
      'update t set a = 1',
    ]) {
      assert.equal(forecast(sql).dataRecoverable, false, sql);
    }
    for (const sql of [
      'alter table t add a int',
      'create index on t (a)',
      'insert into t values (1)',
      'select 1',
    ]) {
      assert.deepEqual(
        [forecast(sql).compatible, forecast(sql).dataRecoverable, forecast(sql).transactional],
        [true, true, true],
        sql,
      );
    }
  });

  it('is worded for a code lens', () => {
    const phrase = (sql: string): string => describeForecast(forecastOne(parser, sql, null, 18));
    assert.equal(phrase('alter table orders add x int'), 'ACCESS EXCLUSIVE on orders');
    assert.equal(
      phrase('create index concurrently i on app.orders (x)'),
      'SHARE UPDATE EXCLUSIVE on app.orders · index build · outside a transaction',
    );
    assert.equal(phrase('create type e as enum ()'), 'no lock on a table');
    const held = {
      ...forecastOne(parser, 'cluster orders using i', null, 18),
      holdMilliseconds: { low: 20_000, high: 80_000 },
    };
    assert.equal(
      describeForecast(held, 200_000),
      'ACCESS EXCLUSIVE on orders · rewrite · about 40 s at 200,000 rows',
    );
  });

  for (const major of testMajors) {
    it(`forecasts what PostgreSQL ${major} does, on statements it was not written from`, async () => {
      const database: TestDatabase = await (await testServer({ major })).createDatabase();
      const session: Session = await openSession(database.connection, database.password);
      const wrong: string[] = [];
      let compared = 0;
      try {
        await session.script(schema);
        const there = await relationsThere(session);
        const known = schemaAfter(parser, schema);
        for (const sql of statements) {
          const measured = await measure(session, sql, there, true).catch((error: Error) => error);
          if (measured instanceof Error) {
            assert.match(measured.message, refused, `${sql}: ${measured.message}`);
            continue;
          }
          compared += 1;
          const forecast = forecastOne(parser, sql, known, major);
          const of = (...kinds: string[]): string[] =>
            forecast.works
              .filter((work) => kinds.includes(work.kind))
              .map((work) => work.relation)
              .sort();
          const expected = {
            locks: forecast.locks.filter((lock) => there.includes(lock.relation)),
            rewrites: of('rewrite'),
            scans: of('scan', 'index-build', 'rewrite'),
          };
          const isSame = (left: unknown, right: unknown): boolean =>
            JSON.stringify(left) === JSON.stringify(right);
          if (!isSame(expected.locks, measured.locks))
            wrong.push(`${sql}\n   locks ${show(expected.locks)}\n   measured ${show(measured.locks)}`);
          // TRUNCATE changes files without reading; a plain SELECT reads whatever its plan says.
          if (/^(truncate|select|insert|analyze)/.test(sql)) continue;
          if (!isSame(expected.rewrites, measured.rewrites))
            wrong.push(
              `${sql}\n   rewrites ${String(expected.rewrites)} measured ${String(measured.rewrites)}`,
            );
          if (!isSame(expected.scans, measured.scans))
            wrong.push(`${sql}\n   scans ${String(expected.scans)} measured ${String(measured.scans)}`);
        }
      } finally {
        await session.close();
        await database.drop();
      }
      assert.ok(compared > 110, `${compared} compared`);
      assert.deepEqual(wrong, []);
    });
  }

  function show(locks: readonly { relation: string; mode: string }[]): string {
    return locks
      .map((lock) => `${lock.relation.replace('public.', '')}:${lock.mode.replace('Lock', '')}`)
      .join(' ');
  }
});
