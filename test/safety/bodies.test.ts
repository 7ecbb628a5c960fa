import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import type { Forecast } from '../../src/safety/forecast';
import { emptyKnownSchema, type KnownSchema } from '../../src/safety/known-schema';
import { lintScript, type LintedScript, type LintInput } from '../../src/safety/lint';
import { readKnownSchema } from '../../src/safety/read-known-schema';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import type { RoutineBody } from '../../src/sql/statement';
import { testMajors, testServer, type TestDatabase } from '../support/servers';
import { forecastOne, schemaAfter } from './lock-truth';
import { measure, relationsThere, type Measured } from './measure';
import { wrappedUp } from './wrapped-up';

describe('SQL inside blocks and routines', function () {
  this.timeout(120_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const bodyOf = (sql: string, index = 0): RoutineBody => {
    const body = parser.parse(sql).statements[index]?.body;
    assert.ok(body, sql);
    return body;
  };
  const texts = (sql: string): string[] => bodyOf(sql).parts.map((part) => part.statement.text);
  const lint = (sql: string, extra: Partial<LintInput> = {}): LintedScript =>
    lintScript(
      parser,
      wrappedUp(sql, {
        schema: schemaAfter(parser, 'create table orders (id int primary key, note text, amount int);'),
        levels: { 'missing-lock-timeout': 'off', 'statement-timeout-missing': 'off' },
        ...extra,
      }),
    );

  describe('places', () => {
    it('finds each statement where it stands in the file', () => {
      const sql = `-- é🎉
do $body$
declare r record; n int := (select count(*) from t); v foo%rowtype;
begin
  if not exists (select 1 from pg_class where relname = 'é') then
    alter table t add column c int default random();
  elsif n > 1 then null;
  else execute 'drop table x';
  end if;
  for r in select * from t loop update t set a = r.a; end loop;
  perform f(1), g();
  select a into n from t; select a into n from t;
  insert into t values (1) returning a into n;
  v.x := 1;
  call p();
  n := n + (select max(a) from t);
exception when others then
  delete from t;
end $body$;`;
      const { parts, problems, verbatim, commits } = bodyOf(sql);
      assert.deepEqual([problems, verbatim, commits], [[], true, false]);
      assert.deepEqual(
        parts.map(({ statement, conditional, dynamic }) => [
          statement.text,
          statement.start.line,
          conditional,
          dynamic,
        ]),
        [
          ['(select count(*) from t)', 3, false, 'no'],
          ["not exists (select 1 from pg_class where relname = 'é')", 5, false, 'no'],
          ['alter table t add column c int default random()', 6, true, 'no'],
          ['drop table x', 8, true, 'constant'],
          ['select * from t', 10, false, 'no'],
          ['update t set a = r.a', 10, true, 'no'],
          ['perform f(1), g()', 11, false, 'no'],
          ['select a into n from t', 12, false, 'no'],
          ['select a into n from t', 12, false, 'no'],
          ['insert into t values (1) returning a', 13, false, 'no'],
          ['call p()', 15, false, 'no'],
          ['n := n + (select max(a) from t)', 16, false, 'no'],
          ['delete from t', 18, true, 'no'],
        ],
      );
      const [first, second] = parts.filter((part) => part.statement.text === 'select a into n from t');
      assert.ok(first!.statement.start.offset < second!.statement.start.offset);
      for (const { statement } of parts)
        assert.equal(sql.slice(statement.start.offset, statement.end.offset), statement.text);
    });

    it('gives places of nodes inside the statement, as offsets in the file', () => {
      const sql = "do $$ begin -- é\n  perform 'ü', wanted from t; end $$";
      const node = JSON.stringify(bodyOf(sql).parts[0]!.statement.node);
      assert.match(node, new RegExp(`"location":${sql.indexOf('wanted')}\\b`));
    });

    it('reads quoted bodies, with doubled quotes and with escapes', () => {
      assert.deepEqual(texts("do 'begin update t set a = ''x''; delete from t; end'"), [
        "update t set a = ''x''",
        'delete from t',
      ]);
      assert.deepEqual(texts("do E'begin\\n update t set a = \\'\\u00e9\\'; delete from é; end'"), [
        "update t set a = \\'\\u00e9\\'",
        'delete from é',
      ]);
      assert.equal(bodyOf("do 'begin delete from t; end'").verbatim, true);
      assert.equal(bodyOf("do 'begin update t set a = ''x''; end'").verbatim, false);
    });

    it('reads bodies in SQL: as text, BEGIN ATOMIC and RETURN', () => {
      const sql = `create function a() returns int language sql as 'delete from t where x = ''y''; select 1';
        create procedure b() begin atomic insert into t values (1); delete from t where case when x then true end; end;
        create function c() returns int return (select max(x) from t);`;
      assert.deepEqual(
        [0, 1, 2].map((index) => bodyOf(sql, index).parts.map((part) => part.statement.text)),
        [
          ["delete from t where x = ''y''", 'select 1'],
          ['insert into t values (1)', 'delete from t where case when x then true end'],
          ['(select max(x) from t)'],
        ],
      );
    });

    it('reads what EXECUTE runs where its text says it', () => {
      const parts = (execute: string): [string, string][] =>
        bodyOf(`do $do$ declare r record; begin ${execute}; end $do$`).parts.map((part) => [
          part.statement.kind,
          part.dynamic,
        ]);
      assert.deepEqual(parts("execute 'drop table a; drop table b'"), [
        ['DropStmt', 'constant'],
        ['DropStmt', 'constant'],
      ]);
      assert.deepEqual(parts("execute $x$ create table a (b text default ';') $x$"), [
        ['CreateStmt', 'constant'],
      ]);
      assert.deepEqual(parts("execute format('alter table %I add x int default %L', 'a', 'b')"), [
        ['AlterTableStmt', 'constant'],
      ]);
      assert.deepEqual(parts("execute format('alter table %I.%I alter c type %s', r.a, r.b, r.c)"), [
        ['AlterTableStmt', 'composed'],
      ]);
      assert.deepEqual(parts("execute 'drop index ' || quote_ident(r.name) || ' cascade'"), [
        ['DropStmt', 'composed'],
      ]);
      const unknown = bodyOf('do $$ begin execute r.sql; end $$');
      assert.deepEqual(
        [unknown.parts.length, unknown.problems.map((problem) => problem.kind)],
        [0, ['not-analysed']],
      );
    });

    it('says where PostgreSQL would refuse a body', () => {
      const place = (sql: string): [string, string] => {
        const [problem] = bodyOf(sql).problems;
        return [problem!.kind, sql.slice(problem!.start.offset, problem!.end.offset)];
      };
      assert.deepEqual(place('do $$ begin if end $$'), ['syntax-error', 'end']);
      assert.deepEqual(place('do $$ begin\n update t set a = 1;\n selec 1;\n update t set a = 2; end $$'), [
        'syntax-error',
        'selec',
      ]);
      assert.deepEqual(place("create function f() returns int language sql as 'select 1; selec 2'"), [
        'syntax-error',
        's',
      ]);
    });

    const name = fc.constantFrom('t', '"ö🎉"', 'app."a;b"', '"$$"', 'T1');
    const blank = fc.constantFrom(' ', '\n', '\r\n', '\t', ' /* é; */ ', ' -- 🎉;\n');
    const inner = fc
      .tuple(name, blank)
      .chain(([table, between]) =>
        fc.constantFrom(
          `update${between}${table} set a = 1`,
          `alter table ${table}${between}add column b text default 'é'`,
          `delete from${between}${table}`,
          `insert into ${table}${between}values ('x', $q$y$q$)`,
        ),
      );

    it('finds every statement, however the text is laid out', () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(inner, blank), { minLength: 1, maxLength: 6 }),
          fc.constantFrom('$$', '$body$', '$é$', "'"),
          fc.constantFrom('', '-- 🎉\r\n', 'select 1;\n'),
          (statements, quote, before) => {
            const code = `begin${statements.map(([sql, gap]) => `${gap}${sql};`).join('')} end`;
            fc.pre(quote === "'" || !code.includes(quote));
            const written = quote === "'" ? `'${code.replaceAll("'", "''")}'` : `${quote}${code}${quote}`;
            const sql = `${before}do ${written};`;
            const body = bodyOf(sql, before.startsWith('select') ? 1 : 0);
            assert.deepEqual(body.problems, []);
            assert.deepEqual(
              body.parts.map((part) =>
                sql
                  .slice(part.statement.start.offset, part.statement.end.offset)
                  .replaceAll(quote === "'" ? "''" : '\0', "'"),
              ),
              statements.map(([each]) => each),
            );
          },
        ),
        { numRuns: 300 },
      );
    });

    it('is plain data once it is asked for', () => {
      const { statements } = parser.parse('do $$ begin delete from t; end $$');
      const copy = structuredClone(statements);
      assert.deepEqual(copy[0]!.body?.parts[0]?.statement.text, 'delete from t');
    });
  });

  describe('findings', () => {
    it('stand at the statement inside, and belong to the block', () => {
      const sql = `do $$ begin
  if not exists (select 1 from pg_class where relname = 'x') then
    alter table orders add column c int default random();
  end if;
end $$;`;
      const { findings, statements } = lint(sql);
      const finding = findings.find((each) => each.rule === 'volatile-default');
      assert.deepEqual([finding?.statement, finding?.start.line, finding?.start.column], [0, 3, 5]);
      assert.equal(statements.length, 1);
      assert.equal(statements[0]?.work, 'rewrite');
      assert.deepEqual(statements[0]?.locks, [{ relation: 'public.orders', mode: 'AccessExclusiveLock' }]);
      assert.ok(statements[0]?.notes.some((note) => note.includes('counted as if it ran')));
    });

    it('stand at the call where the text is elsewhere', () => {
      const sql = `create procedure tidy() language plpgsql as $$ begin drop table orders; end $$;\ncall tidy();`;
      const { findings } = lint(sql);
      const finding = findings.find((each) => each.rule === 'drop-table');
      assert.deepEqual([finding?.statement, finding?.start.line, finding?.fix], [1, 2, null]);
    });

    it('leave alone what the block itself made, and what is only defined', () => {
      const made =
        'do $$ begin create table n (a int); alter table n add b int not null; create index on n (a); end $$';
      assert.deepEqual(lint(made).findings, []);
      assert.deepEqual(lint(`${made}; alter table n add c int not null`).findings, []);
      const defined =
        "create function f() returns void language plpgsql as $$ begin drop table orders; execute 'x' || y; end $$";
      assert.deepEqual(lint(defined).findings, []);
    });

    it('tell of a body that PostgreSQL refuses, at its place', () => {
      const sql =
        'create function f() returns int language plpgsql as $$ begin\n  selec 1; end $$;\nselect 1;\ndo $$ begin execute spare.txt; end $$;';
      assert.deepEqual(
        lint(sql).findings.map((finding) => [finding.rule, finding.statement, finding.start.line]),
        [
          ['syntax-error', 0, 2],
          ['not-analysed', 2, 4],
        ],
      );
    });

    it('say that CONCURRENTLY fails inside a block, however the file is run', () => {
      const sql = 'do $$ begin create index concurrently i on orders (note); end $$';
      for (const transaction of ['none', 'wrapped'] as const) {
        const { findings, statements } = lint(sql, { transaction });
        assert.ok(findings.some((finding) => finding.rule === 'concurrent-in-transaction'));
        assert.ok(statements[0]?.notes.some((note) => note.startsWith('It fails')));
      }
    });

    it('are fixed inside the body only where its text is the file’s', () => {
      const fixOf = (sql: string): boolean =>
        lint(sql).findings.some((each) => each.rule === 'volatile-default' && each.fix !== null);
      const alter = 'alter table orders add column c int default random()';
      assert.equal(fixOf(alter), true);
      assert.equal(fixOf(`do 'begin ${alter}; perform ''x''; end'`), false);
      assert.equal(fixOf(`do $$ begin execute '${alter}'; end $$`), false);
    });
  });

  describe('calls', () => {
    it('are forecast by what the routine does, with its own search path', () => {
      const known = schemaAfter(
        parser,
        `create table app.t (a int); create table t (a int);
         create function f() returns void language sql set search_path = app as 'update t set a = 1';
         create function g() returns void language plpgsql as $$ begin perform f(); end $$;
         create function f(x int) returns int language sql as 'select 1';`,
      );
      const locks = (sql: string): string[] =>
        forecastOne(parser, sql, known, 18).locks.map((lock) => `${lock.relation} ${lock.mode}`);
      assert.deepEqual(locks('select f()'), ['app.t RowExclusiveLock']);
      assert.deepEqual(locks('select g()'), ['app.t RowExclusiveLock']);
      assert.deepEqual(locks('select f(1)'), []);
      assert.deepEqual(locks('do $$ begin perform g(); end $$'), ['app.t RowExclusiveLock']);
      assert.deepEqual(forecastOne(parser, 'select g()', known, 18).notes, []);
      assert.match(forecastOne(parser, 'select h()', known, 18).notes.join(), /h\(\) was not looked at/);
      assert.match(
        forecastOne(parser, 'drop function f; select f()', known, 18).notes.join(),
        /f\(\) was not looked at/,
      );
    });

    it('that call themselves come to an end', () => {
      const known = schemaAfter(
        parser,
        `create function a() returns void language plpgsql as $$ begin drop table x; perform b(); perform b(); end $$;
         create function b() returns void language plpgsql as $$ begin perform a(); perform a(); perform b(); end $$;`,
      );
      const forecast = forecastOne(parser, 'select a()', known, 18);
      assert.deepEqual(forecast.locks, [{ relation: 'public.x', mode: 'AccessExclusiveLock' }]);
      assert.match(forecast.notes.join(), /runs in itself/);
    });

    it('make known what they make: later migrations see it', () => {
      const before = `create procedure p() language plpgsql as $$ begin alter table t alter b type varchar(9); end $$;`;
      const after = schemaAfter(
        parser,
        `create table t (b varchar(5)); ${before} call p(); do $$ begin alter table t add c varchar(3); end $$`,
      );
      assert.deepEqual(
        after.relations.get('public.t')?.columns.map((column) => [column.name, column.type.modifiers]),
        [
          ['b', [9]],
          ['c', [3]],
        ],
      );
    });
  });

  const fixture = `
    create table customers (id int primary key, name text, seen timestamptz);
    create table orders (id int primary key, customer_id int references customers (id), total numeric(8,2));
    create table spare (id int);
    insert into customers select g, 'n' || g, now() from generate_series(1, 300) g;
    insert into orders select g, g, g from generate_series(1, 300) g;
    insert into spare select g from generate_series(1, 300) g;
    create function widen() returns void language plpgsql as $$ begin
      if true then alter table orders alter column total type numeric(10,3); end if; end $$;
    create function clean(floor_id int default 0) returns int language sql as 'delete from spare; select 1';
    create procedure prove() language plpgsql as $$ declare n int; begin
      alter table customers add constraint named check (name <> '') not valid;
      execute 'alter table customers validate constraint named'; end $$;
    analyze;
  `;
  /** Each is run as it stands on real servers, its locks, rewrites and scans compared. */
  const measured = [
    "do $$ begin if not exists (select 1 from pg_class where relname = 'none') then alter table customers add column c float default random(); end if; end $$",
    'do $$ begin alter table customers add column c int; update customers set c = id; end $$',
    "do 'begin create index on orders (total); drop table spare; end'",
    'do $$ declare r record; begin for r in select * from spare loop update customers set name = name where id = r.id; end loop; end $$',
    "do $$ begin execute 'alter table orders alter column total type int'; end $$",
    "do $$ begin execute format('alter table %I add column %I int', 'orders', 'x'); end $$",
    'do $$ begin begin alter table orders drop column total; exception when undefined_column then null; end; end $$',
    'do $$ begin create table fresh (a int references customers (id)); insert into fresh select 1; alter table fresh add b int not null default 1; end $$',
    'do $$ begin perform widen(); end $$',
    'select widen()',
    'call prove()',
    'do $$ begin call prove(); end $$',
    'do $$ declare n int; begin n := (select count(*) from orders); lock table spare in share mode; end $$',
    'do $$ begin alter table orders rename to purchases; alter table purchases add column x int; end $$',
    'do $$ begin if false then drop table spare; end if; end $$',
  ];
  /** Rows that queries and foreign keys read are read as their plan says: only locks and rewrites are compared. */
  const readsAsPlanned = /for r in select|insert into fresh|select count/;
  /** What a condition keeps from running is in the forecast and not in what was measured. */
  const conditional = new Set(['do $$ begin if false then drop table spare; end if; end $$']);

  for (const major of testMajors) {
    it(`are forecast as PostgreSQL ${major} does them, from text and from the catalog`, async () => {
      const database: TestDatabase = await (await testServer({ major })).createDatabase();
      const session: Session = await openSession(database.connection, database.password);
      const wrong: string[] = [];
      try {
        await session.script(fixture);
        const there = await relationsThere(session);
        const schemas: KnownSchema[] = [
          schemaAfter(parser, fixture),
          await readKnownSchema(session, parser, { relations: null }),
        ];
        for (const sql of measured) {
          const real = await measure(session, sql, there, true);
          for (const schema of schemas) {
            const forecast = forecastOne(parser, sql, schema, major);
            const expected = comparable(forecast, there);
            if (readsAsPlanned.test(sql)) expected.scans = real.scans;
            const same = JSON.stringify(expected) === JSON.stringify(real);
            if (same === conditional.has(sql))
              wrong.push(`${schema.source} ${sql}\n  ${JSON.stringify(expected)}\n  ${JSON.stringify(real)}`);
            assert.ok(!forecast.notes.join().includes('not looked at'), `${sql}: ${forecast.notes.join()}`);
          }
        }
      } finally {
        await session.close();
        await database.drop();
      }
      assert.deepEqual(wrong, []);
    });

    it(`are refused where PostgreSQL ${major} refuses them`, async () => {
      const database: TestDatabase = await (await testServer({ major })).createDatabase();
      const session: Session = await openSession(database.connection, database.password);
      try {
        for (const body of [
          'begin null; end',
          'begin selec 1; end',
          'begin if then end',
          'begin update t set a 1; end',
          'begin perform 1; select 2 into strict found; end if; end',
          'declare v pg_class%rowtype; r record; begin select * into v from pg_class; v.relname := null; for r in select 1 loop null; end loop; end',
          'begin exception when no_such_condition then null; end',
          'begin loop exit; end loop; return; end',
        ]) {
          const sql = `create or replace function f() returns void language plpgsql as $f$ ${body} $f$`;
          const refused = await session.query(sql).then(
            () => false,
            () => true,
          );
          const said = lint(sql, { schema: emptyKnownSchema() }).findings.some(
            (finding) => finding.rule === 'syntax-error',
          );
          assert.equal(said, refused, body);
        }
      } finally {
        await session.close();
        await database.drop();
      }
    });
  }

  function comparable(forecast: Forecast, there: readonly string[]): Measured {
    const of = (...kinds: string[]): string[] =>
      forecast.works
        .filter((work) => kinds.includes(work.kind))
        .map((work) => work.relation)
        .sort();
    return {
      locks: forecast.locks.filter((lock) => there.includes(lock.relation)),
      rewrites: of('rewrite'),
      scans: of('scan', 'index-build', 'rewrite'),
    };
  }
});
