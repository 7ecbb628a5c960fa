import assert from 'node:assert/strict';
import { execFile, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import { installSchema } from '../../src/database/switchback-schema';
import { contentHash } from '../../src/layouts/content-hash';
import { takeToolLock } from '../../src/layouts/golang-migrate-lock';
import { openBench, value, type Bench } from '../implement/fixture';
import {
  bareScripts,
  existingMigration,
  plainStep,
  type BareScripts,
} from '../implement/scripts/bare-scripts';
import { finished, hasProgram, type ScriptAnswer } from '../implement/scripts/script-workspace';

const up = `alter table t add column v int default 1;
create function slice(state int, step int) returns int[] language sql as $$ select (array[1, 2, 3])[state:step] $$;
create view sliced as select (array[7, 8, 9])[i:i] as part from (select 1 as i) s;
`;
const down = 'drop view sliced; drop function slice; alter table t drop column v;\n';

/** Waits until a script has said something; fails when it ends before. */
async function sees(child: ChildProcess, said: Promise<ScriptAnswer>, words: RegExp): Promise<void> {
  let out = '';
  const seen = new Promise<null>((resolve) =>
    child.stdout!.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (words.test(out)) resolve(null);
    }),
  );
  const ended = await Promise.race([seen, said]);
  if (ended) assert.fail(ended.out);
}

