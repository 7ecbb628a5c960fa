import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { fingerprints } from '../../src/cli/formats/fingerprint';
import { lintGithub } from '../../src/cli/formats/lint-github';
import { lintGitlab } from '../../src/cli/formats/lint-gitlab';
import { lintJson } from '../../src/cli/formats/lint-json';
import type { LintReport } from '../../src/cli/formats/lint-report';
import { lintSarif } from '../../src/cli/formats/lint-sarif';
import { lintText } from '../../src/cli/text/lint';
import { wantsColours } from '../../src/cli/text/paint';
import { wrapped } from '../../src/cli/text/wrap';
import type { LintedFile } from '../../src/journey/outcomes';
import type { Finding } from '../../src/safety/finding';
import type { Forecast } from '../../src/safety/forecast';
import { rules } from '../../src/safety/rules/index';
import { TextPositions } from '../../src/sql/positions';

const root = '/shop';
const file = '/shop/migrations/2 größer, neu.up.sql';
const sql =
  '-- 🚂\n' +
  'create index orders_customer\n  on orders (customer_id);\n' +
  '/* 🚂 */ alter table orders add column total numeric;\n' +
  'update orders set total = 0 where note = ' +
  "'a statement that is longer than the line of the terminal it is shown on, by far';\n";
const positions = new TextPositions(sql);

function at(text: string): Pick<Finding, 'start' | 'end'> {
  const from = sql.indexOf(text);
  return { start: positions.at(from), end: positions.at(from + text.length) };
}

const create = at('create index orders_customer\n  on orders (customer_id)');
const alter = at('alter table orders add column total numeric');
const update = at(sql.slice(sql.indexOf('update'), sql.lastIndexOf(';')));

function forecast(changes: Partial<Forecast> & Pick<Forecast, 'index' | 'kind' | 'start' | 'end'>): Forecast {
  return {
    direction: 'up',
    locks: [],
    indexLocks: [],
    work: 'catalog',
    workOn: [],
    works: [],
    blocks: [],
    transactional: true,
    compatible: true,
    dataRecoverable: true,
    holdMilliseconds: null,
    depth: 'static',
    notes: [],
    ...changes,
  };
}

describe('lint as JSON', () => {
  it('lists indexes among the relations locked, by name', () => {
    const statement = forecast({
      index: 0,
      kind: 'AlterTableStmt',
      ...alter,
      locks: [{ relation: 'public.orders', mode: 'AccessExclusiveLock' }],
      indexLocks: [
        { relation: 'public.a_index', mode: 'AccessExclusiveLock' },
        { relation: 'public.orders_pkey', mode: 'AccessShareLock' },
      ],
    });
    const files = [{ ...linted, statements: [statement], findings: [] }];
    const json = lintJson({ result: { ...report.result, files }, root, given: [] }) as {
      files: { statements: Record<string, unknown>[] }[];
    };
    const written = json.files[0]!.statements[0]!;
    assert.deepEqual(written['locks'], [
      { relation: 'public.a_index', mode: 'AccessExclusiveLock' },
      { relation: 'public.orders', mode: 'AccessExclusiveLock' },
      { relation: 'public.orders_pkey', mode: 'AccessShareLock' },
    ]);
    assert.ok(!('indexLocks' in written));
  });
});

const linted: LintedFile = {
  path: file,
  statements: [
    forecast({
      index: 0,
      kind: 'IndexStmt',
      ...create,
      locks: [{ relation: 'public.orders', mode: 'ShareLock' }],
      work: 'index-build',
      workOn: ['public.orders'],
      works: [{ kind: 'index-build', relation: 'public.orders' }],
      blocks: ['writes', 'ddl'],
      holdMilliseconds: { low: 2000, high: 8000 },
      depth: 'catalog',
    }),
    forecast({
      index: 1,
      kind: 'AlterTableStmt',
      ...alter,
      locks: [{ relation: 'public.orders', mode: 'AccessExclusiveLock' }],
      blocks: ['reads', 'writes', 'ddl'],
    }),
    forecast({
      index: 2,
      kind: 'UpdateStmt',
      ...update,
      locks: [{ relation: 'public.orders', mode: 'RowExclusiveLock' }],
      work: 'scan',
      workOn: ['public.orders'],
      works: [{ kind: 'scan', relation: 'public.orders' }],
    }),
  ],
  findings: [
    {
      rule: 'index-not-concurrent',
      severity: 'error',
      statement: 0,
      ...create,
      message: 'Writes to orders wait until 100% of it is built.\r\nBuild it CONCURRENTLY: then they pass.',
      fix: {
        title: 'Build it CONCURRENTLY in a migration of its own',
        edits: [
          { path: file, ...at('create index orders_customer\n  on orders (customer_id);\n'), newText: '' },
        ],
        creates: [
          {
            path: '/shop/migrations/3 index.up.sql',
            text: 'CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);\n',
          },
        ],
      },
    },
    {
      rule: 'update-or-delete-whole-table',
      severity: 'warning',
      statement: 2,
      ...at('update orders'),
      message: 'This changes many rows at once.',
      fix: null,
    },
    {
      rule: 'not-analysed',
      severity: 'info',
      statement: null,
      start: positions.at(0),
      end: positions.at(0),
      message: 'Something here was not analysed.',
      fix: null,
    },
  ],
  transactions: [0, 0, 0],
  rows: { 'public.orders': 200_000 },
};

const quiet: LintedFile = {
  path: '/elsewhere/quiet.sql',
  statements: [forecast({ index: 0, kind: 'SelectStmt', start: positions.at(0), end: positions.at(1) })],
  findings: [],
  transactions: [0],
  rows: {},
};

