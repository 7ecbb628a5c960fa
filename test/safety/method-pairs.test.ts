import assert from 'node:assert/strict';
import type { Finding } from '../../src/safety/finding';
import { holdsOthersForItsWork } from '../../src/safety/forecast/effects';
import { lintScript, type LintedScript } from '../../src/safety/lint';
import type { RuleExample } from '../../src/safety/rule';
import { rules } from '../../src/safety/rules/index';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { fixTarget, migrationsAfter } from './fix-files';
import { schemaAfter } from './lock-truth';
import { wrappedUp } from './wrapped-up';

/** The method's own pairs of wrong and right. */
const pairs = [
  {
    title: 'a required column at once',
    rule: 'adding-required-column',
    before: 'create table users (id bigint primary key, name text);',
    wrong: 'ALTER TABLE users ADD COLUMN email VARCHAR NOT NULL',
    right: 'ALTER TABLE users ADD COLUMN email VARCHAR',
    fixed: ['ALTER TABLE users ADD COLUMN email VARCHAR;\n'],
  },
  {
    title: 'a plain index on a large table',
    rule: 'index-not-concurrent',
    before: 'create table orders (id bigint primary key, user_id bigint);',
    wrong: 'CREATE INDEX idx_orders_user ON orders(user_id)',
    right: 'CREATE INDEX CONCURRENTLY idx_orders_user ON orders(user_id)',
    fixed: ['-- switchback:no-transaction\nCREATE INDEX CONCURRENTLY idx_orders_user ON orders(user_id);\n'],
  },
  {
    title: 'a type changed in place',
    rule: 'type-change-rewrite',
    before: 'create table orders (id bigint primary key, amount int);',
    wrong: 'ALTER TABLE orders ALTER COLUMN amount TYPE BIGINT',
    right: 'ALTER TABLE orders ADD COLUMN amount_new BIGINT',
    fixed: null,
  },
];

describe("safety: the method's pairs", () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const lint = (
    sql: string,
    before: string,
    serverMajor: number,
    transaction: RuleExample['transaction'] = 'wrapped',
  ): LintedScript =>
    lintScript(
      parser,
      wrappedUp(sql, {
        transaction,
        schema: schemaAfter(parser, before),
        serverMajor,
        levels: { 'missing-lock-timeout': 'off' },
        target: fixTarget('example.sql'),
      }),
    );
  const errorsOf = (findings: readonly Finding[]): string[] =>
    findings.filter((finding) => finding.severity === 'error').map((finding) => finding.rule);

  for (const pair of pairs) {
    const rule = rules.find((each) => each.id === pair.rule)!;
    for (const major of testMajors) {
      it(`${pair.title}, on ${major}: the wrong one is found, and the hover shows a right one`, () => {
        const found = lint(`${pair.wrong};\n`, pair.before, major).findings.filter(
          (finding) => finding.rule === pair.rule,
        );
        assert.equal(found.length, 1);
        assert.equal(found[0]!.severity, 'error');
        const shown = lint(rule.good.sql, rule.good.before, major, rule.good.transaction);
        assert.deepEqual(errorsOf(shown.findings), []);
        assert.ok(!shown.statements.some(holdsOthersForItsWork));
      });

      it(`${pair.title}, on ${major}: the right one is clean`, () => {
        const transaction = /CONCURRENTLY/.test(pair.right) ? 'none' : 'wrapped';
        const { findings, statements } = lint(`${pair.right};\n`, pair.before, major, transaction);
        assert.deepEqual(
          findings.map((finding) => finding.rule),
          [],
        );
        assert.ok(!statements.some(holdsOthersForItsWork));
      });

      it(`${pair.title}, on ${major}: with the fix applied the file is clean`, () => {
        const example = { before: pair.before, sql: `${pair.wrong};\n` };
        const { fix } = lint(example.sql, pair.before, major).findings.find(
          (finding) => finding.rule === pair.rule,
        )!;
        assert.ok(fix);
        const after = migrationsAfter(example, fix);
        if (pair.fixed)
          assert.deepEqual(
            after.map((migration) => migration.up),
            pair.fixed,
          );
        const before = [pair.before];
        for (const { up, transactional } of after) {
          const linted = lint(up, before.join('\n'), major, transactional ? 'wrapped' : 'none');
          assert.deepEqual(errorsOf(linted.findings), [], up);
          assert.ok(!linted.findings.some((finding) => finding.rule === pair.rule));
          assert.ok(!linted.statements.some(holdsOthersForItsWork));
          before.push(up);
        }
      });
    }
  }
});
