import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Session } from '../../src/database/session';
import { detectLayout } from '../../src/layouts/detect-layouts';
import type { Direction, Migration } from '../../src/layouts/layout';
import { liquibase } from '../../src/layouts/liquibase';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { nodeFiles } from '../../src/ports/node-files';
import { executionOf } from '../layouts/crate';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';
import { needs, outputOf } from './programs';

const jar = path.join(
  process.env['SWITCHBACK_TOOLS'] ?? path.resolve('.switchback-test', 'tools'),
  ...['liquibase', 'node_modules', 'liquibase', 'dist', 'liquibase', 'internal', 'lib', 'liquibase-core.jar'],
);
const head = '--liquibase formatted sql\n';
const project: Record<string, string> = {
  'changelog.yaml': `databaseChangeLog:
  - include:
      file: changes/one.sql
      relativeToChangelogFile: true
  - include:
      file: changes/two.sql
  - includeAll:
      path: changes/rest
`,
  'changes/one.sql': `${head}
--changeset alice:1
--comment: makes Übung
create table t1 (id int, note text default 'ä;b');
--rollback drop table t1;

--changeset alice:2 labels:"One, TWO ,three" contextFilter:"Test or Dev" runInTransaction:false
create index concurrently i1 on t1 (id);
--rollback drop index
--rollback   i1;

--changeset "bob smith":"a b" dbms:mysql
create table nope (id int);
--changeset bob:3 splitStatements:false
create function f() returns int language sql as $$ select 1; -- inner
 select 2; $$;
/* liquibase rollback
drop function f();
*/
`,
  'changes/two.sql':
    '--liquibase formatted sql logicalFilePath:logical/two.sql\r\n--changeset alice:1 context:!none\r\n\tcreate table t2 (id int);\r\n--rollback drop table t2;\r\n',
  'changes/rest/b.sql': `${head}
--changeset carol:5 endDelimiter:// rollbackEndDelimiter://
create table d1 (id int)//
create table d2 (id int)//
--rollback drop table d1//
--rollback drop table d2//
--changeset carol:6 runOnChange:true
--comment ${'x'.repeat(300)}
create or replace view v as select 1 as one;
--ignoreLines:start
create nonsense
--ignoreLines:end
--preconditions onFail:HALT
--precondition-sql-check expectedResult:0 select count(*) from pg_class where relname = 'p6'
create table p6 (id int)
go
--rollback drop view v;
--rollback drop table p6;
`,
  'changes/rest/a.sql': 'create table raw1 (id int);\ncreate table raw2 (id int);\n',
};

