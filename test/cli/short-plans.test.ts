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
