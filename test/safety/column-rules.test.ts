import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import type { Finding } from '../../src/safety/finding';
import { lintScript, type LintInput } from '../../src/safety/lint';
import { rules } from '../../src/safety/rules/index';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import { applyEdits, fixTarget } from './fix-files';
import { schemaAfter } from './lock-truth';
import { wrappedUp } from './wrapped-up';

const all = Object.fromEntries(rules.map((rule) => [rule.id, rule.severity]));

describe('safety: rules about columns and types', function () {
  this.timeout(60_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const findings = (before: string, sql: string, rule: string, extra: Partial<LintInput> = {}): Finding[] =>
    lintScript(
      parser,
      wrappedUp(sql, {
        schema: schemaAfter(parser, before),
        levels: all,
        target: fixTarget('example.sql'),
        ...extra,
      }),
    ).findings.filter((finding) => finding.rule === rule);
  const fixed = (before: string, sql: string, rule: string): string | null => {
    const [finding] = findings(before, sql, rule);
    assert.ok(finding, sql);
    return finding.fix && applyEdits(sql, finding.fix.edits);
  };

  describe('what hangs on a column', () => {
    const base = `create table orders (id int primary key, code varchar(10), note text);
      create function f() returns trigger language plpgsql as 'begin return new; end';`;
    const cases: [kind: string, before: string, change: string, blocked: string | null][] = [
      ['a view', 'create view v as select code from orders;', 'alter code type text', 'v'],
      [
        'views over views',
        'create view v as select code from orders; create view w as select * from v;',
        'alter code type text',
        'w, v',
      ],
      ['a materialized view', 'create materialized view v as select o.code from orders o;', 'drop code', 'v'],
      ['a view with *', 'create view v as select * from orders;', 'drop column note', 'v'],
      ['a view of other columns', 'create view v as select id from orders;', 'drop column note', null],
      ['CASCADE', 'create view v as select code from orders;', 'drop column code cascade', null],
      [
        'UPDATE OF',
        'create trigger t before update of code on orders for each row execute function f();',
        'alter code type text',
        'trigger t',
      ],
      [
        'WHEN',
        'create trigger t before update on orders for each row when (new.code <> old.code) execute function f();',
        'drop column code',
        'trigger t',
      ],
      [
        'a trigger of other columns',
        'create trigger t before update of note on orders for each row execute function f();',
        'alter code type text',
        null,
      ],
      ['a policy', "create policy p on orders using (code <> '');", 'alter code type text', 'policy p'],
      ['a policy, dropped', "create policy p on orders using (code <> '');", 'drop code', 'policy p'],
      [
        'a generated column',
        'alter table orders add long text generated always as (code || note) stored;',
        'alter code type text',
        'generated column long',
      ],
      [
        'a generated column that goes first',
        'alter table orders add long text generated always as (code || note) stored;',
        'drop long, drop code',
        null,
      ],
      [
        'a rule',
        "create rule r as on delete to orders where old.code = 'x' do instead nothing;",
        'alter code type text',
        'rule r',
      ],
      [
        'an index and a CHECK',
        "create index on orders (code); alter table orders add check (code <> '');",
        'alter code type text',
        null,
      ],
      [
        'a foreign key',
        'alter table orders add parent int references orders;',
        'alter parent type bigint',
        null,
      ],
      [
        'a foreign key of another table',
        'create table lines (order_id int constraint of_order references orders);',
        'drop column id',
        'foreign key of_order of lines',
      ],
      [
        'a foreign key of another table, retyped',
        'create table lines (order_id int references orders);',
        'alter id type bigint',
        null,
      ],
      [
        'a foreign key to another column',
        'create table lines (order_id int references orders (id));',
        'drop column code',
        null,
      ],
    ];

    for (const major of testMajors) {
      describe(`on PostgreSQL ${major}`, () => {
        let session: Session;
        beforeInDatabase(major, (opened) => (session = opened));
        for (const [kind, before, change, blocked] of cases) {
          it(`${kind}: the finding says what the server says of "${change}"`, async () => {
            await session.script('drop schema public cascade; create schema public');
            await session.script(base + before);
            const sql = `alter table orders ${change}`;
            const found = findings(base + before, sql, 'dependents-block-change', { serverMajor: major });
            if (blocked === null) {
              await session.script(sql);
              assert.deepEqual(found, []);
            } else {
              await assert.rejects(session.script(sql));
              assert.equal(found.length, 1);
              assert.ok(found[0]!.message.endsWith(`: ${blocked}.`), found[0]!.message);
            }
          });
        }

        it('a generated column whose source is dropped', async () => {
          const before = `${base} alter table orders add long text generated always as (code || note) stored;`;
          await session.script('drop schema public cascade; create schema public');
          await session.script(before);
          const sql = 'alter table orders drop column code';
          const [found] = findings(before, sql, 'dependents-block-change', { serverMajor: major });
          if (major >= 15) {
            await assert.rejects(session.script(sql));
            assert.ok(found!.message.includes('from being dropped'));
          } else {
            await session.script(sql);
            const { rows } = await session.query(
              `select attname from pg_attribute where attrelid = 'orders'::regclass and attname = 'long'`,
            );
            assert.deepEqual(rows, []);
            assert.ok(found!.message.includes('silently drops long'));
          }
        });

        it('a partition key', async () => {
          const before = 'create table days (day int, note text) partition by range (day);';
          await session.script('drop schema public cascade; create schema public');
          await session.script(before);
          for (const change of ['alter day type bigint', 'drop column day']) {
            const sql = `alter table days ${change}`;
            await assert.rejects(session.script(sql));
            const found = findings(before, sql, 'dependents-block-change', { serverMajor: major });
            assert.ok(found[0]!.message.includes('part of the partition key'));
          }
        });
      });
    }
  });

  it('names the column of a statement that causes the rewrite, and no other', () => {
    const orders = 'create table orders (id int primary key, amount int, note text);';
    const sql = `alter table orders add a int, add b uuid default gen_random_uuid(), add c bigserial,
      alter amount type bigint, alter note type varchar, add d int generated always as (1) stored`;
    const of = (rule: string): string[] => findings(orders, sql, rule).map((finding) => finding.message);
    assert.deepEqual(
      ['volatile-default', 'serial-or-identity-column', 'stored-generated-column', 'type-change-rewrite'].map(
        (rule) => of(rule).length,
      ),
      [1, 1, 1, 1],
    );
    assert.ok(of('volatile-default')[0]!.includes('of b is computed'));
    assert.ok(of('type-change-rewrite')[0]!.includes('of amount writes'));
  });

  it('offers no fix that could fail or lose something', () => {
    const orders =
      'create table orders (id int primary key, amount int, note text, code varchar(10), seen timestamptz, price numeric(10,2));';
    const none: [rule: string, sql: string][] = [
      ['type-change-rewrite', 'alter table orders alter note type int using note::int'],
      ['type-change-rewrite', 'alter table orders alter amount type smallint'],
      ['type-change-rewrite', 'alter table orders alter code type varchar(5)'],
      ['type-change-rewrite', 'alter table orders alter note type varchar(100)'],
      ['type-change-rewrite', 'alter table orders alter price type numeric(10,4)'],
      ['type-change-rewrite', 'alter table orders alter amount type bigint using amount * 2'],
      ['type-change-rewrite', 'alter table orders alter amount type bigint, add x int'],
      ['adding-required-column', 'alter table orders add key uuid primary key'],
      ['volatile-default', 'alter table orders add key uuid unique default gen_random_uuid()'],
      ['serial-or-identity-column', 'alter table orders add n int generated always as identity (start 100)'],
      ['set-not-null-scan', 'alter table only orders alter note set not null'],
      ['json-column', 'create table x (a json check (json_typeof(a) is not null))'],
      ['char-type', 'create table x (a char(2) references countries (code))'],
      ['timestamp-without-time-zone', 'create table x (a timestamp) partition by range (a)'],
    ];
    for (const [rule, sql] of none) assert.equal(fixed(orders, sql, rule), null, sql);
    const down = findings(orders, 'alter table orders alter note set not null', 'set-not-null-scan', {
      direction: 'down',
    });
    assert.deepEqual(
      down.map((finding) => finding.fix),
      [null],
    );
  });

  it('writes another type over the words of the old one, and nothing else', () => {
    const cases: [rule: string, sql: string, expected: string | null][] = [
      [
        'json-column',
        'create table x (a /* b */ JSON[] not null, c int)',
        'create table x (a /* b */ jsonb[] not null, c int)',
      ],
      [
        'json-column',
        "alter table x add a json default '{}', add b int",
        "alter table x add a jsonb default '{}', add b int",
      ],
      [
        'timestamp-without-time-zone',
        'create table x (a timestamp (3) without time zone default now(), b int)',
        'create table x (a timestamptz(3) default now(), b int)',
      ],
      ['timestamp-without-time-zone', 'create table x (a timestamp[])', 'create table x (a timestamptz[])'],
      ['timestamp-without-time-zone', 'create table x (a timestamp array)', null],
      [
        'char-type',
        'create table x (a character(3) collate "C" not null)',
        'create table x (a text collate "C" not null)',
      ],
      [
        'integer-key',
        'create table x (a int generated always as identity, primary key (a))',
        'create table x (a bigint generated always as identity, primary key (a))',
      ],
      ['integer-key', 'create table x (a serial primary key)', 'create table x (a bigserial primary key)'],
      [
        'prefer-identity',
        'create table x (a serial primary key)',
        'create table x (a integer GENERATED BY DEFAULT AS IDENTITY primary key)',
      ],
      [
        'small-integer',
        'create table x (id bigint, a smallint default 1)',
        'create table x (id bigint, a bigint default 1)',
      ],
      ['varchar-limit', 'create table x (a character varying (10), b int)', 'create table x (a text, b int)'],
    ];
    for (const [rule, sql, expected] of cases) assert.equal(fixed('', sql, rule), expected, sql);
  });

  it('leaves types alone that another table, or nobody, decides', () => {
    const silent: [rule: string, sql: string][] = [
      ['integer-key', 'create table x (a int primary key references y)'],
      ['integer-key', 'create table x (a int, b int, primary key (a, b))'],
      ['integer-key', 'create table x (a bigint primary key)'],
      ['char-type', 'create table x (a "char")'],
      ['json-column', 'create table x (a app.json)'],
      ['timestamp-without-time-zone', 'alter table x alter a type timestamp'],
      ['prefer-identity', 'alter table x add a serial'],
    ];
    for (const [rule, sql] of silent) assert.deepEqual(findings('', sql, rule), [], sql);
  });

  it('says that UTC needs no rewrite where that is all there is to it', () => {
    const before = 'create table events (id int, happened timestamp, day date);';
    const [zoned] = findings(
      before,
      'alter table events alter happened type timestamptz',
      'type-change-rewrite',
    );
    assert.ok(zoned!.message.includes('UTC'));
    const [dated] = findings(before, 'alter table events alter day type timestamptz', 'type-change-rewrite');
    assert.ok(!dated!.message.includes('UTC'));
  });
});
