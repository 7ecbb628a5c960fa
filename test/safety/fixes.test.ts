import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import type { Finding, Fix } from '../../src/safety/finding';
import { holdsOthersForItsWork } from '../../src/safety/forecast/effects';
import { lintScript, type LintedScript } from '../../src/safety/lint';
import type { RuleExample } from '../../src/safety/rule';
import { rules } from '../../src/safety/rules/index';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import { fixTarget, migrationsAfter, type FixedMigration } from './fix-files';
import { schemaAfter } from './lock-truth';
import { seedTables } from './measure';
import { wrappedUp } from './wrapped-up';

/** Fixes that leave the work as it is, and have it done less often. */
const lessOften: ReadonlySet<string> = new Set(['several-alter-table']);

/** Rules whose bad example has a fix, so that what is tested of fixes below is tested of each of them. */
const fixable = `
  adding-required-column attach-partition-scan char-type commit-in-wrapped-file concurrent-in-transaction
  constraint-not-valid detach-concurrently-with-default detach-partition domain-constraint drop-index-not-concurrent
  foreign-key-without-index identifier-too-long index-not-concurrent index-on-partitioned-table
  inline-constraint-on-new-column integer-key invalid-index-hidden json-column lock-order lock-timeout-too-late
  lock-timeout-zero-or-long missing-idle-timeout missing-lock-timeout mixed-schema-and-data
  needlessly-outside-transaction nested-transaction not-rerunnable prefer-identity primary-key-builds-index
  reindex-not-concurrent serial-or-identity-column set-not-null-scan several-alter-table small-integer
  stored-generated-column timestamp-without-time-zone truncate-cascade type-change-rewrite unclosed-transaction
  unique-constraint-builds-index vacuum-full validate-in-same-transaction varchar-limit volatile-default`
  .trim()
  .split(/\s+/);
/** CONCURRENTLY for DETACH came with 14, VIRTUAL with 18. */
const newer: Record<string, number> = {
  'detach-concurrently-with-default': 14,
  'detach-partition': 14,
  'stored-generated-column': 18,
};

/** What every fix has to keep: the finding is gone, nothing worse came, it runs, and its way back runs. */
describe('fixes of the rules', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const lint = (
    before: readonly string[],
    sql: string,
    transaction: RuleExample['transaction'],
    serverMajor: number,
  ): LintedScript =>
    lintScript(
      parser,
      wrappedUp(sql, {
        transaction: transaction ?? 'wrapped',
        schema: schemaAfter(parser, ...before),
        serverMajor,
        levels: Object.fromEntries(
          rules.filter((rule) => rule.optIn).map((rule) => [rule.id, rule.severity]),
        ),
        target: fixTarget('example.sql'),
      }),
    );

  const fixed = (
    id: string,
    example: RuleExample,
    major: number,
  ): { fix: Fix; after: FixedMigration[] } | null => {
    const found = lint([example.before], example.sql, example.transaction, major).findings.find(
      (finding) => finding.rule === id,
    );
    if (!found?.fix) return null;
    return { fix: found.fix, after: migrationsAfter(example, found.fix) };
  };

  for (const major of testMajors) {
    it(`has these fixes for ${major}`, () => {
      const found = rules.filter((rule) => fixed(rule.id, rule.bad, major) !== null).map((rule) => rule.id);
      assert.deepEqual(
        found.sort(),
        fixable.filter((id) => major >= (newer[id] ?? 0)),
      );
    });

    for (const rule of rules) {
      if (rule.since !== null && major < rule.since) continue;
      it(`${rule.id}: its fix for ${major}, where it has one, takes the finding away and is itself safe`, () => {
        const result = fixed(rule.id, rule.bad, major);
        if (!result) return;
        const original = lint([rule.bad.before], rule.bad.sql, rule.bad.transaction, major);
        const worse = new Set(original.findings.map(errorKey));
        const heldBefore = original.statements.filter(holdsOthersForItsWork).length;
        const before = [rule.bad.before];
        for (const { up, transactional } of result.after) {
          const linted = lint(before, up, transactional ? rule.bad.transaction : 'none', major);
          assert.deepEqual(
            linted.findings.filter((finding) => finding.rule === rule.id || finding.rule === 'syntax-error'),
            [],
            up,
          );
          const errors = linted.findings.filter(
            (finding) => finding.severity === 'error' && !worse.has(errorKey(finding)),
          );
          assert.deepEqual(errors, [], up);
          const held = linted.statements.filter(holdsOthersForItsWork).length;
          if (lessOften.has(rule.id)) assert.ok(held < heldBefore, up);
          else assert.equal(held, 0, up);
          before.push(up);
        }
      });
    }

    describe(`on PostgreSQL ${major}`, function () {
      this.timeout(60_000);
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));

      for (const rule of rules) {
        it(`${rule.id}: what its fix writes runs, forth and back, where it has one`, async () => {
          const result = fixed(rule.id, rule.bad, major);
          if (!result) return;
          await session.script('drop schema public cascade; create schema public');
          await session.script(rule.bad.before);
          await seedTables(session);
          for (const migration of result.after) await run(migration.up, migration.transactional);
          for (const migration of [...result.after].reverse())
            await run(migration.down, migration.transactional);
        });
      }

      async function run(sql: string, transactional: boolean): Promise<void> {
        const { statements } = parser.parse(sql);
        if (transactional) await session.transaction(() => session.script(sql), { rollback: false });
        else for (const statement of statements) await session.query(statement.text);
      }
    });
  }

  function errorKey(finding: Finding): string {
    return `${finding.rule} ${finding.severity}`;
  }
});
