import assert from 'node:assert/strict';
import { disagreementReport } from '../../src/rehearse/measure/disagreement-report';
import { measuredStatement } from '../../src/rehearse/measure/measured-statement';
import { forecastStatements } from '../../src/safety/forecast/forecast-statements';
import { loadParser } from '../../src/sql/parser';

describe('the report of a disagreement', () => {
  for (const [sql, shown] of [
    [
      "insert into t -- of Ada, 4111111111111111\nvalues (4111111111111111, E'it\\'s private', $a$private$a$, -1.5e3, U&'private' /* private */)",
      "insert into t\nvalues (0, E'…', $$…$$, -0, U&'…'  )",
    ],
    ["alter table t2 add check (a <> 'private')", "alter table t2 add check (a <> '…')"],
    [
      'alter table "t 1" alter column a type numeric(10,2)',
      'alter table "t 1" alter column a type numeric(10,2)',
    ],
    ["alter role a password 'private'", "alter role a password '…'"],
  ] as const) {
    it(`holds no constant and no comment of: ${sql.slice(0, 30)}`, async () => {
      const { statements } = (await loadParser()).parse(sql);
      const [predicted] = forecastStatements({
        statements,
        direction: 'up',
        schema: null,
        transaction: 'none',
        serverMajor: 18,
      });
      const observed = {
        locks: [],
        indexLocks: [],
        works: [],
        scans: [],
        rebuiltIndexes: [],
        catalog: true,
        milliseconds: 3,
      };
      const comparison = { observed, transactional: true, empty: new Set<string>(), polled: false };
      const report = disagreementReport(sql, measuredStatement({ ...comparison, predicted: predicted! }), {
        kind: 'local',
        engine: 'postgres',
        version: '18.4',
        major: 18,
      });
      assert.ok(report.includes(`\`\`\`sql\n${shown}\n\`\`\``), report);
      assert.doesNotMatch(report, /private|4111/);
    });
  }
});
