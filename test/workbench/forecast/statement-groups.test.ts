import assert from 'node:assert/strict';
import { lintScript, type LintedScript } from '../../../src/safety/lint';
import { applyToKnownSchema } from '../../../src/safety/known-schema-fold';
import { emptyKnownSchema } from '../../../src/safety/known-schema';
import { loadParser, type SqlParser } from '../../../src/sql/parser';
import { statementGroups, strongestGroup } from '../../../src/workbench/forecast/statement-groups';
import { wrappedUp } from '../../safety/wrapped-up';

describe('statements in groups', () => {
  let parser: SqlParser;

  before(async () => {
    parser = await loadParser();
  });

  const tables = `create table orders (id int primary key, n int, note text);
    create table customers (id int primary key, name text);`;

  function lint(
    sql: string,
    transaction: 'wrapped' | 'none' = 'wrapped',
    rows: number | null = null,
  ): LintedScript {
    const schema = emptyKnownSchema(rows === null ? 'static' : 'catalog');
    for (const statement of parser.parse(tables).statements) applyToKnownSchema(schema, statement);
    for (const relation of schema.relations.values())
      Object.assign(relation, { fresh: false, rows, bytes: rows === null ? null : rows * 60_000 });
    return lintScript(
      parser,
      wrappedUp(sql, { path: '/m/001.sql', transaction, schema, levels: { 'missing-lock-timeout': 'off' } }),
    );
  }

  const phrases = (script: LintedScript): string[] => statementGroups(script).map((group) => group.phrase);

  it('are one line for neighbours of one transaction with the same strongest lock on the same tables', () => {
    const script = lint(
      'alter table orders add a int; alter table orders add b int; alter table customers add c int; alter table orders add d int;',
    );
    assert.deepEqual(phrases(script), [
      'ACCESS EXCLUSIVE on orders',
      'ACCESS EXCLUSIVE on customers',
      'ACCESS EXCLUSIVE on orders',
    ]);
    assert.equal(statementGroups(script)[0]!.statements.length, 2);
  });

  it('stay apart in transactions of their own, and where one locks nothing', () => {
    const twice = 'alter table orders add a int; alter table orders add b int;';
    assert.equal(statementGroups(lint(twice, 'none')).length, 2);
    assert.equal(statementGroups(lint(`begin; ${twice} commit;`, 'none')).length, 3);
    assert.equal(statementGroups(lint('select 1; select 2;')).length, 2);
  });

  it('say the heaviest work of the group, its time, and the rows it was computed from', () => {
    const script = lint(
      'alter table orders add a int; alter table orders alter n type bigint;',
      'wrapped',
      200_000,
    );
    assert.match(phrases(script)[0]!, /^ACCESS EXCLUSIVE on orders · rewrite · about .* at 200,000 rows$/);
    assert.equal(phrases(script).length, 1);
  });

  it('are loud where others wait, rows are worked on, or an error is said', () => {
    const loud = (sql: string): boolean => statementGroups(lint(sql, 'none'))[0]!.loud;
    assert.equal(loud('alter table orders add a int'), true);
    assert.equal(loud('create index i on orders (n)'), true);
    assert.equal(loud('create index concurrently i on orders (n)'), true);
    assert.equal(loud("set lock_timeout = '1s'"), false);
    assert.equal(loud('create table other (id int)'), false);
    assert.equal(loud("comment on table orders is 'x'"), false);
  });

  it('give the one that matters most', () => {
    const script = lint(
      'select 1; create index i on orders (n); alter table customers add c int; select 2;',
      'none',
    );
    assert.equal(strongestGroup(statementGroups(script))?.phrase, 'ACCESS EXCLUSIVE on customers');
    assert.equal(strongestGroup([]), null);
  });
});
