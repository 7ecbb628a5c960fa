import assert from 'node:assert/strict';
import type { ComparedMigration, FolderComparison } from '../../src/journey/compare-migration';
import type { MatrixCell, MigrationMatrix } from '../../src/journey/migration-matrix';
import type { RepairReport } from '../../src/journey/repair-migration';
import type { StatementTrace } from '../../src/implement/statement-trace';
import { comparisonPage } from '../../src/workbench/comparison-page';
import { matrixHtml } from '../../src/workbench/matrix/matrix-html';
import { repairPage } from '../../src/workbench/repair-page';

const trace: StatementTrace = {
  index: 0,
  line: 3,
  text: 'create table a|b (\n  id int)',
  offset: 0,
  state: 'half-made',
  objects: [{ object: 'table <b>', wants: 'there', holds: false, paths: [] }],
  cure: 'drop index x',
  repeatable: false,
};

describe('the pages about migrations', () => {
  it('the matrix has no script, names production, and shows names as text', () => {
    const cell = (state: MatrixCell['state']): MatrixCell => ({
      state,
      flags: state === 'applied' ? ['edited'] : [],
      appliedAt: state === 'applied' ? '2026-01-02T03:04:05.000Z' : null,
      appliedBy: null,
      milliseconds: null,
      checksum: null,
    });
    const matrix: MigrationMatrix = {
      folder: '/w/db',
      label: '<img src=x>',
      tool: 'Flyway',
      columns: [
        { name: 'mine', environment: 'development', problem: null },
        { name: 'live "1"', environment: 'production', problem: 'It does not <answer>.' },
      ],
      rows: [
        {
          version: '1',
          name: "<script>alert('1')</script>",
          path: null,
          differs: 'none',
          cells: [cell('applied'), null],
        },
        { version: '2', name: 'two', path: '/w/db/2', differs: 'state', cells: [cell('pending'), null] },
      ],
    };
    const html = matrixHtml({ matrices: [matrix], readAt: 'now', language: 'en', nonce: 'n0nce' });
    assert.doesNotMatch(html, /<script|<img|<answer/);
    assert.match(html, /default-src 'none'; style-src 'nonce-n0nce'"/);
    assert.match(html, /<th scope="col" class="production">.*live &quot;1&quot;.*Production/);
    assert.match(html, /<li>live &quot;1&quot;: It does not &lt;answer&gt;\.<\/li>/);
    assert.match(html, /<th scope="row">1 &lt;script&gt;.*no file here/);
    assert.match(html, /applied<\/span>, edited since<span class="quiet">2 Jan 2026, 03:04 UTC</);
    assert.match(html, /2 migrations, 1 of them not the same everywhere/);
    assert.equal((html.match(/not known/g) ?? []).length, 2);
    assert.match(
      matrixHtml({ matrices: null, readAt: '', language: 'en', nonce: 'n' }),
      /Reading each connection/,
    );
    assert.match(matrixHtml({ matrices: [], readAt: '', language: 'en', nonce: 'n' }), /has no migrations/);
  });

  it('a comparison shows the row, both checksums and what is missing', () => {
    const migration: ComparedMigration = {
      version: '2',
      name: 'two_[x](y)',
      path: '/w/2.sql',
      state: 'applied',
      flags: ['edited'],
      row: {
        version: '2',
        name: null,
        appliedAt: '2026-01-02T03:04:05.000Z',
        appliedBy: 'ann',
        milliseconds: 38,
        contentHash: '5',
        dirty: false,
      },
      ownRow: true,
      checksum: { kind: 'differs', recorded: '5', now: '-77' },
      statements: [{ ...trace, state: 'missing', changedBy: '3 three' }],
      verdict: 'edited',
    };
    const comparison: FolderComparison = {
      folder: '/w',
      label: 'db',
      tool: 'Flyway',
      historyTable: 'public.flyway_schema_history',
      historyExists: true,
      migrations: [migration, { ...migration, version: '3', name: 'three', verdict: 'agrees' }],
    };
    const page = comparisonPage(comparison, 'shop on here');
    assert.match(
      page,
      /2 two\\_\\\[x\\\]\\\(y\\\) \| applied, edited since \| 2 Jan 2026, 03\\:04 UTC by ann in 38 ms/,
    );
    assert.match(page, /recorded 5, the file has \\-77 \| applied from another text/);
    assert.match(page, /## 2 two/);
    assert.doesNotMatch(page, /## 3 three/, 'what agrees needs no words');
    assert.match(page, /\| 3 \| create table a\\\|b \\\( id int\\\) \| missing; changed again by 3 three \|/);
    assert.match(page, /table \\<b\\>\\: not there/);
    assert.match(
      comparisonPage({ ...comparison, migrations: [{ ...migration, verdict: 'agrees' }] }, 'x'),
      /## 2/,
    );
  });

  it('a repair shows each statement, what is half made, and what it offers', () => {
    const report: RepairReport = {
      version: '2',
      name: 'two',
      mark: 'began',
      runs: [
        {
          version: '2',
          name: 'two',
          direction: 'down',
          path: '/w/2.sql',
          statements: [trace],
          verdict: { kind: 'rest-missing', from: 0 },
          offers: [{ repair: 'run-rest', title: 'Run the Rest', detail: 'All of it.' }],
        },
      ],
    };
    const page = repairPage(report, 'shop');
    assert.match(page, /# What 2 two left\n\nIt began and did not finish\\\./);
    assert.match(page, /## Taking back 2 two/);
    assert.match(page, /left half made; removed by\\: drop index x/);
    assert.match(page, /It stopped on the way\\: the rest can be run/);
    assert.match(page, /- \*\*Run the Rest\*\*\\?: All of it/);
  });
});
