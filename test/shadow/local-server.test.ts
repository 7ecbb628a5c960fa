import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { isSwitchbackError } from '../../src/messages/error';
import { serverFolderPrefix, sweepLeftovers } from '../../src/shadow/leftovers';
import { startLocalServer, type LocalServer } from '../../src/shadow/local-server';
import { memoryFolder } from '../../src/shadow/memory-folder';
import { processLives } from '../../src/ports/process-lives';
import { chooseBinaries, findPostgresBinaries } from '../../src/shadow/postgres-binaries';
import { testBinaries, testMajors, testServer } from '../support/servers';

async function ask(server: LocalServer, sql: string, password = server.password ?? ''): Promise<string> {
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    user: server.user,
    password,
    database: 'postgres',
  });
  await client.connect();
  try {
    const result = await client.query<{ answer: string }>(sql);
    return result.rows[0]?.answer ?? '';
  } finally {
    await client.end();
  }
}

async function waitUntil(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 200; waited += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`not so after 10 s: ${what}`);
}

describe('a local PostgreSQL server', function () {
  this.timeout(60_000);
  let temporary: string;

  before(async () => {
    temporary = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    await chmod(temporary, 0o755);
  });
  after(() => rm(temporary, { recursive: true, force: true }));

  it('finds the binaries of npm and says where it looked', async () => {
    const lines: string[] = [];
    const found = await findPostgresBinaries({
      explicitFolder: path.join(temporary, 'nothing'),
      packageFolders: [path.resolve(__dirname, '..', '..')],
      searchPath: '',
      log: (line) => lines.push(line),
    });
    assert.ok(found.some((binaries) => binaries.major === 18 && binaries.source.startsWith('npm package')));
    assert.ok(found.some((binaries) => binaries.major === 12));
    assert.ok(lines.some((line) => line.includes('no postgres in') && line.includes('the folder you named')));
  });

  it('chooses the wanted version, else the nearest newer', () => {
    const of = (major: number) => ({ major, version: `${major}.1`, folder: `/${major}`, source: 'PATH' });
    assert.equal(chooseBinaries([of(18), of(12), of(15)], 15)?.major, 15);
    assert.equal(chooseBinaries([of(18), of(12), of(16)], 13)?.major, 16);
    assert.equal(chooseBinaries([of(12)], 13), null);
  });

  for (const major of testMajors) {
    it(`starts, restarts after a crash and removes everything (${major})`, async () => {
      const server = await startLocalServer({
        binaries: await testBinaries(major),
        temporaryFolder: temporary,
      });
      const folder = path.dirname(server.dataFolder);
      assert.match(await ask(server, 'SELECT version() AS answer'), new RegExp(`^PostgreSQL ${major}\\.`));
      await ask(server, "CREATE TABLE kept AS SELECT 'here' AS answer");
      await ask(server, 'CHECKPOINT');
      const before = server.pid;
      await server.kill();
      assert.equal(processLives(before), false);
      await server.restart({ settings: { work_mem: '9MB' } });
      assert.notEqual(server.pid, before);
      assert.equal(await ask(server, 'SELECT answer FROM kept'), 'here');
      assert.equal(await ask(server, "SELECT current_setting('work_mem') AS answer"), '9MB');
      await server.stop();
      await server.stop();
      assert.equal(processLives(server.pid), false);
      assert.equal(existsSync(folder), false);
    });
  }

  it('lies in memory where that is wanted and there is room', async () => {
    const server = await startLocalServer({ binaries: await testBinaries(18), inMemory: true });
    const folder = path.dirname(server.dataFolder);
    try {
      assert.equal(path.dirname(folder), (await memoryFolder()) ?? os.tmpdir());
      assert.equal(await ask(server, "SELECT 'fine' AS answer"), 'fine');
    } finally {
      await server.stop();
    }
    assert.equal(existsSync(folder), false);
  });

  it('sweeps what a dead process left in memory, wherever the next server lies', async () => {
    const memory = await memoryFolder();
    const parent = memory ?? os.tmpdir();
    const dead = path.join(parent, `${serverFolderPrefix}dead-${process.pid}`);
    await mkdir(dead);
    await writeFile(
      path.join(dead, 'owner.json'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), processStart: '1', port: 1 }),
    );
    const server = await startLocalServer({ binaries: await testBinaries(18) });
    await server.stop();
    assert.equal(existsSync(dead), false);
  });

  it('asks for the password, and only on loopback', async () => {
    const { server } = await testServer({ major: 18 });
    await assert.rejects(ask(server, 'SELECT 1', 'wrong'), /password authentication failed/);
    assert.equal(await ask(server, "SELECT current_setting('listen_addresses') AS answer"), '127.0.0.1');
  });

  it('listens on a private socket without a password', async () => {
    const server = await startLocalServer({
      binaries: await testBinaries(18),
      temporaryFolder: temporary,
      listen: 'socket',
    });
    try {
      assert.equal(server.password, null);
      assert.equal(await ask(server, "SELECT current_setting('listen_addresses') AS answer"), '');
    } finally {
      await server.stop();
    }
  });

  it('keeps a persistent database, with fsync and a new password, and never shares its folder', async () => {
    const options = { binaries: await testBinaries(18), persistentFolder: path.join(temporary, 'kept') };
    const first = await startLocalServer(options);
    await ask(first, "CREATE TABLE kept AS SELECT 'still' AS answer");
    assert.equal(await ask(first, "SELECT current_setting('fsync') AS answer"), 'on');
    await assert.rejects(startLocalServer(options), (error: unknown) => {
      assert.ok(isSwitchbackError(error, 'locked-by-other'));
      assert.match(error.sentence, new RegExp(`process ${process.pid} `));
      return true;
    });
    assert.equal(await ask(first, 'SELECT answer FROM kept'), 'still', 'the refused start harmed nothing');
    await first.stop();
    const second = await startLocalServer(options);
    assert.equal(await ask(second, 'SELECT answer FROM kept'), 'still');
    assert.notEqual(second.password, first.password);
    await second.stop();
    await assert.rejects(
      startLocalServer({ ...options, binaries: await testBinaries(12) }),
      (error: unknown) => isSwitchbackError(error, 'no-shadow'),
    );
  });

  it('takes over the folder of a dead process', async () => {
    const persistentFolder = path.join(temporary, 'taken');
    await mkdir(persistentFolder);
    await writeFile(
      path.join(persistentFolder, 'owner.json'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), processStart: '1', port: 1 }),
    );
    const server = await startLocalServer({ binaries: await testBinaries(18), persistentFolder });
    await server.stop();
    assert.equal(existsSync(path.join(persistentFolder, 'owner.json')), false);
  });

  it('says why a server does not start', async () => {
    const bad = startLocalServer({
      binaries: await testBinaries(18),
      temporaryFolder: temporary,
      settings: { shared_buffers: 'many' },
    });
    await assert.rejects(
      bad,
      (error: unknown) => isSwitchbackError(error, 'no-shadow') && error.sentence.includes('shared_buffers'),
    );
    assert.deepEqual(
      (await readdir(temporary)).filter((name) => name.startsWith('switchback-server-')),
      [],
    );
  });

  it('leaves no server behind when its process is killed', async () => {
    const child = fork(path.join(__dirname, 'server-owner.ts'), [temporary], {
      execArgv: ['--require', 'tsx'],
    });
    const [message] = (await once(child, 'message')) as [{ pid: number; folder: string }];
    assert.ok(processLives(message.pid));
    child.kill('SIGKILL');
    await waitUntil(
      () => !processLives(message.pid) && !existsSync(message.folder),
      'server and folder gone',
    );
  });

  it('sweeps what a dead process left, and nothing of a living one', async () => {
    const dead = path.join(temporary, 'switchback-server-dead');
    await mkdir(dead);
    await writeFile(
      path.join(dead, 'owner.json'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), processStart: '1', port: 1 }),
    );
    const living = await startLocalServer({ binaries: await testBinaries(18), temporaryFolder: temporary });
    try {
      await mkdir(dead, { recursive: true });
      await writeFile(
        path.join(dead, 'owner.json'),
        JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), processStart: '1', port: 1 }),
      );
      assert.deepEqual(await sweepLeftovers(temporary), [dead]);
      assert.equal(await ask(living, "SELECT 'fine' AS answer"), 'fine');
    } finally {
      await living.stop();
    }
  });
});
