import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../../src/catalog/compare';
import { readCatalog } from '../../../src/catalog/read-catalog';
import { newScriptSet } from '../../../src/journey/new-script-set';
import { testContext } from '../../support/journey-context';
import { hasProgram, scriptWorkspace, type ScriptAnswer, type ScriptWorkspace } from './script-workspace';

const migrations = [
  {
    name: 'orders',
    up: 'create table orders (id bigint primary key, customer bigint not null references customers);',
    down: 'drop table orders;',
  },
  {
    name: 'orders_index',
    up: 'create index concurrently orders_customer_idx on orders (customer);',
    down: 'drop index concurrently orders_customer_idx;',
  },
  {
    name: "note's",
    up: `alter table customers add column note text default 'it''s';`,
    down: 'alter table customers drop column note;',
  },
];

for (const [major, layout] of [
  [12, 'golang-migrate'],
  [18, 'plain'],
] as const) {
  describe(`scripts for chosen migrations, PostgreSQL ${major}, ${layout} [psql]`, function () {
    this.timeout(120_000);
    let workspace: ScriptWorkspace;
    const folder = 'scripts/orders of customers';
    const paths: string[] = [];

    const run = (script: string, ...words: string[]): Promise<ScriptAnswer> =>
      new Promise((resolve) => {
        const file = path.join(workspace.folder, ...folder.split('/'), script);
        const options = { cwd: workspace.folder, env: workspace.environment };
        // Started as a program, as a person would.
        execFile(file, ['--env', 'test', ...words], options, (error, stdout, stderr) => {
          resolve({
            exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
            out: stdout + stderr,
          });
        });
      });

    before(async function () {
      if (!(await hasProgram('psql'))) this.skip();
      workspace = await scriptWorkspace(major, layout);
      for (const [index, { name, up, down }] of migrations.entries()) {
        const stem = path.join(
          workspace.folder,
          'migrations',
          `${String(index + 2).padStart(layout === 'plain' ? 3 : 6, '0')}_${name}`,
        );
        const [upPath, downPath] =
          layout === 'plain'
            ? [`${stem}.sql`, `${stem}_rollback.sql`]
            : [`${stem}.up.sql`, `${stem}.down.sql`];
        const marker =
          layout === 'plain' && up.includes('concurrently') ? '-- switchback:no-transaction\n' : '';
        await writeFile(upPath, `${marker}${up}\n`);
        await writeFile(downPath, `${marker}${down}\n`);
        paths.push(upPath);
      }
      const written = await newScriptSet(testContext(workspace.folder), {
        title: 'Orders of customers',
        migrations: paths,
        folder,
      });
      assert.ok(written[0]!.endsWith('README.md'));
      await workspace.writeEnvironmentTo(path.join(workspace.folder, ...folder.split('/')));
    });
    after(() => workspace?.dispose());

    it('run them as the tool would, and do nothing twice', async () => {
      const original = await readCatalog(workspace.session);
      const preview = await run('migrate-dry-run.sh');
      assert.equal(preview.exitCode, 0, preview.out);
      assert.match(preview.out, /create index concurrently/);
      assert.deepEqual(compareCatalogs(original, await readCatalog(workspace.session)), []);

      const forward = await run('migrate-forward.sh', '--install-schema');
      assert.equal(forward.exitCode, 0, forward.out);
      assert.match(forward.out, /Every step is done/);
      const again = await run('migrate-forward.sh');
      assert.equal(again.exitCode, 0, again.out);
      assert.doesNotMatch(again.out, /applied/);
      const verify = await run('migrate-verify.sh');
      assert.equal(verify.exitCode, 0, verify.out);
      assert.match(verify.out, /3 steps verified/);
      const status = await workspace.editor('status', '--format', 'json');
      assert.equal(status.exitCode, 0, status.out.slice(0, 6000));
      const states = status.json<{ folders: { statuses: { state: string }[] }[] }>().folders[0]!.statuses;
      assert.deepEqual(
        states.map((item) => item.state),
        ['applied', 'applied', 'applied', 'applied'],
      );

      const back = await run('migrate-rollback.sh');
      assert.equal(back.exitCode, 0, back.out);
      assert.deepEqual(compareCatalogs(original, await readCatalog(workspace.session)), []);
      const wrong = await run('migrate-verify.sh');
      assert.match(wrong.out, /0 steps verified/);
    });

    it('notice when what they say is done was undone by somebody else', async () => {
      const forward = await run('migrate-forward.sh', '--start-again');
      assert.equal(forward.exitCode, 0, forward.out);
      const undone = await workspace.editor('rollback', paths[2]!);
      assert.equal(undone.exitCode, 0, undone.told.join('\n'));
      const verify = await run('migrate-verify.sh');
      assert.equal(verify.exitCode, 1, verify.out);
    });
  });
}
