import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import {
  finished,
  hasProgram,
  scriptWorkspace,
  type ScriptWorkspace,
} from '../implement/scripts/script-workspace';

const column = [
  'add-required-column',
  '--table',
  'customers',
  '--column',
  'visits',
  '--type',
  'int',
  '--expression',
  'length(name)',
  '--batch-rows',
  '50',
];

/** Waits for up to a minute: bash starts a psql for each thing it does. */
async function eventually(session: Session, sql: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((done) => setTimeout(done, 20))) {
    const rows = await session.query(sql).catch(() => ({ rowCount: 0 }));
    if (rows.rowCount > 0) return;
  }
  assert.fail(`never true: ${sql}`);
}

/** Counts how often each row is written, so that "exactly once" can be seen, and slowly, so that it can be stopped. */
const audit = `create table audit (customer bigint not null);
create function audit() returns trigger language plpgsql as $$ begin insert into audit values (new.id); perform pg_sleep(0.001); return new; end $$;
create trigger audit after update on customers for each row execute function audit()`;

for (const [major, layout] of [
  [12, 'plain'],
  [18, 'golang-migrate'],
] as const) {
  describe(`scripts and editor taking over from each other, PostgreSQL ${major}, ${layout} [psql]`, function () {
    this.timeout(120_000);
    let workspace: ScriptWorkspace;
    let plan: string;

    beforeEach(async function () {
      if (!(await hasProgram('psql'))) this.skip();
      workspace = await scriptWorkspace(major, layout, 1_500);
      plan = await workspace.scaffold(...column);
      await workspace.writeEnvironment(plan);
      await workspace.session.script(audit);
    });
    afterEach(() => workspace?.dispose());

    const backfillBegun = (): Promise<void> =>
      eventually(
        workspace.session,
        `select from switchback.backfills where rows_done between 100 and 900 and state = 'running'`,
      );

    const assertEachRowOnce = async (): Promise<void> => {
      const { rows } = await workspace.session.query(
        `select (select count(*) from customers where visits is distinct from length(name))::int as wrong,
                (select count(*) from (select from audit group by customer having count(*) > 1) twice)::int as twice,
                (select count(distinct customer) from audit)::int as written`,
      );
      assert.deepEqual(rows, [{ wrong: 0, twice: 0, written: 1_500 }]);
    };

    it('a script that is killed in the middle of a backfill is resumed, every row once', async () => {
      const first = workspace.start(plan, 'migrate-forward.sh', '--install-schema');
      const said = finished(first);
      await backfillBegun();
      // The group: bash, and the psql that is sending a batch.
      process.kill(-first.pid!, 'SIGKILL');
      await said;
      const again = await workspace.run(plan, 'migrate-forward.sh');
      assert.ok(again.exitCode === 4 || again.exitCode === 0, again.out);
      assert.match(again.out, /1500 rows done/);
      await assertEachRowOnce();
    });

    it('the editor finishes what a script began', async () => {
      const first = workspace.start(plan, 'migrate-forward.sh', '--install-schema');
      const said = finished(first);
      await backfillBegun();
      process.kill(-first.pid!, 'SIGKILL');
      await said;
      const answer = await workspace.editor('apply', plan, '--phase', 'expand');
      assert.equal(answer.exitCode, 0, answer.told.join('\n'));
      const migrated = await workspace.editor('apply', plan, '--phase', 'migrate', '--release', 'migrate');
      assert.ok(migrated.exitCode <= 1, migrated.told.join('\n'));
      await assertEachRowOnce();
      const verify = await workspace.run(plan, 'migrate-verify.sh');
      assert.equal(verify.exitCode, 0, verify.out);
    });

    it('a script finishes what the editor began', async () => {
      const expanded = await workspace.editor('apply', plan, '--phase', 'expand', '--yes', 'consent-schema');
      assert.equal(expanded.exitCode, 0, expanded.told.join('\n'));
      const killer = await openSession(workspace.database.connection, workspace.database.password);
      const editor = workspace.editor('apply', plan, '--phase', 'migrate', '--release', 'migrate');
      await backfillBegun();
      await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name like 'switchback%'
            and pid not in (pg_backend_pid(), $1)`,
        [workspace.session.facts.pid],
      );
      await killer.close();
      assert.notEqual((await editor).exitCode, 0);
      const finish = await workspace.run(plan, 'migrate-forward.sh');
      assert.ok(finish.exitCode === 4 || finish.exitCode === 0, finish.out);
      await assertEachRowOnce();
      const status = await workspace.editor('status', '--format', 'json');
      assert.equal(status.exitCode, 0, status.out);
    });

    it('neither runs while the other does, and says who', async () => {
      const first = workspace.start(plan, 'migrate-forward.sh', '--install-schema');
      const said = finished(first);
      await backfillBegun();
      const editor = await workspace.editor('apply', plan);
      assert.equal(editor.exitCode, 1);
      assert.match(editor.told.join('\n'), /is being run on .* by switchback /);
      const second = await workspace.run(plan, 'migrate-forward.sh');
      assert.equal(second.exitCode, 1);
      assert.match(second.out, /The plan is being run by switchback .*pid \d+/);
      await said;
      await assertEachRowOnce();
    });

    it('a script whose run was taken over does nothing more', async () => {
      const first = workspace.start(plan, 'migrate-forward.sh', '--install-schema');
      const said = finished(first);
      await backfillBegun();
      await workspace.session.query(
        `update switchback.runs set fence = fence + 1, owner = 'somebody' where plan_id = $1`,
        [plan],
      );
      const { exitCode, out } = await said;
      assert.equal(exitCode, 1, out);
      assert.match(out, /taken over by somebody/);
      const before = await workspace.session.query('select count(*) from audit');
      assert.deepEqual((await workspace.session.query('select count(*) from audit')).rows, before.rows);
    });

    it('a statement that cannot have its lock gives up, lets others pass, and is tried again', async () => {
      const other = await openSession(workspace.database.connection, workspace.database.password);
      await other.script('begin; lock table customers in access share mode');
      const first = workspace.start(plan, 'migrate-forward.sh', '--install-schema', '--phase', 'expand');
      let out = '';
      first.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
      const said = finished(first);
      while (!out.includes('trying again')) await once(first.stdout!, 'data');
      await other.script('rollback');
      await other.close();
      const answer = await said;
      assert.equal(answer.exitCode, 0, answer.out);
    });

    it('a release that was cut off before it was noted is not made twice', async () => {
      const expanded = await workspace.run(
        plan,
        'migrate-forward.sh',
        '--install-schema',
        '--phase',
        'expand',
      );
      assert.equal(expanded.exitCode, 0, expanded.out);
      const steps = path.join(workspace.folder, 'plans', plan);
      const held = (await readdir(path.join(steps, 'held'))).find((name) => name.endsWith('.up.sql'))!;
      const [listed, text] = await Promise.all([
        readFile(path.join(steps, 'released.tsv'), 'utf8'),
        readFile(path.join(steps, 'held', held), 'utf8'),
      ]);
      const down = await readFile(path.join(steps, 'held', held.replace('.up.', '.down.')), 'utf8');
      await workspace.session.script('drop trigger audit on customers');
      const migrated = await workspace.run(plan, 'migrate-forward.sh', '--to', held.replace('.up.sql', ''));
      assert.equal(migrated.exitCode, 0, migrated.out);
      const migrations = await readdir(path.join(workspace.folder, 'migrations'));
      await Promise.all([
        writeFile(path.join(steps, 'released.tsv'), listed),
        writeFile(path.join(steps, 'held', held), text),
        writeFile(path.join(steps, 'held', held.replace('.up.', '.down.')), down),
        workspace.session.query(`delete from switchback.steps where step_id = $1`, [
          held.replace('.up.sql', ''),
        ]),
      ]);
      const again = await workspace.run(plan, 'migrate-forward.sh', '--to', held.replace('.up.sql', ''));
      assert.equal(again.exitCode, 0, again.out);
      assert.deepEqual(await readdir(path.join(workspace.folder, 'migrations')), migrations);
    });

    it('a migration that is killed while it waits is done or not done, and resumed', async () => {
      const other = await openSession(workspace.database.connection, workspace.database.password);
      await other.script('begin; lock table customers in access share mode');
      const first = workspace.start(plan, 'migrate-forward.sh', '--install-schema', '--phase', 'expand');
      const said = finished(first);
      await eventually(
        workspace.session,
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      process.kill(-first.pid!, 'SIGKILL');
      await said;
      await other.script('rollback');
      await other.close();
      const again = await workspace.run(plan, 'migrate-forward.sh', '--phase', 'expand');
      assert.equal(again.exitCode, 0, again.out);
      const status = await workspace.editor('status', '--format', 'json');
      assert.equal(status.exitCode, 0, status.out);
    });
  });
}
