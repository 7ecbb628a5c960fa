import assert from 'node:assert/strict';
import type { Finding } from '../../src/safety/finding';
import { lintScript } from '../../src/safety/lint';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { schemaAfter } from './lock-truth';
import { wrappedUp } from './wrapped-up';

describe('findings are true, and said once', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const orders =
    'create table customers (id int primary key); create table orders (id int primary key, customer_id int, code text, note text);';

  const lint = (before: string, sql: string): Finding[] =>
    lintScript(parser, wrappedUp(sql, { schema: schemaAfter(parser, before) })).findings;
  const of = (rule: string, before: string, sql: string): string[] =>
    lint(before, sql)
      .filter((finding) => finding.rule === rule)
      .map((finding) => finding.message);

  it('names all columns and tables that one statement drops in one finding', () => {
    assert.match(
      of('drop-column', orders, 'alter table orders drop column code, drop column note')[0]!,
      /orders\.code, orders\.note are gone .* still uses them/,
    );
    assert.equal(of('drop-column', orders, 'alter table orders drop code, drop note').length, 1);
    assert.match(
      of('drop-table', orders, 'drop table customers, orders cascade').join('|'),
      /^All rows of customers, orders are gone [^|]*$/,
    );
  });

  it('expects no index behind IF EXISTS that no migration made', () => {
    const sql = 'drop index if exists orders_old';
    assert.deepEqual(of('drop-index-not-concurrent', orders, sql), []);
    assert.equal(of('drop-index-not-concurrent', '', sql).length, 1);
    assert.equal(of('drop-index-not-concurrent', orders, 'drop index orders_old').length, 1);
    const made = `${orders} create index orders_old on orders (code);`;
    assert.equal(of('drop-index-not-concurrent', made, sql).length, 1);
  });

  it('says of long work under a lock what the work itself does not block', () => {
    const rule = 'statement-after-access-exclusive';
    const add = 'alter table orders add column a int;';
    assert.deepEqual(of(rule, orders, `${add} alter table orders alter column code set not null;`), []);
    assert.equal(of(rule, orders, `${add} create index on orders (code);`).length, 1);
    assert.equal(of(rule, orders, `${add} create index on customers (id, id);`).length, 1);
    assert.equal(
      of(rule, orders, `${add} alter table customers alter column id type bigint;`)[0]!.includes('on orders'),
      true,
    );
  });

  it('leaves a new foreign key to lock_timeout where nothing long follows', () => {
    const rule = 'create-table-references';
    const create = 'create table lines (id bigint primary key, order_id int references orders);';
    const index = 'create index on lines (order_id);';
    assert.equal(of(rule, orders, create + index).length, 1);
    assert.deepEqual(of(rule, orders, `set local lock_timeout = '500ms'; ${create} ${index}`), []);
    const long = `set local lock_timeout = '500ms'; ${create} ${index} update customers set id = id;`;
    assert.equal(of(rule, orders, long).length, 1);
  });

  it('does not claim to know the type of a column it never saw', () => {
    const rule = 'type-change-rewrite';
    assert.match(of(rule, '', 'alter table orders alter code type bigint')[0]!, /not known: unless/);
    assert.doesNotMatch(of(rule, orders, 'alter table orders alter id type bigint')[0]!, /not known/);
    const converted = 'alter table orders alter code type bigint using length(code)';
    assert.doesNotMatch(of(rule, '', converted)[0]!, /not known/);
  });

  it('offers CONCURRENTLY for a materialized view only with an index PostgreSQL takes', () => {
    const view = `${orders} create materialized view totals as select id, code from orders;`;
    const fixes = (index: string): number =>
      lint(view + index, 'refresh materialized view totals').filter(
        ({ rule, fix }) => rule === 'refresh-materialized-view' && fix !== null,
      ).length;
    assert.equal(fixes('create unique index on totals (id);'), 1);
    assert.equal(fixes('create unique index on totals (id) where id > 0;'), 0);
    assert.equal(fixes('create unique index on totals (lower(code));'), 0);
    assert.equal(fixes('create index on totals (id);'), 0);
  });

  it('says what both kinds of constraints block while they are checked', () => {
    const rule = 'constraint-not-valid';
    assert.match(
      of(rule, orders, "alter table orders add check (code <> '')")[0]!,
      /nobody can read or write/,
    );
    assert.match(
      of(rule, orders, 'alter table orders add foreign key (customer_id) references customers')[0]!,
      /while writes to orders and customers wait/,
    );
  });

  it('names the statement that refuses a transaction', () => {
    const cases: [sql: string, name: string][] = [
      ['create unique index concurrently i on orders (code)', 'CREATE INDEX CONCURRENTLY'],
      ['drop index concurrently i', 'DROP INDEX CONCURRENTLY'],
      ['vacuum (analyze) orders', 'VACUUM'],
      ['reindex table concurrently orders', 'REINDEX'],
      ['create database other', 'CREATE DATABASE'],
      ['-- why\ndiscard all', 'DISCARD ALL'],
    ];
    for (const [sql, name] of cases)
      assert.match(of('concurrent-in-transaction', orders, sql)[0]!, new RegExp(`^${name} fails here:`));
  });

  it('names what CASCADE drops along, and is quiet where nothing depends on it', () => {
    const rule = 'drop-cascade';
    const all = `${orders} alter table orders add constraint of_customer foreign key (customer_id) references customers;
      create type size as enum ('s', 'l'); create table boxes (id int, size size); create table shelves (id int);
      create view notes as select note from orders; create view short_notes as select * from notes;
      create table parts (id int) partition by range (id); create table part partition of parts default;`;
    const cases: [sql: string, said: string | null][] = [
      ['drop table customers cascade', 'customers: foreign key of_customer of orders.'],
      [
        'drop table customers, orders cascade',
        'customers, orders: foreign key of_customer of orders, notes, short_notes.',
      ],
      ['alter table orders drop note cascade', 'orders.note: notes, short_notes.'],
      ['alter table customers drop column id cascade', 'customers.id: foreign key of_customer of orders.'],
      ['drop type size cascade', 'size: column size of boxes.'],
      ['drop view notes cascade', 'notes: short_notes.'],
      ['drop function touch() cascade', 'whatever depends on touch,'],
      ['drop table if exists never_made cascade', null],
      ['drop table shelves cascade', null],
      ['drop table parts cascade', null],
      ['alter table orders drop code cascade', null],
      ['drop table customers', null],
      [
        'create table scratch (id int); create view s as select * from scratch; drop table scratch cascade',
        null,
      ],
    ];
    for (const [sql, said] of cases) {
      const found = of(rule, all, sql);
      assert.equal(found.length, said === null ? 0 : 1, sql);
      if (said !== null) assert.ok(found[0]!.includes(said), found[0]);
    }
  });

  it('speaks of tables where a statement locks their sequences and indexes too', () => {
    const numbered = 'create table numbered (id bigserial primary key, n int);';
    const drop = 'alter table numbered drop column id;';
    assert.match(of('missing-lock-timeout', numbered, drop)[0]!, /lock on numbered, everybody/);
    const rule = 'statement-after-access-exclusive';
    assert.deepEqual(of(rule, numbered, `${drop} alter table numbered alter n type bigint;`), []);
  });
});
