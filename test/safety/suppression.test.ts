import assert from 'node:assert/strict';
import { lintScript, type LintInput, type LintedScript } from '../../src/safety/lint';
import { nearestRuleId } from '../../src/safety/rule-ids';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { schemaAfter } from './lock-truth';
import { wrappedUp } from './wrapped-up';

describe('suppressions', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const lint = (sql: string, extra: Partial<LintInput> = {}): LintedScript =>
    lintScript(
      parser,
      wrappedUp(sql, {
        schema: schemaAfter(
          parser,
          'create table orders (id int primary key, note text); create table old (id int);',
        ),
        levels: { 'missing-lock-timeout': 'off', 'lock-order': 'off' },
        ...extra,
      }),
    );
  const rulesOf = (sql: string, extra: Partial<LintInput> = {}): string[] =>
    lint(sql, extra).findings.map((finding) => finding.rule);
  const said = (sql: string): string =>
    lint(sql)
      .findings.map((finding) => finding.message)
      .join('\n');

  it('take several rules at once, each judged by itself', () => {
    const drops = 'alter table orders drop column note; drop table old;';
    assert.deepEqual(rulesOf(drops), ['drop-column', 'drop-table']);
    const both = `-- switchback:ignore drop-column, missing-lock-timeout nobody reads it\n${drops}`;
    assert.deepEqual(rulesOf(both), ['drop-table']);
    const one =
      '-- switchback:ignore drop-column,drop-table nobody reads it\nalter table orders drop column note;';
    assert.deepEqual(rulesOf(one), ['unused-suppression']);
    assert.match(said(one), /drop-table finds nothing on the next statement/);
  });

  it('of a file hold for all its statements', () => {
    const head = '-- switchback:ignore-file drop-table, drop-column no users yet\n';
    assert.deepEqual(rulesOf(`${head}alter table orders drop column note;\ndrop table old;`), []);
    assert.deepEqual(rulesOf(`${head}drop table old;`), ['unused-suppression']);
    assert.match(said(`${head}drop table old;`), /drop-column finds nothing in this file/);
  });

  it('of a file cover findings on the file as a whole', () => {
    const ofFile = [{ rule: 'no-down', severity: 'warning', message: 'There is no way back.' }] as const;
    const sql = 'create table more (id bigint primary key);';
    const { findings } = lint(sql, { ofFile });
    assert.deepEqual(
      findings.map(({ rule, severity, statement, start }) => [rule, severity, statement, start.offset]),
      [['no-down', 'warning', null, 0]],
    );
    assert.deepEqual(rulesOf(`-- switchback:ignore-file no-down a table for a day\n${sql}`, { ofFile }), []);
    assert.deepEqual(rulesOf(sql, { ofFile, levels: { 'no-down': 'off' } }), []);
    assert.equal(lint(sql, { ofFile, levels: { 'no-down': 'error' } }).findings[0]?.severity, 'error');
  });

  it('of a file do nothing below the first statement', () => {
    const sql = 'select 1;\n-- switchback:ignore-file drop-table no users yet\ndrop table old;';
    assert.deepEqual(rulesOf(sql), ['unused-suppression', 'drop-table']);
  });

  it('name the rule that was meant where there is no such one', () => {
    const sql = '-- switchback:ignore drop-colum nobody reads it\nalter table orders drop column note;';
    assert.deepEqual(rulesOf(sql), ['unused-suppression', 'drop-column']);
    assert.match(said(sql), /There is no rule drop-colum, .* Did you mean drop-column\?/);
    assert.match(said('-- switchback:ignore zzzzzzzz why\nselect 1;'), /There is no rule zzzzzzzz/);
    assert.equal(nearestRuleId('Rename-Columns'), 'rename-column');
    assert.equal(nearestRuleId('zzzzzzzz'), null);
  });

  it('ask for a rule and a reason', () => {
    const drop = 'alter table orders drop column note;';
    for (const comment of ['-- switchback:ignore', '-- switchback:ignore-file'])
      assert.match(said(`${comment}\n${drop}`), /names no rule/);
    for (const comment of ['-- switchback:ignore drop-column', '-- switchback:ignore-file drop-column, ']) {
      assert.deepEqual(rulesOf(`${comment}\n${drop}`), ['unused-suppression', 'drop-column']);
      assert.match(said(`${comment}\n${drop}`), /has no reason/);
    }
  });

  it('are not idle where the configuration silences the rule anyway', () => {
    const sql = '-- switchback:ignore drop-column nobody reads it\nalter table orders drop column note;';
    assert.deepEqual(rulesOf(sql, { levels: { 'drop-column': 'off', 'missing-lock-timeout': 'off' } }), []);
    const taste =
      "-- switchback:ignore create-enum it never changes\ncreate type side as enum ('left', 'right');";
    assert.deepEqual(rulesOf(taste), []);
  });

  it('can be silenced themselves', () => {
    const sql = '-- switchback:ignore drop-table why\nselect 1;';
    assert.deepEqual(rulesOf(sql, { levels: { 'unused-suppression': 'off' } }), []);
  });
});
