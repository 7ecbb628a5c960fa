import assert from 'node:assert/strict';
import { changeOfStatement } from '../../src/assess/change-of-statement';
import type { AddIndex } from '../../src/assess/changes/add-index';
import type { Change } from '../../src/assess/change';
import { applyToKnownSchema } from '../../src/safety/known-schema-fold';
import { emptyKnownSchema } from '../../src/safety/known-schema';
import { loadParser, type SqlParser } from '../../src/sql/parser';

describe('the change of a statement', () => {
  let parser: SqlParser;

  before(async () => {
    parser = await loadParser();
  });

  function changeOf(sql: string, before = '', fresh = false): Change | null {
    const schema = emptyKnownSchema();
    for (const statement of parser.parse(before).statements) applyToKnownSchema(schema, statement);
    for (const relation of schema.relations.values()) relation.fresh = fresh;
    const { statements } = parser.parse(sql);
    return changeOfStatement(statements.at(-1)!, schema);
  }

  it('of a rename', () => {
    assert.deepEqual(changeOf('alter table customers rename column name to full_name;'), {
      kind: 'rename-column',
      table: { schema: 'public', name: 'customers' },
      from: 'name',
      to: 'full_name',
    });
    assert.deepEqual(changeOf('select 1; ALTER TABLE "Shop"."Müller" RENAME "Straße" TO street'), {
      kind: 'rename-column',
      table: { schema: 'Shop', name: 'Müller' },
      from: 'Straße',
      to: 'street',
    });
  });

  it('of a required column with a default, as it was written', () => {
    assert.deepEqual(
      changeOf(
        "select 'ü€𝄞'; alter table app.orders add column if not exists total numeric(12, 2) default (round(1.5, 2)) not null;",
      ),
      {
        kind: 'add-required-column',
        table: { schema: 'app', name: 'orders' },
        column: 'total',
        type: 'numeric(12, 2)',
        fill: { by: 'default', expression: '(round(1.5, 2))' },
        keepDefault: true,
      },
    );
  });

  it('of a required column without a default: the value is left to a person', () => {
    assert.deepEqual(
      changeOf('alter table orders add at timestamp with time zone constraint need not null'),
      {
        kind: 'add-required-column',
        table: { schema: 'public', name: 'orders' },
        column: 'at',
        type: 'timestamp with time zone',
        fill: { by: 'default', expression: '' },
        keepDefault: false,
      },
    );
  });

  const table = { schema: 'public', name: 'orders' };
  const index: AddIndex = {
    kind: 'add-index',
    table,
    columns: null,
    expression: null,
    name: null,
    unique: false,
    method: 'btree',
    where: null,
    include: [],
  };
  const changes: [string, Change][] = [
    [
      `alter table orders add "N b" numeric(3) default ')' || 1;`,
      {
        kind: 'add-column',
        table,
        column: 'N b',
        type: 'numeric(3)',
        source: { by: 'default', expression: "')' || 1" },
      },
    ],
    [
      'alter table orders add n text',
      { kind: 'add-column', table, column: 'n', type: 'text', source: { by: 'writer' } },
    ],
    [
      `alter table orders alter "set default" set /* to */ default 'set default' || now()::text;`,
      { kind: 'set-default', table, column: 'set default', expression: "'set default' || now()::text" },
    ],
    ['alter table orders alter column n drop default', { kind: 'drop-default', table, column: 'n' }],
    ['alter table orders alter n set not null', { kind: 'set-not-null', table, column: 'n', value: null }],
    ['alter table orders alter n drop not null', { kind: 'drop-not-null', table, column: 'n' }],
    [
      'alter table orders alter "type" set data type numeric(12, 2) using trim("type")::numeric;',
      {
        kind: 'change-column-type',
        table,
        column: 'type',
        type: 'numeric(12, 2)',
        using: 'trim("type")::numeric',
        back: null,
      },
    ],
    [
      'alter table orders alter n type bigint',
      { kind: 'change-column-type', table, column: 'n', type: 'bigint', using: null, back: null },
    ],
    [
      `alter table orders add constraint "check (" check ((n > 0) and t <> ')')`,
      { kind: 'add-check', table, name: 'check (', expression: "(n > 0) and t <> ')'" },
    ],
    [
      'alter table orders add unique (a, "B")',
      { kind: 'add-unique', table, name: null, columns: ['a', 'B'] },
    ],
    [
      'alter table orders add constraint pk primary key (id)',
      { kind: 'add-primary-key', table, name: 'pk', columns: ['id'] },
    ],
    [
      'alter table orders add foreign key (customer) references customers on delete set null',
      {
        kind: 'add-foreign-key',
        table,
        columns: ['customer'],
        references: { schema: 'public', name: 'customers' },
        toColumns: null,
        name: null,
        onDelete: 'set null',
        onUpdate: 'no action',
      },
    ],
    [
      "create unique index i on orders (a, b) include (c) where d = 'on (';",
      { ...index, name: 'i', unique: true, columns: ['a', 'b'], include: ['c'], where: "d = 'on ('" },
    ],
    ['create index on orders using gin ((a || b))', { ...index, method: 'gin', expression: '(a || b)' }],
    ['create index on orders (lower(a))', { ...index, expression: 'lower(a)' }],
    [
      'alter table orders drop column "N n"',
      { kind: 'drop-column', table, column: 'N n', backup: false, value: null },
    ],
    ['alter table orders drop constraint c', { kind: 'drop-constraint', table, constraint: 'c' }],
    ['alter table orders rename to purchases', { kind: 'rename-table', table, to: 'purchases' }],
    [
      'alter table orders rename constraint c to "D"',
      { kind: 'rename-constraint', table, constraint: 'c', to: 'D' },
    ],
    ['drop table orders', { kind: 'drop-table', table, backup: false }],
    ['alter table orders set schema "New"', { kind: 'move-table', table, schema: 'New' }],
    [
      'alter table orders replica identity using index i',
      { kind: 'set-replica-identity', table, identity: 'index', index: 'i' },
    ],
    [
      'alter table orders replica identity full',
      { kind: 'set-replica-identity', table, identity: 'full', index: null },
    ],
    [
      "alter table orders attach partition p for values from ('a') to ('b')",
      {
        kind: 'attach-partition',
        table,
        partition: { schema: 'public', name: 'p' },
        bound: "FOR VALUES from ('a') to ('b')",
      },
    ],
    [
      'alter table orders detach partition app.p concurrently',
      { kind: 'detach-partition', table, partition: { schema: 'app', name: 'p' } },
    ],
    ["comment on table orders is 'a'", { kind: 'set-comment', table, column: null, comment: 'a' }],
    ['comment on column orders.n is null', { kind: 'set-comment', table, column: 'n', comment: null }],
    [
      `create table app.n (id bigint primary key, "b)" text default ')') partition by range (id)`,
      {
        kind: 'create-table',
        table: { schema: 'app', name: 'n' },
        definition: `id bigint primary key, "b)" text default ')'`,
        partitionBy: 'range (id)',
        more: null,
      },
    ],
    [
      'alter table orders alter n set statistics 0',
      { kind: 'set-statistics-target', table, column: 'n', target: 0 },
    ],
    [
      'alter table orders alter n set statistics -1',
      { kind: 'set-statistics-target', table, column: 'n', target: -1 },
    ],
    [
      'create statistics s (mcv, ndistinct) on a, "B" from orders',
      {
        kind: 'add-statistics',
        table,
        columns: ['a', 'B'],
        name: 's',
        statistics: ['ndistinct', 'mcv'],
      },
    ],
    [
      `alter table orders add constraint "exclude (" exclude using gist (a with =, (b || ')') with &&) where (c > 0)`,
      {
        kind: 'add-exclusion',
        table,
        name: 'exclude (',
        method: 'gist',
        expression: "a with =, (b || ')') with &&",
        where: 'c > 0',
      },
    ],
    [
      'alter table orders alter constraint f deferrable initially deferred',
      { kind: 'set-deferrable', table, constraint: 'f', deferrable: 'deferred' },
    ],
    [
      'alter table orders alter constraint f not deferrable',
      { kind: 'set-deferrable', table, constraint: 'f', deferrable: 'not' },
    ],
    [
      `update orders set "set = where" = 'where' || n where n <> 'where';`,
      {
        kind: 'backfill-column',
        table,
        column: 'set = where',
        expression: "'where' || n",
        where: "n <> 'where'",
      },
    ],
    [
      'update orders set n = default_of(n)',
      { kind: 'backfill-column', table, column: 'n', expression: 'default_of(n)', where: null },
    ],
    [
      "delete from orders where at < now() - interval '3 years'",
      { kind: 'purge-rows', table, where: "at < now() - interval '3 years'", archive: false },
    ],
  ];
  for (const [sql, change] of changes) {
    it(`is what is written: ${sql}`, () => assert.deepEqual(changeOf(sql), change));
  }

  it('finds the table of an index', () => {
    const before = 'create table orders (a int); create index "I" on orders (a)';
    assert.deepEqual(changeOf('drop index "I"', before), { kind: 'drop-index', table, index: 'I' });
    assert.deepEqual(changeOf('alter index "I" rename to j', before), {
      kind: 'rename-index',
      table,
      index: 'I',
      to: 'j',
    });
    assert.deepEqual(changeOf('drop index concurrently public."I"', before), {
      kind: 'drop-index',
      table,
      index: 'I',
    });
  });

  const types = `create type app.mood as enum ('sad'); create domain app."Price" as numeric; create table app.z (m app.mood);
    create table app.orders (list app.mood[], mood app.mood, price app."Price"); create table gone (m app.mood); drop table gone;
    create view app.seen as select 1 as a;`;
  const orders = { schema: 'app', name: 'orders' };

  it('of an enum, a domain and a view', () => {
    const mood = { kind: 'add-enum-value', table: orders, column: 'mood' };
    assert.deepEqual(changeOf("alter type app.mood add value 'it''s' before 'sad'", types), {
      ...mood,
      value: "it's",
      before: 'sad',
      after: null,
    });
    assert.deepEqual(changeOf("alter type mood add value 'a'", types), null);
    assert.deepEqual(changeOf("alter type app.mood add value 'a' after 'sad'", types), {
      ...mood,
      value: 'a',
      before: null,
      after: 'sad',
    });
    const price = { table: orders, column: 'price' };
    assert.deepEqual(
      changeOf('alter domain app."Price" add constraint "C" check ((value > 0) or true)', types),
      {
        kind: 'add-domain-check',
        ...price,
        expression: '(value > 0) or true',
        name: 'C',
      },
    );
    assert.deepEqual(changeOf('alter domain app."Price" drop constraint c', types), {
      kind: 'drop-domain-check',
      ...price,
      name: 'c',
    });
    assert.deepEqual(changeOf('create or replace view app.seen as select 2 as a, 3 as "as"', types), {
      kind: 'replace-view',
      table: { schema: 'app', name: 'seen' },
      definition: 'select 2 as a, 3 as "as"',
    });
  });

  it('of the values of an enum and the attributes of a composite type', () => {
    assert.deepEqual(changeOf("alter type app.mood rename value 'sad' to 'it''s'", types), {
      kind: 'rename-enum-value',
      table: orders,
      column: 'mood',
      value: 'sad',
      to: "it's",
      atOnce: false,
    });
    const before = 'create schema app; set search_path = app, public; create type app."Box" as (a int);';
    const type = { table: { schema: 'app', name: 'Box' } };
    assert.deepEqual(changeOf('alter type "Box" add attribute "B b" numeric(3, 1) restrict;', before), {
      kind: 'add-attribute',
      ...type,
      name: 'B b',
      type: 'numeric(3, 1)',
    });
    assert.deepEqual(changeOf('alter type "Box" drop attribute a', before), {
      kind: 'drop-attribute',
      ...type,
      name: 'a',
    });
    const renamed = { kind: 'rename-attribute', name: 'a', to: 'C' };
    assert.deepEqual(changeOf('alter type "Box" rename attribute a to "C"', before), { ...renamed, ...type });
    assert.deepEqual(changeOf('alter type t rename attribute a to "C"'), {
      ...renamed,
      table: { schema: 'public', name: 't' },
    });
  });

  it('of a key that becomes wider, and of another key', () => {
    const before = `create table orders (id int4 primary key, n int);
      create table app.lines (id smallint, at bigint, constraint "K" primary key (id, at));`;
    const wider = { kind: 'widen-key', table, type: 'bigint' };
    assert.deepEqual(changeOf('alter table orders alter id type int8', before), wider);
    for (const sql of [
      'alter table orders alter id type bigint using id * 2',
      'alter table orders alter id type smallint',
      'alter table orders alter id type bigint[]',
      'alter table orders alter n type bigint',
      'alter table app.lines alter id type bigint',
    ])
      assert.equal(changeOf(sql, before)?.kind, 'change-column-type', sql);
    assert.deepEqual(
      changeOf('alter table app.lines drop constraint "K", add constraint k primary key (at)', before),
      {
        kind: 'change-primary-key',
        table: { schema: 'app', name: 'lines' },
        columns: ['at'],
        name: 'k',
        keepUnique: false,
      },
    );
    for (const sql of [
      'alter table app.lines drop constraint k, add primary key (at)',
      'alter table app.lines drop constraint "K", add primary key using index i',
      'alter table app.lines drop constraint "K", add unique (at)',
    ])
      assert.equal(changeOf(sql, before), null, sql);
  });

  it('finds the table of statistics', () => {
    const before = 'create table orders (a int, b int); create statistics "S" on a, b from orders';
    const change = { kind: 'drop-statistics', table, name: 'S' };
    assert.deepEqual(changeOf('drop statistics "S"', before), change);
    assert.deepEqual(changeOf('drop statistics public."S"', before), change);
    assert.equal(changeOf('drop statistics if exists "S"', before), null);
    assert.equal(changeOf('drop statistics s', before), null);
  });

  for (const sql of [
    "alter type app.mood add value if not exists 'a'",
    'alter type app.mood add attribute a int',
    'alter type app.orders drop attribute price',
    'alter type app.box add attribute a text collate "C"',
    'alter type app.box add attribute a int cascade',
    'alter type app.box add attribute a int, drop attribute b',
    'alter type app.box drop attribute if exists a',
    'alter type app.box alter attribute a type bigint',
    'alter type app.box rename attribute a to b cascade',
    'create statistics if not exists s on a, b from app.orders',
    'create statistics other.s on a, b from app.orders',
    'create statistics s on a, (b + 1) from app.orders',
    'alter index app.i alter column 1 set statistics 5',
    'alter table app.orders add exclude using gist (a with =) deferrable',
    'update app.orders set a = 1, b = 2',
    'update app.orders set a = (select 1)',
    'update app.orders set a = default',
    'update only app.orders set a = 1',
    'update app.orders o set a = 1',
    'update app.orders set a = b from app.z',
    'update app.orders set a = 1 returning a',
    'update app.orders set a[1] = 1',
    'update app.orders set a = /* one */ 1',
    'update app.seen set a = 1',
    'delete from app.orders',
    'delete from app.orders using app.z where a = m',
    'delete from app.orders where a in (select 1)',
    'alter domain app."Price" add check (value > 0) not valid',
    'alter domain app."Price" set not null',
    'alter domain app."Price" drop constraint if exists c',
    'alter domain app."Price" drop constraint c cascade',
    'alter domain app.other drop constraint c',
    'create or replace view app.new as select 1',
    'create or replace view app.orders as select 1',
    'create or replace view app.seen (b) as select 1',
    'create or replace view app.seen with (security_barrier) as select 1',
    'create or replace view app.seen as select 1 as a with check option',
    'create or replace view app.seen as select 1 -- one\n as a',
    'create view app.seen as select 1 as a',
  ])
    it(`is none for ${sql}`, () => {
      assert.equal(changeOf(sql, types), null);
    });

  it('looks for the table along the search path', () => {
    const change = changeOf(
      'alter table orders rename a to b',
      'create schema app; set search_path = app, public; create table app.orders (a int);',
    );
    assert.equal(change?.table.schema, 'app');
  });

  for (const [what, sql, before] of [
    ['another collated column', 'alter table orders add column note text collate "C"', ''],
    ['a serial column', 'alter table orders add column n bigserial not null', ''],
    ['an identity column', 'alter table orders add column n int generated always as identity not null', ''],
    ['a column with a check', 'alter table orders add column n int not null check (n > 0)', ''],
    ['a key', 'alter table orders add column n int primary key', ''],
    ['a reference', 'alter table orders add column n int not null references customers', ''],
    ['a collated column', 'alter table orders add column n text collate "C" not null', ''],
    ['a default with a comment', 'alter table orders add column n int default 1 -- one\n not null', ''],
    ['several commands', 'alter table orders add column n int not null default 1, drop column o', ''],
    ['a constraint that is added safely', 'alter table orders add check (n > 0) not valid', ''],
    ['a key on an index', 'alter table orders add primary key using index orders_id', ''],
    ['a deferrable key', 'alter table orders add unique (n) deferrable', ''],
    ['an index that is built safely', 'create index concurrently on orders (n)', ''],
    ['an index with an order', 'create index on orders (n desc)', ''],
    ['a default with a remark', 'alter table orders alter n set default 1 /* one */ + 1', ''],
    ['a collation', 'alter table orders alter n type text collate "C"', ''],
    ['a column that goes with what uses it', 'alter table orders drop column n cascade', ''],
    ['a constraint that may not be there', 'alter table orders drop constraint if exists c', ''],
    ['a table that inherits', 'create table app.n (b int) inherits (orders)', ''],
    ['a table in no schema of its own', 'create table n (a int)', ''],
    ['an index nobody knows', 'drop index i', ''],
    ['two indexes', 'drop index i, j', 'create table orders (a int); create index i on orders (a)'],
    ['a comment on an index', "comment on index i is 'a'", ''],
    ['a column of a view', 'alter view v rename column a to b', ''],
    [
      'a column of a view, written as a table',
      'alter table v rename column a to b',
      'create view v as select 1 as a',
    ],
    ['a query', 'select 1', ''],
  ] as const) {
    it(`is none for ${what}`, () => {
      assert.equal(changeOf(sql, before), null);
    });
  }

  it('is none for a table that the same script made', () => {
    const before = 'create table orders (a int)';
    assert.equal(changeOf('alter table orders rename a to b', before, true), null);
    assert.notEqual(changeOf('alter table orders rename a to b', before), null);
  });
});