describe(`the real Liquibase ${needs('liquibase')}`, function () {
  this.timeout(300_000);
  const files = nodeFiles();
  let database: TestDatabase;
  let session: Session;
  let root: string;
  let folder: string;

  before(async function () {
    if (!existsSync(jar)) return this.skip();
    database = await (await testServer({ major: testMajors.at(-1)! })).createDatabase();
    session = await testSession(database);
    root = await mkdtemp(path.join(tmpdir(), 'switchback-liquibase-'));
    // Named after changelogs, so that the folders in it are listed with it.
    folder = path.join(root, 'changelog');
    for (const [name, text] of Object.entries(project)) await files.write(path.join(folder, name), text);
  });
  after(async () => {
    await session?.close();
    await database?.drop();
    if (root) await rm(root, { recursive: true, force: true });
  });

  const tool = (...args: string[]): Promise<string> => {
    const { host, port, user, database: name } = database.connection;
    const env = {
      LIQUIBASE_COMMAND_URL: `jdbc:postgresql://${host}:${port}/${name}`,
      LIQUIBASE_COMMAND_USERNAME: user,
      LIQUIBASE_COMMAND_PASSWORD: database.password,
      LIQUIBASE_HOME: path.dirname(path.dirname(path.dirname(jar))),
      LIQUIBASE_SHOW_BANNER: 'false',
    };
    const all = ['-jar', jar, '--changelog-file=changelog.yaml', ...args];
    return outputOf('java', all, { cwd: folder, env });
  };
  const run = async (migration: Migration, direction: Direction): Promise<void> => {
    const up = await liquibase.script(migration, 'up', files);
    const script = direction === 'up' ? up : await liquibase.script(migration, 'down', files);
    const execution = liquibase.execution(migration, direction, {
      ...{ directory: 'changelog', previousVersion: null, by: 'somebody', id: '' },
      ...{ sql: script!.sql, contentHash: script!.contentHash, recordedHash: liquibase.recordedHash(up!) },
    });
    const work = async (): Promise<void> => {
      await session.script(script!.sql);
      for (const { sql, parameters } of execution.record(1)) await session.query(sql, parameters);
    };
    await session.query(execution.lock!.take);
    for (const sql of execution.prepare) await session.query(sql);
    await (script!.transaction === 'wrapped' ? session.transaction(work) : work());
    await session.query(execution.lock!.release);
  };
  const list = (): Promise<Migration[]> => liquibase.list(folder, files);
  const states = async (): Promise<string[]> => {
    const migrations = await list();
    const history = await liquibase.history('changelog', session);
    const up = new Map(
      await Promise.all(
        migrations.map(async (each) => [each.version, await liquibase.script(each, 'up', files)] as const),
      ),
    );
    return migrationStatuses({ migrations, history, layout: liquibase, up, down: up }).map(
      ({ version, state, flags }) => [version, state, ...flags].join(' '),
    );
  };
  /** The rows but for the moments at which they were written. */
  const rows = async (): Promise<unknown[]> =>
    (
      await session.query(
        `select id, author, filename, orderexecuted, exectype, md5sum, description, comments, tag, liquibase,
             contexts, labels, deployment_id ~ '^[0-9]{10}$' as deployed from databasechangelog order by orderexecuted`,
      )
    ).rows;
  const tables = async (): Promise<unknown[]> =>
    (
      await session.query(
        `select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
             (select array_agg(pg_get_constraintdef(oid) order by conname) from pg_constraint
              where conrelid = c.oid and contype <> 'n') as constraints
           from pg_attribute a join pg_class c on c.oid = a.attrelid
           where c.relname ~ '^databasechangelog(lock)?$' and a.attnum > 0 order by c.relname, a.attnum`,
      )
    ).rows;
  const versions = [
    'changes/one.sql::1::alice',
    'changes/one.sql::2::alice',
    'changes/one.sql::3::bob',
    'logical/two.sql::1::alice',
    'changes/rest/a.sql::raw::includeAll',
    'changes/rest/b.sql::5::carol',
    'changes/rest/b.sql::6::carol',
  ];
  const asStates = (applied: number): string[] =>
    versions.map((version, index) => `${version} ${index < applied ? 'applied' : 'pending'}`);

  it('runs half, Switchback the rest, and the tool agrees', async () => {
    const found = await detectLayout(folder, files);
    assert.equal(found?.layout.id, 'liquibase');
    await tool('update-count', '--count=3');
    assert.deepEqual(await states(), asStates(3));
    for (const migration of (await list()).slice(3)) await run(migration, 'up');
    assert.deepEqual(await states(), asStates(7));
    assert.match(await tool('status', '--verbose'), /is up to date/);
    // It ends with an error where a checksum is another.
    await tool('validate');
  });

  it('takes its own back and what Switchback applied, and goes on after Switchback took one back', async () => {
    const last = (await list()).at(-1)!;
    await run(last, 'down');
    assert.deepEqual(await states(), asStates(6));
    assert.match(await tool('status', '--verbose'), /1 changesets? has not been applied[^]*b\.sql::6::carol/);
    await tool('rollback-count', '--count=1');
    assert.deepEqual(await states(), asStates(5));
    await tool('update');
    assert.deepEqual(await states(), asStates(7));
  });

  it('takes a new file of Switchback, and says who holds the lock', async () => {
    const request = {
      ...{ folder, name: 'Add g', transactional: true, now: new Date() },
      up: 'create function g() returns int language sql as $$ select 1;\n select 2; $$;\nselect 1;',
      down: 'drop function\n  g();\nselect 1;',
    };
    const composed = liquibase.compose(request, await list());
    const sealed = await liquibase.seal!(composed, files);
    assert.deepEqual(sealed.beside, []);
    for (const file of sealed.files) await files.write(file.path, file.text);
    const { version } = composed[0]!;
    const added = (await list()).find((each) => each.version === version)!;
    const { lock, prepare } = executionOf(liquibase, added, 'up');
    for (const sql of prepare) await session.query(sql);
    await session.query(lock!.take);
    assert.match(await tool('list-locks'), /Switchback \(pid \d+\)/);
    await session.query(lock!.release);
    await tool('update');
    assert.ok((await states()).includes(`${version} applied`));
    await run(added, 'down');
    await files.remove(added.upPath);
    assert.deepEqual(await states(), asStates(7));
  });

  it('makes the tables and writes the rows that Switchback makes and writes', async () => {
    await session.script('drop schema public cascade; create schema public');
    for (const migration of await list()) await run(migration, 'up');
    const ours = [await rows(), await tables()];
    await session.script('drop schema public cascade; create schema public');
    await tool('update');
    assert.deepEqual(ours, [await rows(), await tables()]);
  });
});
