import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Catalog } from '../../../src/catalog/catalog';
import { compareCatalogs } from '../../../src/catalog/compare';
import { readCatalog } from '../../../src/catalog/read-catalog';
import { hasProgram, scriptWorkspace, type ScriptWorkspace } from './script-workspace';

const rename = ['rename-column', '--table', 'customers', '--from', 'name', '--to', 'full_name'];

/** Waits are days; what they wait after is moved into the past. */
async function passDays(workspace: ScriptWorkspace, days: number): Promise<void> {
  await workspace.session.query(
    `update switchback.steps set finished_at = finished_at - $1 * interval '1 day' where state = 'done'`,
    [days],
  );
}

for (const [major, layout] of [
  [12, 'golang-migrate'],
  [18, 'plain'],
] as const) {
  describe(`the scripts of a plan, PostgreSQL ${major}, ${layout} [psql]`, function () {
    this.timeout(240_000);
    let workspace: ScriptWorkspace;
    let plan: string;

    before(async function () {
      if (!(await hasProgram('psql'))) this.skip();
      workspace = await scriptWorkspace(major, layout);
      plan = await workspace.scaffold(...rename);
      await workspace.writeEnvironment(plan);
    });
    after(() => workspace?.dispose());

    /** Steps are numbered as the server's version needs them. */
    const step = async (name: string): Promise<string> =>
      (await workspace.steps(plan)).find((id) => id.replace(/^\d+-/, '') === name)!;
    const run = (script: string, ...words: string[]) => workspace.run(plan, script, ...words);

    it('explain themselves and refuse what they do not know', async () => {
      for (const script of [
        'migrate-forward',
        'migrate-rollback',
        'migrate-verify',
        'migrate-dry-run',
        'cleanup',
      ]) {
        const help = await run(`${script}.sh`, '--help');
        assert.equal(help.exitCode, 0, help.out);
        assert.match(help.out, /Usage: .*--env NAME/);
        const wrong = await run(`${script}.sh`, '--frobnicate');
        assert.equal(wrong.exitCode, 2, wrong.out);
        assert.match(wrong.out, /There is no option --frobnicate/);
      }
      const unknown = await run('migrate-forward.sh', '--to', '99-nowhere');
      assert.equal(unknown.exitCode, 2);
      const environment = await run('migrate-forward.sh', '--env', 'absent');
      assert.equal(environment.exitCode, 2);
      assert.match(environment.out, /absent\.env/);
    });

    it('preview everything without a trace', async () => {
      const untouched = await readCatalog(workspace.session);
      const preview = await run('migrate-dry-run.sh');
      assert.equal(preview.exitCode, 0, preview.out);
      assert.ok(preview.out.includes(`Would do ${await step('drop-old-column')}`), preview.out);
      assert.match(preview.out, /Tried and rolled back without an error: 01-add-column-and-dual-write/);
      const forward = await run('migrate-forward.sh', '--dry-run');
      assert.equal(forward.exitCode, 0, forward.out);
      assert.deepEqual(compareCatalogs(untouched, await readCatalog(workspace.session)), []);
    });

    if (layout === 'golang-migrate') {
      it('refuse to make their schema without consent', async () => {
        await workspace.session.query('drop schema switchback cascade').catch(() => undefined);
        const refused = await run('migrate-forward.sh');
        assert.equal(refused.exitCode, 1);
        assert.match(refused.out, /--install-schema/);
      });
    }

    let original: Catalog;

    it('expand and migrate up to the deployment, and do nothing twice', async () => {
      original = await readCatalog(workspace.session);
      const first = await run('migrate-forward.sh', '--install-schema');
      assert.equal(first.exitCode, 4, first.out);
      assert.ok(first.out.includes(`--confirm ${await step('release-new-name')}`), first.out);
      const released = await readFile(path.join(workspace.folder, 'plans', plan, 'released.tsv'), 'utf8');
      const again = await run('migrate-forward.sh');
      assert.equal(again.exitCode, 4, again.out);
      assert.equal(
        await readFile(path.join(workspace.folder, 'plans', plan, 'released.tsv'), 'utf8'),
        released,
      );
      assert.doesNotMatch(again.out, /Step 0/);
      const { rows } = await workspace.session.query<{ differing: number }>(
        'select count(*)::int as differing from customers where name is distinct from full_name',
      );
      assert.equal(rows[0]!.differing, 0);
    });

    it('are seen by the editor as its own work', async () => {
      const verified = await workspace.editor('verify', plan);
      assert.equal(verified.exitCode, 0, verified.out + verified.told.join('\n'));
      const status = await workspace.editor('status', '--format', 'json');
      assert.equal(status.exitCode, 0, status.out);
      const verify = await run('migrate-verify.sh');
      assert.equal(verify.exitCode, 0, verify.out);
      assert.ok(
        verify.out.includes(`${parseInt(await step('release-new-name'), 10) - 1} steps verified`),
        verify.out,
      );
    });

    it('take everything back, and the catalog is as it was', async () => {
      const back = await run('migrate-rollback.sh');
      assert.equal(back.exitCode, 0, back.out);
      assert.deepEqual(compareCatalogs(original, await readCatalog(workspace.session)), []);
      const { rows } = await workspace.session.query<{ state: string }>(
        'select state from switchback.runs where plan_id = $1',
        [plan],
      );
      assert.deepEqual(rows, [{ state: 'rolled-back' }]);
      const refused = await run('migrate-forward.sh');
      assert.equal(refused.exitCode, 1);
      assert.match(refused.out, /--start-again/);
    });

    it('start again, wait their days, and clean up behind a backup', async () => {
      const forward = await run(
        'migrate-forward.sh',
        '--start-again',
        '--confirm',
        await step('release-new-name'),
      );
      assert.equal(forward.exitCode, 4, forward.out);
      assert.match(forward.out, /Wait until \d{4}-\d\d-\d\d/);
      const early = await run('cleanup.sh');
      assert.equal(early.exitCode, 1, early.out);
      assert.ok(early.out.includes(await step('wait')), early.out);
      await passDays(workspace, 31);
      assert.equal((await run('migrate-forward.sh')).exitCode, 0);
      await workspace.writeEnvironment(plan, ['ENVIRONMENT=development', 'BACKUP_COMMAND=echo saved']);
      const stopped = await run('cleanup.sh');
      assert.equal(stopped.exitCode, 4, stopped.out);
      assert.match(stopped.out, /--confirm-no-return/);
      const done = await run('cleanup.sh', '--confirm-no-return');
      assert.equal(done.exitCode, 0, done.out);
      const { rows } = await workspace.session.query<{ state: string }>(
        'select state from switchback.runs where plan_id = $1',
        [plan],
      );
      assert.deepEqual(rows, [{ state: 'done' }]);
      const columns = await workspace.session.query<{ name: string }>(
        `select column_name as name from information_schema.columns where table_name = 'customers' order by 1`,
      );
      assert.deepEqual(
        columns.rows.map((row) => row.name),
        ['full_name', 'id'],
      );
    });

    it('do not go back past the point of no return', async () => {
      const back = await run('migrate-rollback.sh');
      assert.equal(back.exitCode, 1);
      assert.match(back.out, /point of no return/);
    });

    it('leave the history as the tool would, and a plan that the editor calls done', async () => {
      const status = await workspace.editor('status', '--format', 'json');
      assert.equal(status.exitCode, 0, status.out);
      const migrations = await readdir(path.join(workspace.folder, 'migrations'));
      const ups = migrations.filter((name) => !/down|rollback/.test(name)).sort();
      if (layout === 'golang-migrate') {
        const { rows } = await workspace.session.query('select version::int, dirty from schema_migrations');
        assert.deepEqual(rows, [{ version: ups.length, dirty: false }]);
      } else {
        const { rows } = await workspace.session.query<{ version: string; hash: boolean }>(
          'select version, content_hash is not null as hash from switchback.migrations order by version',
        );
        assert.deepEqual(
          rows,
          ups.map((name) => ({ version: name.slice(0, 3), hash: true })),
        );
      }
      const verified = await workspace.editor('verify', plan);
      assert.equal(verified.exitCode, 0, verified.out + verified.told.join('\n'));
    });

    it('archive themselves when asked', async () => {
      const done = await run('cleanup.sh', '--archive');
      assert.equal(done.exitCode, 0, done.out);
      const [month] = await readdir(path.join(workspace.folder, 'plans', 'archive'));
      const archived = path.join(workspace.folder, 'plans', 'archive', month!, plan, 'scripts');
      assert.ok((await readdir(archived)).includes('migrate-forward.sh'));
      await rm(archived, { recursive: true });
    });
  });
}