const report: LintReport = { result: { files: [linted, quiet] }, root, given: ['.', '/elsewhere'] };

function people(changes: Partial<Parameters<typeof lintText>[1]> = {}): string {
  return lintText(report.result, {
    columns: 80,
    colours: false,
    all: false,
    connected: true,
    nameOf: (name) => path.relative(root, name),
    textOf: () => sql,
    ...changes,
  });
}

/** `GOLDEN=write` writes them anew; the difference is then read in the commit. */
async function assertGolden(name: string, text: string): Promise<void> {
  const golden = path.join(__dirname, 'goldens', `${name}.golden`);
  if (process.env.GOLDEN === 'write') await writeFile(golden, text);
  assert.equal(text, (await readFile(golden, 'utf8')).replaceAll('\r\n', '\n'));
}

describe('formats of lint', function () {
  this.timeout(20_000);

  it('writes text for people', async () => {
    await assertGolden('lint.txt', `${people()}\n`);
    await assertGolden('lint-all.txt', `${people({ all: true, connected: false })}\n`);
  });

  it('writes JSON', async () => {
    await assertGolden('lint.json', `${JSON.stringify(lintJson(report), null, 2)}\n`);
  });

  it('writes annotations for GitHub', async () => {
    await assertGolden('lint.github.txt', `${lintGithub(report)}\n`);
  });

  it('writes a Code Quality report for GitLab', async () => {
    await assertGolden('lint.gitlab.json', `${lintGitlab(report)}\n`);
  });

  it('writes SARIF', async () => {
    const sarif = JSON.parse(lintSarif(report)) as {
      runs: { tool: { driver: { rules?: object[]; version: string } } }[];
    };
    const { driver } = sarif.runs[0]!.tool;
    assert.equal(driver.rules!.length, rules.length);
    delete driver.rules;
    // Where the rules stand among each other, and our version, are not what this is about.
    driver.version = 'N';
    const text = JSON.stringify(sarif, null, 2).replaceAll(/"ruleIndex": \d+/g, '"ruleIndex": "N"');
    await assertGolden('lint.sarif.json', `${text}\n`);
  });

  it('has a valid descriptor in SARIF for each rule, found by its index', () => {
    interface Descriptor {
      id: string;
      helpUri: string;
      help: { text: string; markdown: string };
      defaultConfiguration: { enabled: boolean; level: string };
    }
    const sarif = JSON.parse(lintSarif(report)) as {
      runs: {
        columnKind: string;
        tool: { driver: { rules: Descriptor[] } };
        results: { ruleId: string; ruleIndex?: number }[];
      }[];
    };
    const [run] = sarif.runs;
    assert.equal(run!.columnKind, 'utf16CodeUnits');
    for (const [index, rule] of run!.tool.driver.rules.entries()) {
      assert.equal(rule.id, rules[index]!.id);
      assert.match(rule.helpUri, /^https:/);
      assert.ok(rule.help.markdown.length > rule.help.text.length);
      assert.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration.level));
      assert.equal(rule.defaultConfiguration.enabled, !rules[index]!.optIn);
    }
    for (const result of run!.results)
      if (result.ruleIndex !== undefined)
        assert.equal(run!.tool.driver.rules[result.ruleIndex]!.id, result.ruleId);
  });

  it('knows a finding again after lines moved, and tells equal ones apart', () => {
    const two = [linted.findings[1]!, linted.findings[1]!];
    const before = fingerprints('a.sql', two);
    const moved = two.map((each) => ({ ...each, start: positions.at(50), statement: 7 }));
    assert.deepEqual(fingerprints('a.sql', moved), before);
    assert.notEqual(before[0], before[1]);
    assert.notDeepEqual(fingerprints('b.sql', two), before);
    for (const print of before) assert.match(print, /^[0-9a-f]{32}$/);
  });

  it('lets no text break out of an annotation, and loses none of it', () => {
    const undo = (text: string): string =>
      text.replace(/%(25|0D|0A|3A|2C)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (message, name) => {
        const findings = [{ ...linted.findings[0]!, message }];
        const path = `/shop/x${name.replaceAll('/', '')}.sql`;
        const line = lintGithub({ ...report, result: { files: [{ ...linted, path, findings }] } });
        assert.ok(!/[\r\n]/.test(line));
        const parts = /^::error file=([^,:]*),line=2,endLine=3,title=[^,:]*::(.*)$/su.exec(line);
        assert.equal(undo(parts![1]!), path.slice('/shop/'.length));
        assert.equal(undo(parts![2]!), message);
      }),
    );
  });

  it('wraps at words, and never writes over the end of the line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/)),
        fc.integer({ min: 20, max: 60 }),
        (words, width) => {
          const lines = wrapped(words.join(' '), width, '    ');
          assert.deepEqual(
            lines.flatMap((line) => line.trim().split(' ')),
            words.length === 0 ? [] : words,
          );
          for (const line of lines) assert.ok(line.length <= width && line.startsWith('    '));
        },
      ),
    );
  });

  it('is in colour on a terminal only, and not where NO_COLOR is set', () => {
    assert.ok(people({ colours: true }).includes('\u001b[31merror\u001b[39m'));
    assert.ok(!people().includes('\u001b'));
    const plain = people({ colours: true }).replaceAll(/\u001b\[\d+m/g, '');
    assert.equal(plain, people());
    assert.ok(wantsColours(true, {}));
    assert.ok(!wantsColours(false, {}));
    assert.ok(!wantsColours(true, { NO_COLOR: '1' }));
    assert.ok(wantsColours(true, { NO_COLOR: '' }));
    assert.ok(!wantsColours(true, { TERM: 'dumb' }));
  });
});
