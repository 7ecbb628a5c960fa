import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Finding } from '../../src/safety/finding';
import { lintScript, type LintInput } from '../../src/safety/lint';
import { rules } from '../../src/safety/rules/index';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { schemaAfter } from './lock-truth';
import { wrappedUp } from './wrapped-up';

describe('safety/lint', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const lint = (sql: string, extra: Partial<LintInput> = {}) =>
    lintScript(
      parser,
      wrappedUp(sql, {
        schema: schemaAfter(parser, 'create table orders (id int primary key, note text, amount int);'),
        levels: { 'missing-lock-timeout': 'off' },
        ...extra,
      }),
    );
  const ids = (findings: Finding[]): string[] => findings.map((finding) => finding.rule);

  it('gives findings in the order of the text, with broken text among them', () => {
    const sql = '\\i x.sql\nalter table orders add a int not null;\nselec;\ncreate index on orders (note);\n';
    const { findings, statements } = lint(sql);
    assert.deepEqual(ids(findings), [
      'not-analysed',
      'adding-required-column',
      'syntax-error',
      'index-not-concurrent',
      'statement-after-access-exclusive',
    ]);
    assert.deepEqual(
      findings.map((finding) => [finding.statement, finding.start.line]),
      [
        [null, 1],
        [0, 2],
        [null, 3],
        [1, 4],
        [1, 4],
      ],
    );
    assert.equal(statements.length, 2);
  });

  it('leaves tables made by the same script alone', () => {
    const sql = `create table a (b int, c int); alter table a add d int not null; create index on a (b);
      alter table a alter b type bigint; update a set b = 1; alter table a rename b to e; drop table a;`;
    assert.deepEqual(ids(lint(sql).findings), []);
  });

  it('does not call a way back dangerous for dropping what the way forth made', () => {
    assert.deepEqual(ids(lint('alter table orders drop column note', { direction: 'down' }).findings), []);
  });

  it('suppresses by comment with a reason, and says when a suppression is idle', () => {
    const statement = 'alter table orders drop column note;';
    assert.deepEqual(
      ids(lint(`-- switchback:ignore drop-column nobody reads it since 4.2\n${statement}`).findings),
      [],
    );
    assert.deepEqual(
      ids(lint(`-- switchback:ignore drop-column why\n-- another line\n\n${statement}`).findings),
      [],
    );
    assert.deepEqual(ids(lint(`-- switchback:ignore drop-column\n${statement}`).findings), [
      'unused-suppression',
      'drop-column',
    ]);
    assert.deepEqual(ids(lint(`-- switchback:ignore drop-table why\n${statement}`).findings), [
      'unused-suppression',
      'drop-column',
    ]);
    assert.deepEqual(ids(lint(`-- switchback:ignore drop-column why\nselect 1;\n${statement}`).findings), [
      'unused-suppression',
      'drop-column',
    ]);
  });

  it('takes levels from the configuration', () => {
    assert.deepEqual(
      ids(
        lint('drop table orders', { levels: { 'drop-table': 'off', 'missing-lock-timeout': 'off' } })
          .findings,
      ),
      [],
    );
    assert.equal(
      lint('drop table orders', { levels: { 'drop-table': 'error', 'missing-lock-timeout': 'off' } })
        .findings[0]?.severity,
      'error',
    );
    assert.deepEqual(ids(lint('selec', { levels: { 'syntax-error': 'off' } }).findings), []);
  });

  it('gives places in the file when the script is a part of it', () => {
    const fileText = '-- +goose Up 🎉\r\ndrop table orders;\n';
    const offset = fileText.indexOf('drop');
    const { findings, statements } = lint(fileText.slice(offset), { offset, fileText });
    assert.deepEqual(findings[0]?.start, { offset, line: 2, column: 1 });
    assert.deepEqual(statements[0]?.start, { offset, line: 2, column: 1 });
  });

  it('knows whose transaction a statement is in', () => {
    const concurrent = 'create index concurrently i on orders (note);';
    const found = (sql: string, transaction: LintInput['transaction']): boolean =>
      ids(lint(sql, { transaction }).findings).includes('concurrent-in-transaction');
    assert.equal(found(concurrent, 'wrapped'), true);
    assert.equal(found(concurrent, 'none'), false);
    assert.equal(found(concurrent, 'implicit'), false);
    assert.equal(found(`select 1; ${concurrent}`, 'implicit'), true);
    assert.equal(found(`begin; ${concurrent} commit;`, 'none'), true);
    assert.equal(found(`begin; select 1; commit; ${concurrent}`, 'none'), false);
    assert.equal(found(`commit; ${concurrent}`, 'wrapped'), false);
  });

  it('asks for a lock_timeout once', () => {
    const levels = {};
    const two = 'alter table orders add a int; alter table orders add b int;';
    assert.deepEqual(ids(lint(two, { levels }).findings), ['missing-lock-timeout']);
    assert.deepEqual(ids(lint(`set local lock_timeout = '1s'; ${two}`, { levels }).findings), []);
  });

  it('never throws, whatever the examples are turned into', function () {
    this.timeout(60_000);
    const words = rules.flatMap((rule) =>
      [rule.bad, rule.good].flatMap((example) => `${example.before} ${example.sql}`.split(/\b/)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { maxLength: 40 }),
        fc.constantFrom(12, 18),
        (parts, serverMajor) => {
          lint(parts.join(' '), { serverMajor });
        },
      ),
      { numRuns: 1000 },
    );
    const statements = rules.flatMap((rule) => [rule.bad.before, rule.bad.sql, rule.good.sql]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...statements), { maxLength: 8 }), (parts) => {
        const { findings } = lint(parts.join('\n'), { schema: null });
        for (const finding of findings)
          assert.ok(finding.message.length > 20 && !finding.message.includes('{'));
      }),
    );
  });
});
