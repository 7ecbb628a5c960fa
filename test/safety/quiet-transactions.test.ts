import assert from 'node:assert/strict';
import { lintScript, type LintInput } from '../../src/safety/lint';
import { rules } from '../../src/safety/rules/index';
import { timeMilliseconds } from '../../src/safety/reading/time-setting';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { applyEdits, fixTarget } from './fix-files';
import { schemaAfter } from './lock-truth';
import { wrappedUp } from './wrapped-up';

/** The rules this page is about; others may say what they like. */
const own = [
  'always-true-condition',
  'breaking-without-plan',
  'commit-in-wrapped-file',
  'copy-of-live-table',
  'create-enum',
  'create-trigger',
  'disable-trigger',
  'drop-trigger',
  'dropping-without-deprecation',
  'duplicate-column',
  'enum-value-order',
  'enum-value-used-at-once',
  'identifier-too-long',
  'lock-order',
  'lock-timeout-too-late',
  'lock-timeout-zero-or-long',
  'missing-idle-timeout',
  'missing-lock-timeout',
  'missing-statement-timeout',
  'mixed-schema-and-data',
  'needlessly-outside-transaction',
  'nested-transaction',
  'not-rerunnable',
  'rename-enum-value',
  'several-alter-table',
  'statement-after-access-exclusive',
  'unclosed-transaction',
  'unqualified-name',
  'update-or-delete-whole-table',
];

const existing = `
  create type status as enum ('open', 'closed');
  create table orders (id int primary key, note text, state status, amount int);
  create table customers (id int primary key, name text not null);
  create table measured (id int primary key, at date not null) partition by range (id);
  create table measured_1 partition of measured for values from (1) to (100);
  create function touch() returns trigger language plpgsql as $$begin return new; end$$;
  create trigger touched before update on orders for each row execute function touch();
  create view open_orders as select id from orders;`;
const limit = "set local lock_timeout = '500ms'; ";

