import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import { installSchema } from '../../src/database/switchback-schema';
import { newScriptSet } from '../../src/journey/new-script-set';
import { testMajors } from '../support/servers';
import { testContext } from '../support/journey-context';
import {
  finished,
  hasProgram,
  scriptWorkspace,
  type ScriptAnswer,
  type ScriptWorkspace,
} from '../implement/scripts/script-workspace';
import { spawn, type ChildProcess } from 'node:child_process';

const migrations = [
  [
    '000002_unique',
    'create unique index concurrently "un$ique ""i" on customers (name);',
    'drop index concurrently "un$ique ""i";',
  ],
  [
    '000003_own_transaction',
    'begin;\nalter table customers add column note text;\ncommit;',
    'begin;\nalter table customers drop column note;\ncommit;',
  ],
] as const;

for (const major of testMajors) {
  describe(`statements outside of a transaction by scripts, PostgreSQL ${major} [psql]`, function () {
    this.timeout(120_000);
    let workspace: ScriptWorkspace;
    const folder = 'scripts/own';

    beforeEach(async function () {
      if (!(await hasProgram('psql'))) this.skip();
      workspace = await scriptWorkspace(major, 'golang-migrate', 50);
      await installSchema(workspace.session);
      const paths: string[] = [];
      for (const [stem, up, down] of migrations) {
        const file = path.join(workspace.folder, 'migrations', stem);
        await writeFile(`${file}.up.sql`, `${up}\n`);
        await writeFile(`${file}.down.sql`, `${down}\n`);
        paths.push(`${file}.up.sql`);
      }
      await newScriptSet(testContext(workspace.folder), { title: 'Own', migrations: paths, folder });
      await mkdir(path.join(workspace.folder, 'scripts', 'own', 'env'), { recursive: true });
      await workspace.writeEnvironmentTo(path.join(workspace.folder, 'scripts', 'own'));
    });
    afterEach(() => workspace?.dispose());

    const start = (script: string, ...words: string[]): ChildProcess =>
      spawn('bash', [path.join(workspace.folder, 'scripts', 'own', script), '--env', 'test', ...words], {
        env: workspace.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
    const run = (script: string, ...words: string[]) => finished(start(script, ...words));
    const indexes = async (): Promise<string[]> => {
      const { rows } = await workspace.session.query<{ name: string }>(
        `select c.relname || case when x.indisvalid then '' else ' invalid' end as name
         from pg_index x join pg_class c on c.oid = x.indexrelid
         where x.indrelid = 'customers'::regclass and c.relname like 'un%'`,
      );
      return rows.map((row) => row.name);
    };
    const waiting = async (statement: string, said: Promise<ScriptAnswer>): Promise<number> => {
      let ended: ScriptAnswer | null = null;
      void said.then((answer) => (ended = answer));
      while (ended === null) {
        const { rows } = await workspace.session.query<{ pid: number }>(
          `select pid from pg_stat_activity where query ilike $1 and wait_event_type = 'Lock' and datname = current_database()
             and pid <> pg_backend_pid()`,
          [`${statement}%`],
        );
        if (rows[0]) return rows[0].pid;
        await new Promise((done) => setTimeout(done, 20));
      }
      assert.fail((ended as ScriptAnswer).out);
    };

    it('say what is double in a unique index, leave nothing invalid, and go on when it is cleaned', async () => {
      await workspace.session.query(`update customers set name = 'twin' where id in (7, 8)`);
      const failed = await run('migrate-forward.sh');
      assert.equal(failed.exitCode, 1, failed.out);
      assert.match(failed.out, /could not create unique index.*\(name\)=\(twin\)/);
      assert.deepEqual(await indexes(), []);
      await workspace.session.query(`update customers set name = 'other' where id = 8`);
      const done = await run('migrate-forward.sh');
      assert.equal(done.exitCode, 0, done.out);
      assert.deepEqual(await indexes(), ['un$ique "i']);
    });

    for (const way of ['the process group is killed', 'its backend is terminated'] as const) {
      it(`build and drop an index again when ${way} in the middle`, async () => {
        for (const [script, statement, expected, ...words] of [
          ['migrate-forward.sh', 'create unique index', ['un$ique "i'], '--to', '01-unique'],
          ['migrate-rollback.sh', 'drop index', []],
        ] as const) {
          const other = await openSession(workspace.database.connection, workspace.database.password);
          await other.script(
            'begin; select count(*) from customers; insert into customers (name) values (md5(random()::text))',
          );
          const child = start(script, ...words);
          const said = finished(child);
          const pid = await waiting(statement, said);
          if (way === 'the process group is killed') process.kill(-child.pid!, 'SIGKILL');
          else await workspace.session.query('select pg_terminate_backend($1)', [pid]);
          const stopped = await said;
          assert.notEqual(stopped.exitCode, 0, stopped.out);
          await other.script('commit');
          await other.close();
          const again = await run(script, ...words);
          assert.equal(again.exitCode, 0, again.out);
          assert.deepEqual(await indexes(), expected, again.out);
        }
        const status = await workspace.editor('status', '--format', 'json');
        assert.equal(status.exitCode, 0, status.out);
      });
    }

    it('try nothing that ends its transaction by itself, and run it as it is written', async () => {
      const preview = await run('migrate-dry-run.sh');
      assert.equal(preview.exitCode, 0, preview.out);
      const there = await run('migrate-forward.sh', '--to', '01-unique');
      assert.equal(there.exitCode, 0, there.out);
      const columns = async (): Promise<number> =>
        (
          await workspace.session.query(
            `select from information_schema.columns where table_name = 'customers' and column_name = 'note'`,
          )
        ).rowCount;
      const tried = await run('migrate-dry-run.sh');
      assert.equal(tried.exitCode, 0, tried.out);
      assert.equal(await columns(), 0, tried.out);
      const done = await run('migrate-forward.sh');
      assert.equal(done.exitCode, 0, done.out);
      assert.equal(await columns(), 1);
      const again = await run('migrate-forward.sh');
      assert.equal(again.exitCode, 0, again.out);
      const back = await run('migrate-rollback.sh');
      assert.equal(back.exitCode, 0, back.out);
      assert.equal(await columns(), 0);
      const status = await workspace.editor('status', '--format', 'json');
      assert.equal(status.exitCode, 0, status.out);
    });
  });
}
