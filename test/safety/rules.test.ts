import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Session } from '../../src/database/session';
import { comingChecks } from '../../src/rehearse/measure/coming-checks';
import type { Forecast } from '../../src/safety/forecast';
import { lintScript, type LintedScript } from '../../src/safety/lint';
import type { RuleExample } from '../../src/safety/rule';
import { rules } from '../../src/safety/rules/index';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import { fixTarget } from './fix-files';
import { schemaAfter } from './lock-truth';
import { measure, relationsThere, seedTables } from './measure';
import { wrappedUp } from './wrapped-up';

/** Examples that show a failure, with the SQLSTATE the server must give. */
const failures: Record<string, string> = {
  'adding-required-column bad': '23502',
  'concurrent-in-transaction bad': '25001',
  'dependents-block-change bad': '0A000',
  'detach-concurrently-with-default bad': '55000',
  'duplicate-column bad': '42701',
  'enum-value-used-at-once bad': '55P04',
};

describe('safety/rules', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const lint = (example: RuleExample, serverMajor: number): LintedScript =>
    lintScript(
      parser,
      wrappedUp(example.sql, {
        transaction: example.transaction ?? 'wrapped',
        schema: schemaAfter(parser, example.before),
        serverMajor,
        target: fixTarget('example.sql'),
        plan: example.plan ?? null,
        levels: Object.fromEntries(
          rules.filter((rule) => rule.optIn).map((rule) => [rule.id, rule.severity]),
        ),
      }),
    );

  it('lists every rule file once, by its id', () => {
    const files = readdirSync(path.resolve(__dirname, '../../src/safety/rules'))
      .map((name) => name.replace(/\.ts$/, ''))
      .filter((name) => name !== 'index');
    assert.deepEqual(rules.map((rule) => rule.id).sort(), files.sort());
    for (const rule of rules) {
      assert.match(rule.url, /^https:\/\/www\.postgresql\.org\/docs\/current\//);
      assert.equal(rule.why.match(/[.](?= |$)/g)?.length, 2, `${rule.id}: two sentences`);
    }
  });

  for (const rule of rules) {
    it(`${rule.id} finds its bad example and not its good one`, () => {
      const bad = lint(rule.bad, 18).findings.filter((finding) => finding.rule === rule.id);
      assert.equal(bad.length, 1);
      assert.equal(bad[0]!.severity, rule.severity);
      assert.ok(bad[0]!.end.offset > bad[0]!.start.offset);
      assert.deepEqual(
        lint(rule.good, 18).findings.filter((finding) => finding.rule === rule.id),
        [],
      );
    });
  }

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, function () {
      this.timeout(60_000);
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));
      for (const rule of rules) {
        for (const kind of ['bad', 'good'] as const) {
          if (major < (rule[kind].since ?? rule.since ?? 0) || major > (rule.until ?? major)) continue;
          it(`${rule.id}: the ${kind} example does what is forecast`, async () => {
            await session.script('drop schema public cascade; create schema public');
            await session.script(rule[kind].before);
            const { statements } = parser.parse(rule[kind].sql);
            const coming = comingChecks(statements, schemaAfter(parser, rule[kind].before));
            await seedTables(session, 200, coming);
            const expected = failures[`${rule.id} ${kind}`];
            if (!expected) await run(session, rule[kind], major);
            else await assert.rejects(runTogether(rule[kind]), (error) => sqlState(error) === expected);
          });
        }
      }

      /** In one transaction, as most runners do: some statements fail only together. */
      async function runTogether(example: RuleExample): Promise<void> {
        const runAll = async (): Promise<void> => {
          for (const statement of parser.parse(example.sql).statements) await session.query(statement.text);
        };
        if (example.transaction === 'none') await runAll();
        else await session.transaction(runAll, { rollback: true });
      }
    });
  }

  async function run(session: Session, example: RuleExample, major: number): Promise<void> {
    const there = await relationsThere(session);
    const { statements } = parser.parse(example.sql);
    const forecasts = lint(example, major).statements;
    for (const [index, statement] of statements.entries()) {
      const forecast = forecasts[index]!;
      // Each statement is measured in a transaction of its own.
      if (statement.kind === 'TransactionStmt') {
        assert.deepEqual(forecast.locks, []);
        continue;
      }
      const alone = !forecast.transactional && example.transaction === 'none';
      if (alone) await session.query(statement.text);
      else assertAsForecast(forecast, await measure(session, statement.text, there), there);
    }
  }

  function assertAsForecast(
    forecast: Forecast,
    measured: Awaited<ReturnType<typeof measure>>,
    there: string[],
  ): void {
    const locks = forecast.locks.filter((lock) => there.includes(lock.relation));
    assert.deepEqual(locks, measured.locks);
    // TRUNCATE starts a new, empty file: that is no work on rows.
    if (/^(Update|Delete|Truncate)Stmt$/.test(forecast.kind)) return;
    const of = (...kinds: string[]): string[] =>
      forecast.works
        .filter((work) => kinds.includes(work.kind))
        .map((work) => work.relation)
        .sort();
    assert.deepEqual(of('rewrite'), measured.rewrites);
    // REFRESH writes the view without reading what was in it.
    const readToo = forecast.kind === 'RefreshMatViewStmt' ? [] : ['rewrite'];
    assert.deepEqual(of('scan', 'index-build', ...readToo), measured.scans);
  }

  function sqlState(error: unknown): unknown {
    return (error as { details?: { sqlstate?: unknown } }).details?.sqlstate;
  }
});