describe('safe forms of transactions, timeouts, triggers, enums and rows', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const lint = (sql: string, extra: Partial<LintInput> = {}) =>
    lintScript(
      parser,
      wrappedUp(sql, {
        schema: schemaAfter(parser, existing),
        plan: { kind: 'none' },
        target: fixTarget('001_a.up.sql'),
        ...extra,
      }),
    );
  const found = (sql: string, extra: Partial<LintInput> = {}): string[] =>
    lint(sql, extra)
      .findings.map((finding) => finding.rule)
      .filter((rule) => own.includes(rule));

  it('speaks of rules that exist', () => {
    const ids = rules.map((rule) => rule.id);
    assert.deepEqual(
      own.filter((id) => !ids.includes(id)),
      [],
    );
  });

  const quiet: Record<string, [string, Partial<LintInput>?][]> = {
    'no lock that anybody waits behind': [
      ['select 1; comment on table orders is $$x$$;'],
      ['alter table orders validate constraint c;'],
      ['create index concurrently i on orders (note);', { transaction: 'none' }],
      ["update orders set note = 'x' where id between 1 and 1000;"],
    ],
    'a limit, however it is given': [
      [`${limit}alter table orders add column code text;`],
      [
        "set lock_timeout to '2s'; alter table orders add column code text; alter table orders add column b int;",
      ],
      ["select set_config('lock_timeout', '500ms', true); alter table orders add column code text;"],
      [
        "set lock_timeout = '500ms'; create index concurrently i on orders (note); alter table orders add b int;",
        { transaction: 'none', target: undefined },
      ],
    ],
    'several tables with a limit below a second': [
      [`${limit}alter table orders add b int; alter table customers add b int;`],
      [
        'alter table measured add b int; alter table measured_1 alter at set statistics 10;',
        { levels: { 'missing-lock-timeout': 'off' } },
      ],
    ],
    'tables that only this script knows': [
      [
        "create table made (id int primary key, note text); alter table made add b int; update made set note = ''; delete from made where true; create trigger touched before update on made for each row execute function touch(); alter table made disable trigger touched; drop trigger touched on made;",
      ],
      ['create temporary table seen as select * from orders; delete from seen;'],
    ],
    'a trigger made anew or switched on again': [
      [
        `${limit}drop trigger touched on orders; create trigger touched before insert on orders for each row execute function touch();`,
      ],
      [`${limit}alter table orders disable trigger touched; alter table orders enable trigger touched;`],
      [`${limit}alter table orders disable trigger all; alter table orders enable trigger all;`],
    ],
    'an enum value that is used by nobody yet': [
      ["alter type status add value 'paused' after 'open';"],
      [
        "alter type status add value 'paused'; update orders set note = 'paused' where id = 1;",
        { plan: null },
      ],
      [
        "alter type status add value 'paused'; update orders set state = 'paused' where id = 1;",
        { transaction: 'none', target: undefined },
      ],
      [
        "alter type status add value 'paused'; create table made (note text default 'paused', id int primary key);",
      ],
    ],
    'transactions that end where they should': [
      [`begin; ${limit}alter table orders add b int; commit;`, { transaction: 'none', target: undefined }],
      [`begin; ${limit}alter table orders add b int; commit;`, { transaction: 'implicit' }],
      ['savepoint s; rollback to savepoint s; release savepoint s;'],
    ],
    'conditions that leave rows out': [
      ["update orders set note = '' where note is null;"],
      ["update orders set note = '' where note = note;"],
      ["update orders set note = '' where id = 1 or 1 = 2;"],
      ['delete from orders where false;'],
      ['delete from customers where name is null;'],
    ],
    'copies of a part, or under a lock': [
      ['create table made as select id, note from orders where id < 10;'],
      ['create table made as select count(*), max(id) from orders;'],
      [
        'lock table orders in share mode; create table made as select * from orders;',
        { levels: { 'missing-lock-timeout': 'off' } },
      ],
      ['create materialized view made as select * from orders;'],
      ['create table made as select * from orders with no data;'],
    ],
    'names as long as PostgreSQL keeps them': [
      [`create table ${'n'.repeat(63)} (id int primary key);`],
      [`comment on table orders is '${'n'.repeat(100)}';`],
      [`create table "${'ü'.repeat(31)}" (id int primary key);`],
    ],
    'a script that can be run again': [
      [
        '-- switchback:no-transaction\nset lock_timeout = 0; drop index concurrently if exists i; create index concurrently i on orders (note); comment on index i is $$x$$;',
        { transaction: 'none' },
      ],
      ['create index concurrently i on orders (note);', { transaction: 'none' }],
      ['create index concurrently i on orders (note); select 1;', { transaction: 'none', target: undefined }],
    ],
    'work that is better off outside a transaction': [
      ['-- switchback:no-transaction\nvacuum orders;', { transaction: 'none' }],
      [
        '-- switchback:no-transaction\nalter table orders validate constraint c; update orders set note = $$$$ where id < 5;',
        { transaction: 'none' },
      ],
    ],
    'what a plan or a date records': [
      [
        'drop function touch();',
        { plan: { kind: 'step', plan: 'p', phase: 'contract', deprecationDays: 30, timed: false } },
      ],
      ['drop function touch();', { plan: null }],
      ['drop function touch();', { direction: 'down' }],
      [
        'drop view open_orders; create view open_orders as select id, note from orders;',
        { levels: { 'missing-lock-timeout': 'off' } },
      ],
      ['drop function if exists unheard_of();', { levels: { 'breaking-without-plan': 'off' } }],
    ],
    'matters of taste': [
      ["create type side as enum ('left'); create table bare (id int primary key);"],
      ["alter type status add value 'later';"],
    ],
  };
  for (const [name, cases] of Object.entries(quiet)) {
    it(`says nothing about ${name}`, () => {
      for (const [sql, extra] of cases) assert.deepEqual(found(sql, extra), [], sql);
    });
  }

  const loud: [string, string, Partial<LintInput>?][] = [
    [
      'missing-lock-timeout',
      "set local lock_timeout = '500ms'; alter table orders add b int;",
      { transaction: 'none' },
    ],
    ['missing-lock-timeout', "set lock_timeout = '1s'; reset lock_timeout; alter table orders add b int;"],
    [
      'missing-lock-timeout',
      "begin; set local lock_timeout = '1s'; commit; alter table orders add b int;",
      { transaction: 'none', target: undefined },
    ],
    ['lock-timeout-zero-or-long', "set lock_timeout = '1min'; alter table orders add b int;"],
    [
      'lock-timeout-zero-or-long',
      "select set_config('lock_timeout', '0', false); alter table orders add b int;",
    ],
    ['always-true-condition', "update orders set note = '' where 1 = 1;"],
    ['always-true-condition', "update orders set note = '' where true and 2 > 1;"],
    ['always-true-condition', "delete from orders where 'a' = 'a' or id = 3;"],
    ['always-true-condition', 'delete from customers where name = name;'],
    ['update-or-delete-whole-table', "update orders set note = '';"],
    ['enum-value-used-at-once', "alter type status add value 'x1'; select 'x1'::status;"],
    [
      'enum-value-used-at-once',
      "alter type status add value 'x1'; insert into orders (id, state) values (1, 'x1');",
    ],
    [
      'enum-value-used-at-once',
      "alter type status add value 'x1'; create index i on orders (id) where state = 'x1';",
    ],
    ['duplicate-column', 'insert into orders (id, note, id) values (1, null, 2);'],
    ['duplicate-column', "update orders set note = '', note = 'x' where id = 1;"],
    ['nested-transaction', 'begin; begin; select 1; commit;', { transaction: 'none', target: undefined }],
    ['unclosed-transaction', 'begin; select 1;', { transaction: 'implicit' }],
    ['commit-in-wrapped-file', 'select 1; rollback;'],
    [
      'not-rerunnable',
      'alter table orders add b int; alter table orders add c int;',
      { transaction: 'none' },
    ],
    [
      'copy-of-live-table',
      'create table made (id int primary key, note text); insert into made select id, note from orders;',
    ],
    ['dropping-without-deprecation', 'drop view open_orders;', { levels: {} }],
    ['breaking-without-plan', 'revoke select on orders from public;'],
    [
      'create-trigger',
      `${limit}create trigger twice before update on orders for each row execute function touch();`,
    ],
    ['identifier-too-long', `alter table orders rename note to "${'ü'.repeat(32)}";`],
  ];
  for (const [rule, sql, extra] of loud) {
    it(`${rule}: ${sql.slice(0, 80)}`, () => {
      assert.ok(found(sql, extra).includes(rule), found(sql, extra).join(', '));
    });
  }

  it('says a missing limit once, and where it is missing', () => {
    const two = 'alter table orders add b int; alter table customers add b int;';
    const missing = lint(two).findings.filter((finding) => finding.rule === 'missing-lock-timeout');
    assert.deepEqual(
      missing.map((finding) => finding.statement),
      [0],
    );
  });

  const fixedBy = (rule: string, sql: string, extra: Partial<LintInput> = {}): string | null => {
    const fix = lint(sql, extra).findings.find((finding) => finding.rule === rule)?.fix;
    return fix ? applyEdits(sql, fix.edits) : null;
  };

  it('limits a wait for as long as the transaction, or takes the limit back', () => {
    const alter =
      '-- switchback:ignore drop-column gone\n  alter table orders drop column note;\nselect 1;\n';
    assert.equal(fixedBy('missing-lock-timeout', alter), `SET LOCAL lock_timeout = '500ms';\n${alter}`);
    assert.equal(
      fixedBy('missing-lock-timeout', 'alter table orders add b int', { transaction: 'implicit' }),
      "SET LOCAL lock_timeout = '500ms';\nalter table orders add b int",
    );
    const outside =
      '-- switchback:no-transaction\r\nalter table orders add b int;\r\nalter table orders add c int;\r\ncreate index concurrently i on orders (b);\r\n';
    assert.equal(
      fixedBy('missing-lock-timeout', outside, { transaction: 'none' }),
      "-- switchback:no-transaction\r\nSET lock_timeout = '500ms';\r\nalter table orders add b int;\r\nalter table orders add c int;\r\nRESET lock_timeout;\r\ncreate index concurrently i on orders (b);\r\n",
    );
    // Two statements in one text would share a transaction, which VACUUM FULL refuses.
    assert.equal(fixedBy('missing-lock-timeout', 'vacuum full orders', { transaction: 'implicit' }), null);
  });

  it('moves only what nothing later may need, and with its comment', () => {
    const head = `${limit}alter table orders add column code text;\n-- every row gets one\nupdate orders set code = note where code is null;\n`;
    assert.equal(
      fixedBy('mixed-schema-and-data', head),
      `${limit}alter table orders add column code text;\n`,
    );
    assert.equal(
      fixedBy('mixed-schema-and-data', `${head}alter table orders alter code set not null;`),
      null,
    );
    assert.equal(fixedBy('mixed-schema-and-data', `${head}do $$begin end$$;`), null);
    assert.equal(
      fixedBy(
        'mixed-schema-and-data',
        `${limit}alter table orders add b int; update orders set note = 'x' where id = 1;`,
      ),
      null,
    );
    assert.equal(fixedBy('mixed-schema-and-data', head, { direction: 'down' }), null);
  });

  it('combines neighbours, with the comment between them', () => {
    const both =
      'ALTER TABLE orders ALTER amount TYPE bigint; -- big\n-- and named\nALTER TABLE public.orders\n  ADD CONSTRAINT named CHECK (note IS NOT NULL);\n';
    assert.equal(
      fixedBy('several-alter-table', both),
      'ALTER TABLE orders ALTER amount TYPE bigint, -- big\n-- and named\n\n  ADD CONSTRAINT named CHECK (note IS NOT NULL);\n',
    );
    const using =
      'alter table orders alter amount type bigint; alter table orders alter id type text using amount::text;';
    assert.ok(found(using).includes('several-alter-table'));
    assert.equal(fixedBy('several-alter-table', using), null);
  });

  it('lets a script be run again, without hiding an index that is invalid', () => {
    const sql =
      'alter table orders add b int, drop column note;\ncreate index concurrently i on orders (id);';
    assert.equal(
      fixedBy('not-rerunnable', sql, { transaction: 'none' }),
      'alter table orders add IF NOT EXISTS b int, drop column IF EXISTS note;\nDROP INDEX CONCURRENTLY IF EXISTS public.i;\ncreate index concurrently i on orders (id);',
    );
    const rename = 'alter table orders rename note to notes; create index concurrently i on orders (id);';
    assert.equal(fixedBy('not-rerunnable', rename, { transaction: 'none' }), null);
  });

  it('ends and removes transactions', () => {
    assert.equal(
      fixedBy('unclosed-transaction', 'begin;\nselect 1;\n', { transaction: 'none' }),
      'begin;\nselect 1;\nCOMMIT;\n',
    );
    assert.equal(fixedBy('nested-transaction', 'begin;\nselect 1;\ncommit;\n'), 'select 1;\n');
    assert.equal(fixedBy('nested-transaction', 'begin;\nselect 1;\ncommit;\nselect 2;\n'), null);
    assert.equal(fixedBy('commit-in-wrapped-file', 'select 1;\ncommit;\n'), 'select 1;\n');
    assert.equal(fixedBy('commit-in-wrapped-file', 'commit;\nselect 1;\n'), null);
  });

  it('reads times as PostgreSQL does', () => {
    assert.deepEqual(
      ['500', '1s', ' 1.5 min', '2h', '1d', '100us', '0'].map(timeMilliseconds),
      [500, 1000, 90_000, 7_200_000, 86_400_000, 0.1, 0],
    );
    for (const none of ['', 'soon', '1 S', '5 parsecs'])
      assert.ok(Number.isNaN(timeMilliseconds(none)), none);
  });
});
