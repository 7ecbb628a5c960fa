import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import type { Finding } from '../../src/safety/finding';
import { lintScript, type LintedScript } from '../../src/safety/lint';
import type { ForecastTransaction } from '../../src/safety/rule';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import { fixTarget, migrationsAfter } from './fix-files';
import { schemaAfter } from './lock-truth';
import { wrappedUp } from './wrapped-up';

const earlier = `
  create schema "Odd Schema";
  create table customers (id int primary key, name text not null);
  create table orders (id int primary key, customer_id int not null, amount int, code varchar(10), note text);
  create index orders_note on orders (note);
  create table "Odd Schema"."Or""ders" ("Id" int primary key, "Customer Id" int not null, "select" varchar(10), amount int);
  create index "Odd Idx" on "Odd Schema"."Or""ders" ("select");
  create table parted (id int not null, kind int, note text) partition by range (id);
  create table parted_1 partition of parted for values from (0) to (1000);
  create table with_rest (id int) partition by range (id);
  create table with_rest_1 partition of with_rest for values from (0) to (1000);
  create table rest partition of with_rest default;
  create table base (id int primary key, amount int, note text);
  create table derived () inherits (base);
  create table loose (id int not null, kind int, note text);
  create table pointing (customer_id int references customers);`;
const rows = `
  insert into customers select g, 'n' from generate_series(1, 5) g;
  insert into orders select g, g, g, 'c' || g, 'n' || g from generate_series(1, 5) g;
  insert into "Odd Schema"."Or""ders" select g, g, 's' || g, g from generate_series(1, 5) g;
  insert into parted select g, g, 'x' from generate_series(1, 5) g;
  insert into base select g, g, 'x' from generate_series(1, 5) g;
  insert into loose select 1000 + g, g, 'x' from generate_series(1, 5) g;`;
const odd = '"Odd Schema"."Or""ders"';

/** Statements as people write them, with the rule whose fix is tried; all of them run as they are. */
const inputs: [rule: string, sql: string, transaction?: ForecastTransaction][] = [
  ['set-not-null-scan', 'alter table if exists public . orders alter amount /* why; */ set not null -- ;'],
  ['set-not-null-scan', `alter table ${odd}\r\n  alter column "select" set not null;\r\n`],
  ['set-not-null-scan', 'alter table orders add z int, alter amount set not null, alter code set not null'],
  ['set-not-null-scan', 'alter table base * alter amount set not null'],
  ['constraint-not-valid', 'alter table only derived add check (amount > 0 /* ; */ -- x\n);'],
  ['constraint-not-valid', `alter table ${odd} add check ("select" <> 'a;b') -- c`],
  ['constraint-not-valid', 'alter table base add constraint "C k" check (amount > 0) no inherit;'],
  [
    'constraint-not-valid',
    `alter table ${odd} add foreign key ("Customer Id") references customers on delete cascade deferrable`,
  ],
  ['constraint-not-valid', 'alter table parted add check (kind > 0), alter note set default 1'],
  [
    'unique-constraint-builds-index',
    `alter table ${odd} add constraint "U q" unique ("select", "Id") deferrable;`,
  ],
  ['unique-constraint-builds-index', 'alter table orders add unique (code) include (note)'],
  ['primary-key-builds-index', 'alter table loose add /* p */ primary key (id)'],
  ['adding-required-column', `alter table ${odd} add column "New ""Col" int not null, add x int`],
  [
    'volatile-default',
    `alter table ${odd} add "New, Col" timestamptz not null default clock_timestamp() -- now`,
  ],
  ['serial-or-identity-column', `alter table ${odd} add column "New Col" int generated always as identity`],
  ['serial-or-identity-column', 'alter table only public.orders add n bigserial not null;'],
  [
    'inline-constraint-on-new-column',
    'alter table orders add n int default 5 constraint "n pos" check (n > 0) not null',
  ],
  ['inline-constraint-on-new-column', `alter table ${odd} add "N n" int unique`],
  [
    'inline-constraint-on-new-column',
    'alter table orders add n int default 1 references customers on delete set null;',
  ],
  ['type-change-rewrite', `alter table ${odd} alter column amount type bigint;\r\n\r\n-- and\r\n`],
  [
    'index-not-concurrent',
    `-- why\r\nCREATE UNIQUE INDEX "I 2" /* x */ ON ${odd} ("select") WHERE amount > 0`,
  ],
  [
    'index-on-partitioned-table',
    'create index "I 7" on public.parted using btree (kind desc nulls last) where kind > 1;',
  ],
  ['drop-index-not-concurrent', 'drop index /* it */ "Odd Schema"."Odd Idx"'],
  ['reindex-not-concurrent', 'REINDEX INDEX /* c */ public.orders_note;'],
  ['invalid-index-hidden', `create index concurrently if not exists "I 3" on ${odd} (amount)`, 'none'],
  ['vacuum-full', 'vacuum full verbose analyze orders', 'none'],
  [
    'attach-partition-scan',
    'alter table parted attach partition loose for values from (1000) /* x */ to (MAXVALUE);',
  ],
  ['detach-partition', 'alter table parted detach partition public.parted_1 -- x\n;'],
  [
    'detach-concurrently-with-default',
    'alter table only with_rest\n  detach partition with_rest_1 /* c */\n  concurrently -- now\n;',
    'none',
  ],
  ['truncate-cascade', 'TRUNCATE TABLE loose, public.customers * restart identity cascade -- all'],
  [
    'stored-generated-column',
    'alter table orders add "G 1" text generated always as (upper(code) || \' stored\') STORED -- y',
  ],
  ['char-type', `create table "T 1" ("A b" character(4) not null default 'x' , b int)`],
  [
    'timestamp-without-time-zone',
    'create table t2 (a timestamp (3) without time zone not null default now())',
  ],
  ['lock-order', 'alter table orders add a int;\r\nalter table customers add b int;'],
  ['missing-lock-timeout', 'do $$ begin alter table orders add x int; end $$;'],
];