describe('scripts in trouble, PostgreSQL 18 [psql]', function () {
  this.timeout(120_000);
  let bench: Bench;
  let scripts: BareScripts;

  before(async function () {
    if (!(await hasProgram('psql'))) this.skip();
  });
  beforeEach(async () => {
    bench = await openBench(18, 'create table t (id int primary key, n int not null default 0)');
    await installSchema(bench.look);
    scripts = await bareScripts(bench.database, [
      {
        ...plainStep,
        id: '01-add',
        quick: true,
        rollback: 'sql',
        gates: { development: [], staging: ['backup', 'disk', 'long-transactions'], production: ['backup'] },
        migration: existingMigration('1', 'add', contentHash(up)),
      },
      {
        ...plainStep,
        id: '02-fill',
        kind: 'backfill',
        phase: 'migrate',
        backfill: {
          table: { schema: 'public', name: 't' },
          assignments: [{ column: 'n', expression: 'n + 1' }],
          pending: null,
          walk: { by: 'key', columns: ['id'] },
          estimatedRows: 100,
        },
      },
    ]);
    await writeFile(path.join(scripts.folder, 'migrations', '000001_add.up.sql'), up);
    await writeFile(path.join(scripts.folder, 'migrations', '000001_add.down.sql'), down);
  });
  afterEach(async () => {
    await scripts?.dispose();
    await bench?.drop();
  });

  const history = (): Promise<string> =>
    value(
      bench.look,
      `select coalesce(string_agg(version || ' ' || dirty, ','), 'none') from schema_migrations`,
    );

  it('do nothing while the tool itself holds its lock, and say so', async () => {
    const tool = await openSession(bench.database.connection, bench.database.password);
    await tool.query(takeToolLock({ schema: null, name: 'schema_migrations' }));
    const held = await scripts.run('migrate-forward.sh');
    assert.equal(held.exitCode, 1, held.out);
    assert.match(held.out, /golang-migrate is running on this database and holds its lock/);
    await tool.close();
    const free = await scripts.run('migrate-forward.sh');
    assert.equal(free.exitCode, 0, free.out);
  });

  it('do not take an unanswered question for a yes', async () => {
    await bench.look.script('alter table switchback.steps rename column finished_at to hidden');
    const verify = await scripts.run('migrate-verify.sh');
    assert.equal(verify.exitCode, 1, verify.out);
    assert.doesNotMatch(verify.out, /steps verified/);
    await bench.look.script('alter table switchback.steps rename column hidden to finished_at');
    await bench.look.script('alter table switchback.evidence rename column details to hidden');
    await scripts.writeEnvironment([
      'ENVIRONMENT=staging',
      'OWNER=tester',
      'DISK_FREE_COMMAND=echo 99999999999',
    ]);
    const gates = await scripts.run('migrate-forward.sh');
    assert.equal(gates.exitCode, 1, gates.out);
    assert.doesNotMatch(gates.out, /gate \S+ holds/);
  });

  it('run whatever settings a role has, and name the one that forbids it', async () => {
    const name = bench.database.connection.database;
    await bench.look.script(
      [
        `statement_timeout = '1h'`,
        `lock_timeout = '1h'`,
        'standard_conforming_strings = off',
        `datestyle = 'German'`,
        `client_encoding = 'LATIN1'`,
        `transaction_timeout = '1h'`,
      ]
        .map((setting) => `alter database "${name}" set ${setting}`)
        .join(';'),
    );
    const done = await scripts.run('migrate-forward.sh');
    assert.equal(done.exitCode, 0, done.out);
    const back = await scripts.run('migrate-rollback.sh');
    assert.equal(back.exitCode, 0, back.out);
    await bench.look.script(`alter database "${name}" set default_transaction_read_only = on`);
    const refused = await scripts.run('migrate-forward.sh', '--start-again');
    assert.equal(refused.exitCode, 1, refused.out);
    assert.match(refused.out, /default_transaction_read_only/);
  });

  it('say that psql is missing', async () => {
    const bin = await mkdtemp(path.join(os.tmpdir(), 'bin-'));
    for (const program of ['bash', 'dirname', 'date', 'tee', 'mkdir', 'mktemp', 'id', 'uname', 'rm', 'cat'])
      await symlink(`/usr/bin/${program}`, path.join(bin, program)).catch(() => undefined);
    const answer = await finished(scripts.start('migrate-forward.sh', [], { PATH: bin }));
    await rm(bin, { recursive: true });
    assert.equal(answer.exitCode, 1, answer.out);
    assert.match(answer.out, /psql is missing/);
    assert.doesNotMatch(answer.out, /line \d+:|No such file/);
  });

  it('name a folder for logs that cannot be written, and go on where the disk of the log is full', async () => {
    await scripts.writeEnvironment(['ENVIRONMENT=development', 'LOG_FOLDER=/dev/null/logs']);
    const refused = await scripts.run('migrate-forward.sh');
    assert.equal(refused.exitCode, 1, refused.out);
    assert.match(refused.out, /\/dev\/null\/logs.*LOG_FOLDER/);
    const full = await new Promise<{ code: number; out: string }>((resolve) => {
      const program = `set -euo pipefail; . "$1/library/log.sh"; LOG_FILE=/dev/full; log first; log second; echo end`;
      execFile('bash', ['-c', program, 'bash', scripts.scripts], (error, stdout, stderr) =>
        resolve({ code: error ? 1 : 0, out: stdout + stderr }),
      );
    });
    assert.equal(full.code, 0, full.out);
    assert.match(full.out, /first[^]*second[^]*end/);
    assert.equal(full.out.match(/cannot be written/g)?.length, 1, full.out);
  });

  it('read settings as people write them', async () => {
    await scripts.writeEnvironment(
      [
        '# a comment',
        '',
        'ENVIRONMENT="development"',
        `OWNER='a = "b" # c'`,
        'HEALTH_COMMAND=test "a=b" = a=b # yes',
      ],
      '\r\n',
    );
    const file = path.join(scripts.scripts, 'env', 'test.env');
    await writeFile(file, `\uFEFF${await readFile(file, 'utf8')}`);
    const done = await scripts.run('migrate-forward.sh');
    assert.equal(done.exitCode, 0, done.out);
    assert.equal(await value(bench.look, `select owner from switchback.runs`), 'a = "b" # c');
    assert.match(done.out, /HEALTH_COMMAND: well/);
    const password = bench.database.password;
    const logs = await readdir(path.join(scripts.scripts, 'log'));
    for (const log of logs) {
      const text = await readFile(path.join(scripts.scripts, 'log', log), 'utf8');
      assert.ok(password.length < 6 || !text.includes(password));
    }
  });

  it('run once when two are started at the same instant', async () => {
    await bench.look.script('insert into t (id) select generate_series(1, 300)');
    const both = await Promise.all([scripts.run('migrate-forward.sh'), scripts.run('migrate-forward.sh')]);
    const codes = both.map((answer) => answer.exitCode).sort();
    const said = both.map((answer) => answer.out).join('\n---\n');
    // The slower one may come when the faster has finished already.
    assert.ok(
      codes[0] === 0 && (codes[1] === 1 ? /The plan is being run by/.test(said) : codes[1] === 0),
      said,
    );
    assert.equal(await value(bench.look, `select string_agg(distinct n::text, ',') from t`), '1');
    const logs = await readdir(path.join(scripts.scripts, 'log'));
    assert.equal(logs.length, 2);
  });

  it('stop at Ctrl-C with a sentence and the exit code 130, and go on later, each row once', async () => {
    await bench.look.script(`insert into t (id) select generate_series(1, 2000);
      create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.002); return new; end $$;
      create trigger slow before update on t for each row execute function slow()`);
    const child = scripts.start('migrate-forward.sh', []);
    const said = finished(child);
    await sees(child, said, / of \d+ rows/);
    process.kill(-child.pid!, 'SIGINT');
    const stopped = await said;
    assert.equal(stopped.exitCode, 130, stopped.out);
    assert.match(stopped.out, /Stopped\. What was committed stays/);
    const done = await value<number>(bench.look, 'select rows_done::int from switchback.backfills');
    assert.ok(done < 2000);
    const again = await scripts.run('migrate-forward.sh');
    assert.equal(again.exitCode, 0, again.out);
    assert.equal(await value(bench.look, `select string_agg(distinct n::text, ',') from t`), '1');
  });

  it('notice that the session of the lock has ended', async () => {
    await bench.look.script(`insert into t (id) select generate_series(1, 3000);
      create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.001); return new; end $$;
      create trigger slow before update on t for each row execute function slow()`);
    const child = scripts.start('migrate-forward.sh', []);
    const said = finished(child);
    await sees(child, said, / of \d+ rows/);
    await bench.look.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    const stopped = await said;
    assert.equal(stopped.exitCode, 1, stopped.out);
    assert.match(stopped.out, /session that holds the lock of the plan has ended/);
    const again = await scripts.run('migrate-forward.sh');
    assert.equal(again.exitCode, 0, again.out);
    assert.equal(await value(bench.look, `select string_agg(distinct n::text, ',') from t`), '1');
  });

  it('record nothing they cannot know when the connection breaks: exit code 3, and the next run goes on', async () => {
    const other = await openSession(bench.database.connection, bench.database.password);
    await other.script('begin; lock table t in access share mode');
    const child = scripts.start('migrate-forward.sh', []);
    const said = finished(child);
    for (let killed = 0; killed === 0;) {
      killed = (
        await bench.look.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where query like 'alter table t%' and wait_event_type = 'Lock'`,
        )
      ).rowCount;
    }
    const broken = await said;
    assert.equal(broken.exitCode, 3, broken.out);
    assert.match(broken.out, /connection to the database broke.*run again to go on/);
    assert.equal(await value(bench.look, 'select state from switchback.steps'), 'running');
    await other.close();
    const again = await scripts.run('migrate-forward.sh');
    assert.equal(again.exitCode, 0, again.out);
    assert.equal(await history(), '1 false');
  });

  it('put the history in order when they were cut off between a commit and the mark of the tool', async () => {
    const done = await scripts.run('migrate-forward.sh');
    assert.equal(done.exitCode, 0, done.out);
    assert.equal(await history(), '1 false');
    // Up: committed, and still marked as under way; nothing else is left to do.
    await bench.look.script('update schema_migrations set dirty = true');
    const settled = await scripts.run('migrate-forward.sh');
    assert.equal(settled.exitCode, 0, settled.out);
    assert.equal(await history(), '1 false');
    // Up: marked, and killed before anything was committed.
    assert.equal((await scripts.run('migrate-rollback.sh')).exitCode, 0);
    assert.equal(await history(), 'none');
    await bench.look.script(`insert into schema_migrations values (1, true);
      delete from switchback.steps; insert into switchback.steps (plan_id, step_id, state, started_at) values ('bare', '01-add', 'running', now())`);
    const redone = await scripts.run('migrate-forward.sh');
    assert.equal(redone.exitCode, 0, redone.out);
    assert.equal(await history(), '1 false');
    // Down: marked, and killed before anything was committed.
    await bench.look.script('truncate schema_migrations; insert into schema_migrations values (-1, true)');
    const back = await scripts.run('migrate-rollback.sh');
    assert.equal(back.exitCode, 0, back.out);
    assert.equal(await history(), 'none');
    // Down: committed, and killed before the mark was taken away.
    await bench.look.script('insert into schema_migrations values (-1, true)');
    const last = await scripts.run('migrate-rollback.sh');
    assert.equal(last.exitCode, 0, last.out);
    assert.equal(await history(), 'none');
    // Somebody else's half-done migration is not theirs to mend.
    await bench.look.script('delete from switchback.steps; insert into schema_migrations values (1, true)');
    const foreign = await scripts.run('migrate-forward.sh');
    assert.equal(foreign.exitCode, 1, foreign.out);
    assert.match(foreign.out, /this plan did not begin it/);
  });

  it('say which rows stop a backfill, and that others hold rows', async () => {
    await bench.look.script(
      'insert into t (id) select generate_series(1, 60); alter table t add constraint small check (n = 0 or id <> 33)',
    );
    const stopped = await scripts.run('migrate-forward.sh');
    assert.equal(stopped.exitCode, 1, stopped.out);
    assert.match(stopped.out, /t.*after id = \d+/);
    assert.match(stopped.out, /violates check constraint "small"/);
    await bench.look.script('alter table t drop constraint small');
    const other = await openSession(bench.database.connection, bench.database.password);
    await other.script('begin; select * from t where id = 50 for update');
    const child = scripts.start('migrate-forward.sh', []);
    const said = finished(child);
    await sees(child, said, /locked by others/);
    await other.close();
    const answer = await said;
    assert.equal(answer.exitCode, 0, answer.out);
    assert.equal(await value(bench.look, `select string_agg(distinct n::text, ',') from t`), '1');
  });

  it('refuse to walk by what is no key any more', async () => {
    await bench.look.script('insert into t (id) values (1); alter table t drop constraint t_pkey');
    const refused = await scripts.run('migrate-forward.sh');
    assert.equal(refused.exitCode, 1, refused.out);
    assert.match(refused.out, /public\.t has no valid unique index on id/);
  });

  it('say why pg_dump failed', async () => {
    const folder = path.join(scripts.folder, 'backups');
    await mkdir(folder);
    await scripts.writeEnvironment(['ENVIRONMENT=staging', `BACKUP_FOLDER=${folder}`]);
    const bin = await mkdtemp(path.join(os.tmpdir(), 'bin-'));
    await writeFile(
      path.join(bin, 'pg_dump'),
      '#!/bin/sh\necho "pg_dump: error: aborting because of server version mismatch" >&2\nexit 1\n',
      { mode: 0o755 },
    );
    const answer = await finished(
      scripts.start('migrate-forward.sh', ['--backup'], {
        ...process.env,
        PATH: `${bin}:${process.env.PATH}`,
      }),
    );
    await rm(bin, { recursive: true });
    assert.equal(answer.exitCode, 1, answer.out);
    assert.match(answer.out, /pg_dump failed: .*server version mismatch/);
  });
});

describe('the backup of cleanup.sh, PostgreSQL 12 [psql]', function () {
  this.timeout(60_000);

  before(async function () {
    if (!(await hasProgram('psql'))) this.skip();
  });

  it('holds the rows of all partitions, for the owner alone', async () => {
    const bench = await openBench(
      12,
      `create table "p'a$rt" (id int) partition by range (id); create table part_1 partition of "p'a$rt" for values from (0) to (1000000);
       insert into "p'a$rt" values (424242)`,
    );
    await installSchema(bench.look);
    const scripts = await bareScripts(
      bench.database,
      [{ ...plainStep, id: '01-look', kind: 'check', phase: 'contract' }],
      { tables: [`public."p'a$rt"`] },
    );
    try {
      const done = await scripts.run('cleanup.sh');
      assert.equal(done.exitCode, 0, done.out);
      const folder = path.join(scripts.scripts, 'backup');
      const [dump] = await readdir(folder);
      assert.equal((await stat(path.join(folder, dump!))).mode & 0o777, 0o600);
      const text = await new Promise<string>((resolve) =>
        execFile('pg_restore', ['--file=-', path.join(folder, dump!)], (_, stdout) => resolve(stdout)),
      );
      assert.match(text, /424242/);
    } finally {
      await scripts.dispose();
      await bench.drop();
    }
  });
});
