import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import { applyPhase, openParcels, type Terminal } from './terminal';

const rename = ['rename-column', '--table', 'parcels', '--from', 'note', '--to', 'remark'];

describe('a plan that is given up, from the terminal', function () {
  this.timeout(120_000);
  let terminal: Terminal;

  before(async () => {
    terminal = await openParcels();
  });

  after(() => terminal?.close());

  it('asks, rolls back what was done, removes held files and records, and runs no more', async () => {
    const before = await readCatalog(terminal.session);
    const { plan } = (await terminal.succeed('scaffold', ...rename, '--format', 'json')).json<{
      plan: string;
    }>();
    await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
    assert.notDeepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);

    const refused = await terminal.run('abandon', plan);
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.told.join('\n'), /step that was begun is rolled back first.* --yes abandon/);

    const answer = await terminal.succeed('abandon', plan, '--yes', 'abandon', '--format', 'json');
    const { removed, released } = answer.json<{ removed: string[]; released: string[] }>();
    assert.deepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
    assert.ok(removed.length > 0 && removed.every((file) => file.includes('/held/')));
    assert.equal(released.length, 1);
    assert.deepEqual(await readdir(path.join(terminal.folder, 'plans', plan, 'held')).catch(() => []), []);
    const { rows } = await terminal.session.query<{ state: string; steps: number; backfills: number }>(
      `select r.state, (select count(*)::int from switchback.steps) as steps,
              (select count(*)::int from switchback.backfills) as backfills from switchback.runs r`,
    );
    assert.deepEqual(rows, [{ state: 'abandoned', steps: 0, backfills: 0 }]);
    assert.match((await terminal.succeed('status', '--format', 'json')).out, /"state": ?"abandoned"/);

    const again = await terminal.run('apply', plan);
    assert.match(again.told.join('\n'), /is abandoned: nothing of it is run any more/);
    const twice = await terminal.run('abandon', plan, '--yes', 'abandon');
    assert.match(twice.told.join('\n'), /is abandoned already/);
  });
});
