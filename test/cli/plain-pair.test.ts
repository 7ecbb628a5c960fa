import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { PlanProgress } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { applyPhase, finishMigrate, openTerminal, type Terminal } from './terminal';

for (const major of testMajors) {
  describe(`a rename in a folder of plain pairs (PostgreSQL ${major})`, function () {
    this.timeout(180_000);
    let terminal: Terminal;
    let plan: string;

    before(async () => {
      terminal = await openTerminal(major, {
        'db/001_items.sql': 'create table items (id bigint primary key, label text);\n',
        'db/001_items_rollback.sql': 'drop table items;\n',
        'db/002_prices.sql': 'alter table items add column price int;\n',
        'db/002_prices_rollback.sql': 'alter table items drop column price;\n',
      });
    });

    after(() => terminal?.close());

    it('applies and rolls back single files, with its own history', async () => {
      const refused = await terminal.run('apply', 'db/001_items.sql');
      assert.equal(refused.exitCode, 1);
      assert.match(refused.told.join('\n'), /--yes consent-schema/);
      for (const file of ['db/001_items.sql', 'db/002_prices.sql'])
        await terminal.succeed('apply', file, '--yes', 'consent-schema');
      await terminal.succeed('rollback', 'db/002_prices_rollback.sql');
      await terminal.succeed('apply', 'db/002_prices.sql');
      const { rows } = await terminal.session.query(
        'select directory, version, name from switchback.migrations order by version',
      );
      assert.deepEqual(rows, [
        { directory: 'db', version: '001', name: 'items' },
        { directory: 'db', version: '002', name: 'prices' },
      ]);
      await terminal.session.query(
        `insert into items select i, 'item ' || i, i from generate_series(1, 2000) i`,
      );
    });

    it('writes plain pairs, and rolls the migrate phase back', async () => {
      const before = await readCatalog(terminal.session);
      const answer = await terminal.succeed(
        'scaffold',
        ...['rename-column', '--table', 'items', '--from', 'label', '--to', 'title', '--format', 'json'],
      );
      plan = answer.json<{ plan: string }>().plan;
      const written = (await readdir(path.join(terminal.folder, 'db'))).filter((name) =>
        name.startsWith('003'),
      );
      assert.equal(written.length, 2, written.join(', '));
      assert.ok(written.some((name) => name.endsWith('_rollback.sql')));
      await applyPhase(terminal, plan, 'expand');
      await applyPhase(terminal, plan, 'migrate', '--release', 'migrate');
      await terminal.succeed('rollback', plan);
      assert.deepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
      const { rows } = await terminal.session.query('select count(*) from switchback.migrations');
      assert.deepEqual(rows, [{ count: '2' }]);
    });

    it('carries it through to the end', async () => {
      await applyPhase(terminal, plan, 'expand', '--yes', 'run-again');
      await applyPhase(terminal, plan, 'migrate');
      await finishMigrate(terminal, plan);
      const progress: PlanProgress = await applyPhase(terminal, plan, 'contract', '--yes', 'no-return');
      assert.equal(progress.state, 'done');
      const { rows } = await terminal.session.query('select count(*) from items where title is not null');
      assert.deepEqual(rows, [{ count: '2000' }]);
      await terminal.succeed('verify', plan);
      const status = await terminal.succeed('status');
      assert.doesNotMatch(status.out, /pending/);
    });
  });
}
