import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { BackfillColumn, NewMigrationAnswers } from '../../src/implement/new-migration/answers';
import { newMigration } from '../../src/journey/new-migration';
import { quoteIdentifier } from '../../src/sql/identifier';
import { testContext } from '../support/journey-context';
import { testMajors, testServer, type TestDatabase } from '../support/servers';
import {
  answersFor,
  catalogOf,
  clientConfig,
  hostile,
  structural,
  withClient,
  withFolder,
} from '../journey/new-migration/fixture';

const rows = 2000;
const table = quoteIdentifier(hostile.table);
const [part, key] = [quoteIdentifier('part'), quoteIdentifier(hostile.key)];
const column = quoteIdentifier(hostile.column);

/** Each write of a row is counted, and some commits take a while. */
const schema = `
  create table ${table} (${part} int, ${key} text, ${column} int not null, primary key (${part}, ${key}));
  insert into ${table} select n % 7, md5(n::text), n from generate_series(1, ${rows}) as n;
  create table original as select ${part} as part, ${key} as key, ${column} as n from ${table};
  create table writes (part int, key text);
  create function count_write() returns trigger language plpgsql as
    $$ begin insert into writes values (new.${part}, new.${key}); return null; end $$;
  create trigger counted after update on ${table} for each row execute function count_write();
  create function linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.01); return null; end $$;
  create constraint trigger lingers after insert on writes deferrable initially deferred
    for each row when (new.key like '0%') execute function linger();`;

const change: BackfillColumn = {
  kind: 'backfill',
  table: { schema: 'public', name: hostile.table },
  key: ['part', hostile.key],
  column: hostile.column,
  expression: `${column} + 1`,
  onlyEmpty: false,
};

const flavours: Record<string, { language: NewMigrationAnswers['language']; type: string }> = {
  TypeScript: { language: 'typescript', type: 'module' },
  'JavaScript, CommonJS': { language: 'javascript', type: 'commonjs' },
  'JavaScript, ES module': { language: 'javascript', type: 'module' },
};

for (const major of testMajors) {
  describe(`a new backfill that is killed (PostgreSQL ${major})`, function () {
    this.timeout(120_000);
    let database: TestDatabase;
    beforeEach(async () => {
      database = await (await testServer({ major })).createDatabase();
      await withClient(database, (client) => client.query(schema));
    });
    afterEach(() => database?.drop());

    for (const [title, { language, type }] of Object.entries(flavours)) {
      it(`${title}: goes on behind the last batch and writes every row once`, () =>
        withFolder(async (root) => {
          await writeFile(path.join(root, 'package.json'), JSON.stringify({ type }));
          const [file] = await newMigration(testContext(root), null, answersFor(root, language, change));
          const before = await catalogOf(database);
          let killed = 0;
          let finished = false;
          while (!finished) {
            // The process, then the server's side of it, in turn; in the end it may run through.
            const victim = killed >= 6 ? null : killed % 2 === 0 ? 'process' : 'session';
            finished = await runAndKill(database, file!, victim);
            if (!finished) killed += 1;
          }
          assert.equal(killed, 6);
          await everyRowOnce(database);
          // Run once more, it has nothing to do.
          assert.equal(await runAndKill(database, file!, null), true);
          await everyRowOnce(database);
          await withClient(database, async (client) => {
            const script = (await import(file!)) as {
              down?: (db: object) => Promise<void>;
              default?: object;
            };
            const down = script.down ?? (script.default as { down: (db: object) => Promise<void> }).down;
            await down(client);
          });
          assert.deepEqual(structural(before, await catalogOf(database)), []);
        }));
    }

    it('SQL: goes on behind the last batch and writes every row once', () =>
      withFolder(async (root) => {
        const [up, down] = await newMigration(testContext(root), null, answersFor(root, 'sql', change));
        const before = await catalogOf(database);
        const text = await readFile(up!, 'utf8');
        let killed = 0;
        await withClient(database, async (watcher) => {
          for (;;) {
            const run = withClient(database, async (client) => {
              client.on('error', () => undefined);
              await client.query(`set application_name = 'victim'`);
              await client.query(text);
            }).then(
              () => true,
              () => false,
            );
            // Twice as soon as it runs, once when its first batch is there.
            if (killed < 3) {
              await until(watcher, killed < 2 ? running : `(${running}) and (${begun})`, run);
              await watcher.query(terminate);
            }
            if (await run) break;
            killed += 1;
          }
          assert.ok(killed >= 2, String(killed));
          await everyRowOnce(database);
          await watcher.query(text);
          await everyRowOnce(database);
          await watcher.query(await readFile(down!, 'utf8'));
        });
        assert.deepEqual(structural(before, await catalogOf(database)), []);
      }));
  });
}

const terminate = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim' and datname = current_database()`;

const running = `exists (select from pg_stat_activity where application_name = 'victim'
  and datname = current_database() and state = 'active' and query like '%do $switchback%')`;
const begun = `exists (select from writes)`;

/** Looks until a question is answered with yes, or the run is over. */
async function until(watcher: pg.Client, question: string, run: Promise<unknown>): Promise<void> {
  let over = false;
  void run.then(() => (over = true));
  while (!over) {
    const { rows: answer } = await watcher.query<{ yes: boolean }>(`select ${question} as yes`);
    if (answer[0]?.yes === true) return;
    await sleep(5);
  }
}

/** Runs up(db) in a process of its own; ends it somewhere after its first batch. true: it ran to its end. */
async function runAndKill(
  database: TestDatabase,
  file: string,
  victim: 'process' | 'session' | null,
): Promise<boolean> {
  const connection = { ...clientConfig(database), application_name: 'victim' };
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, '..', 'journey', 'new-migration', 'run-up.ts'), file],
    {
      env: { ...process.env, TEST_CONNECTION: JSON.stringify(connection) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  child.stdout.resume();
  if (victim !== null) {
    await Promise.race([once(child.stdout, 'data'), exited]);
    await sleep(Math.random() * 20);
    if (victim === 'process') child.kill('SIGKILL');
    else await withClient(database, (client) => client.query(terminate));
  }
  const [code] = await exited;
  if (victim === null) assert.equal(code, 0, said.join(''));
  return code === 0;
}

async function everyRowOnce(database: TestDatabase): Promise<void> {
  await withClient(database, async (client) => {
    const { rows: found } = await client.query(`
      select count(*)::int as rows, count(*) filter (where t.${column} = o.n + 1)::int as raised,
        count(*) filter (where w.writes = 1)::int as once
      from ${table} as t join original as o on o.part = t.${part} and o.key = t.${key}
      left join (select part, key, count(*) as writes from writes group by 1, 2) as w
        on w.part = t.${part} and w.key = t.${key}`);
    assert.deepEqual(found, [{ rows, raised: rows, once: rows }]);
  });
}
