import assert from 'node:assert/strict';
import { changeOfStatement } from '../../src/assess/change-of-statement';
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

  it('looks for the table along the search path', () => {
    const change = changeOf(
      'alter table orders rename a to b',
      'create schema app; set search_path = app, public; create table app.orders (a int);',
    );
    assert.equal(change?.table.schema, 'app');
  });

  for (const [what, sql, before] of [
    ['another column', 'alter table orders add column note text', ''],
    ['a serial column', 'alter table orders add column n bigserial not null', ''],
    ['an identity column', 'alter table orders add column n int generated always as identity not null', ''],
    ['a column with a check', 'alter table orders add column n int not null check (n > 0)', ''],
    ['a key', 'alter table orders add column n int primary key', ''],
    ['a reference', 'alter table orders add column n int not null references customers', ''],
    ['a collated column', 'alter table orders add column n text collate "C" not null', ''],
    ['a default with a comment', 'alter table orders add column n int default 1 -- one\n not null', ''],
    ['several commands', 'alter table orders add column n int not null default 1, drop column o', ''],
    ['a proof', 'alter table orders alter column n set not null', ''],
    ['a table that gets another name', 'alter table orders rename to purchases', ''],
    ['a column of a view', 'alter view v rename column a to b', ''],
    [
      'a column of a view, written as a table',
      'alter table v rename column a to b',
      'create view v as select 1 as a',
    ],
    ['an attribute of a type', 'alter type t rename attribute a to b', ''],
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