describe('fixes of statements as people write them', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, function () {
      this.timeout(60_000);
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));
      beforeEach(async () => {
        await session.script('drop schema public cascade; drop schema if exists "Odd Schema" cascade');
        await session.script(`create schema public; ${earlier} ${rows}`);
      });

      const lint = (known: string, sql: string, transaction: ForecastTransaction): LintedScript =>
        lintScript(
          parser,
          wrappedUp(sql, {
            transaction,
            schema: schemaAfter(parser, known),
            serverMajor: major,
            target: fixTarget('example.sql'),
          }),
        );
      const errorsOf = ({ findings }: LintedScript): Set<string> =>
        new Set(findings.filter(({ severity }) => severity === 'error').map(({ rule }: Finding) => rule));

      async function run(sql: string, transactional: boolean): Promise<void> {
        const all = async (): Promise<void> => {
          for (const statement of parser.parse(sql).statements) await session.query(statement.text);
        };
        if (transactional) await session.transaction(all);
        else await all();
      }

      for (const [rule, sql, transaction = 'wrapped'] of inputs) {
        if (/^detach/.test(rule) && major < 14) continue;
        if (rule === 'stored-generated-column' && major < 18) continue;
        it(`${rule}: ${sql.replace(/\s+/g, ' ')}`, async () => {
          const original = lint(earlier, sql, transaction);
          const found = original.findings.find((finding) => finding.rule === rule && finding.fix);
          assert.ok(found?.fix, original.findings.map((finding) => finding.rule).join());
          const fixed = migrationsAfter({ before: earlier, sql, transaction }, found.fix);
          let known = earlier;
          for (const { up, transactional } of fixed) {
            const linted = lint(known, up, transactional ? transaction : 'none');
            for (const error of errorsOf(linted)) assert.ok(errorsOf(original).has(error), `${error}: ${up}`);
            await run(up, transactional && transaction !== 'none');
            known += `;\n${up}`;
          }
          for (const { down, transactional } of [...fixed].reverse()) await run(down, transactional);
        });
      }
    });
  }
});
