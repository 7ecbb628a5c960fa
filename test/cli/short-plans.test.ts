import assert from 'node:assert/strict';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { PlanProgress } from '../../src/plan/plan';
import { applyPhase, openParcels, type Terminal } from './terminal';

const cases = [
  {
    title: 'one migration',
    change: ['set-default', '--table', 'parcels', '--column', 'note', '--expression', "'none'"],
  },
  {
    title: 'one index, built outside a transaction',
    change: ['add-index', '--table', 'parcels', '--columns', 'weight, note', '--name', 'by_weight'],
  },
  {
    title: 'two changes of one table',
    change: [
      ...['set-default', '--table', 'parcels', '--column', 'note', '--expression', "'none'", '--and'],
      ...['add-index', '--table', 'parcels', '--columns', 'weight, note', '--name', 'by_weight'],
    ],
  },
] as const;

for (const { title, change } of cases) {
  describe(`a plan that ends with expand, from the terminal: ${title}`, function () {
    this.timeout(120_000);
    let terminal: Terminal;

    before(async () => {
      terminal = await openParcels('id int primary key, weight int, note text');
    });

    after(() => terminal?.close());

    it('has nothing to come back from, is done after it, is verified, and goes back', async () => {
      const before = await readCatalog(terminal.session);
      const shown = await terminal.succeed('plan', ...change);
      assert.match(shown.out, /Point of no return: none/);
      const { plan } = (await terminal.succeed('scaffold', ...change, '--format', 'json')).json<{
        plan: string;
      }>();
      const progress = await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
      assert.equal(progress.state, 'done');
      assert.notDeepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
      await terminal.succeed('verify', plan);
      const status = await terminal.succeed('status', '--format', 'json');
      assert.match(status.out, /"state": ?"done"/);
      const answer = await terminal.succeed('rollback', plan, '--format', 'json');
      assert.equal(answer.json<{ progress: PlanProgress }>().progress.state, 'rolled-back');
      assert.deepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
    });
  });
}

describe('a batch that is tried for a plan, from the terminal', function () {
  this.timeout(120_000);
  let terminal: Terminal;

  before(async () => {
    terminal = await openParcels('id int primary key, weight int, note text');
    await terminal.session.script(
      'insert into parcels select i, i from generate_series(1, 500) i; analyze parcels',
    );
  });

  after(() => terminal?.close());

  it('says how long the backfill takes here, after a yes', async () => {
    const words = [
      'backfill-column',
      '--table',
      'parcels',
      '--column',
      'note',
      '--expression',
      "'none'",
      '--sample',
    ];
    const refused = await terminal.run('plan', ...words);
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.told.join('\n'), /--yes sample-batch/);
    const planned = await terminal.succeed('plan', ...words, '--yes', 'sample-batch');
    assert.match(planned.out, /A batch of 50 rows of public\.parcels took .* ms here and wrote .* of WAL/);
  });
});
