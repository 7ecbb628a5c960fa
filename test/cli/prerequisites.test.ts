import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { prerequisiteIds, type Prerequisite } from '../../src/assess/prerequisites';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { readPlanFolder } from '../../src/implement/scaffold/plan-file';
import { nodeFiles } from '../../src/ports/node-files';
import { testServer, type TestDatabase } from '../support/servers';
import { switchback, type CliAnswer } from './support';

describe('scope and prerequisites in the terminal', function () {
  this.timeout(120_000);
  const rename = ['rename-column', '--table', 'customers', '--from', 'name', '--to', 'full_name'];
  let folder: string;
  let database: TestDatabase;
  let client: Session;

  const run = (verb: string, ...words: string[]): Promise<CliAnswer> => {
    const { host, port, user, database: name } = database.connection;
    const url = `postgres://${user}@${host}:${port}/${name}?sslmode=disable`;
    return switchback(
      folder,
      { PGPASSWORD: database.password, SHOP_URL: url },
      verb,
      ...rename,
      ...words,
      '--database-url',
      'env:SHOP_URL',
    );
  };
  const held = (prerequisites: readonly Prerequisite[]): string[] =>
    prerequisites.filter((item) => item.state === 'held').map((item) => item.id);

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-prerequisites-'));
    await mkdir(path.join(folder, 'migrations'));
    await mkdir(path.join(folder, 'reports'));
    const table =
      'create table customers (id bigint generated always as identity primary key, name text not null);';
    await writeFile(path.join(folder, 'migrations', '000001_customers.up.sql'), `${table}\n`);
    await writeFile(path.join(folder, 'migrations', '000001_customers.down.sql'), 'drop table customers;\n');
    await writeFile(path.join(folder, 'reports', 'names.sql'), 'select name from customers;\n');
    database = await (await testServer({ major: 18 })).createDatabase();
    client = await openSession(database.connection, database.password, { applicationName: 'shop-web' });
    await client.script(
      `${table} insert into customers (name) select 'customer ' || i from generate_series(1, 300) i; analyze customers`,
    );
  });

  after(async () => {
    await client?.close();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('ends an assessment with six, and proposes the scope from sessions, code and locks', async () => {
    const text = await run('assess');
    assert.equal(text.exitCode, 0, text.told.join('\n'));
    assert.match(
      text.out,
      /Systems: shop-web \(connected to .*\); code in reports \(proposed; say it with --systems\)/,
    );
    assert.match(text.out, /Expected downtime: none; .*\(proposed; say it with --downtime\)/);
    assert.match(text.out, /Prerequisites: 2 of 6 held/);
    assert.match(
      text.out,
      /\[held\] impact: .*300 rows in public\.customers; objects that depend on it: 0; in the code 1 place in 1 file;/,
    );
    assert.match(text.out, /\[held\] rollback: /);
    assert.match(text.out, /\[open\] time: .*The plan takes \d+ days and ends on \d{4}-\d\d-\d\d\./);
    const json = (await run('assess', '--format', 'json')).json<{
      prerequisites: Prerequisite[];
      scope: { proposed: { systems: string }; said: { systems: string | null } };
    }>();
    assert.deepEqual(
      json.prerequisites.map((item) => item.id),
      prerequisiteIds,
    );
    assert.equal(json.scope.said.systems, null);
    assert.match(json.scope.proposed.systems, /shop-web/);
  });

  it('refuses a deadline that is no day, an unknown prerequisite and nobody’s name', async () => {
    for (const words of [
      ['--deadline', '2026-02-30'],
      ['--deadline', 'soon'],
      ['--confirm-prerequisite', 'luck=the tech lead'],
      ['--confirm-prerequisite', 'time='],
      ['--confirm-prerequisite', 'time'],
    ]) {
      const answer = await run('plan', ...words);
      assert.equal(answer.exitCode, 2, words.join(' '));
      assert.match(answer.told.join('\n'), /--deadline takes a day|--confirm-prerequisite takes ID=NAME/);
    }
  });

  it('records what is said with the plan, keeps it when the plan is scaffolded again, and forgets nothing', async () => {
    const first = await run(
      'scaffold',
      '--systems',
      'web shop and reports',
      '--users',
      'all customers',
      '--downtime',
      'none',
      '--confirm-prerequisite',
      'stakeholders=the product owner',
      '--format',
      'json',
    );
    assert.equal(first.exitCode, 0, first.told.join('\n'));
    const { plan, prerequisites } = first.json<{ plan: string; prerequisites: Prerequisite[] }>();
    assert.deepEqual(held(prerequisites), ['scope', 'impact', 'stakeholders', 'rollback']);
    const planFolder = path.join(folder, 'plans', plan);
    const document = await readFile(path.join(planFolder, 'plan.md'), 'utf8');
    for (const text of ['web shop and reports', 'all customers', 'Confirmed by the product owner'])
      assert.ok(document.includes(text), `${text} is in plan.md`);

    const planned = await run('plan', '--deadline', '2999-12-31');
    assert.equal(planned.exitCode, 0, planned.told.join('\n'));
    assert.match(planned.out, /Systems: web shop and reports\n/);
    assert.match(planned.out, /\[held\] time: /);
    assert.match(planned.out, /\[held\] stakeholders: .*Confirmed by the product owner on /);
    const unchanged = await readPlanFolder(planFolder, nodeFiles(), folder);
    assert.equal(unchanged.scope.deadline, null, 'plan writes nothing');

    const second = await run(
      'scaffold',
      '--confirm-prerequisite',
      'staging=the tech lead',
      '--deadline',
      '2999-12-31',
    );
    assert.equal(second.exitCode, 0, second.told.join('\n'));
    assert.match(second.out, /Prerequisites: 6 of 6 held/);
    const loaded = await readPlanFolder(planFolder, nodeFiles(), folder);
    assert.equal(loaded.approvedHash, unchanged.approvedHash);
    assert.deepEqual(loaded.scope, {
      systems: 'web shop and reports',
      users: 'all customers',
      downtime: 'none',
      deadline: '2999-12-31',
    });
    assert.deepEqual(
      loaded.prerequisites.flatMap((item) => (item.confirmed ? [`${item.id}: ${item.confirmed.name}`] : [])),
      ['stakeholders: the product owner', 'staging: the tech lead'],
    );
  });
});
