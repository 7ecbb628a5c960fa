import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeOwnFolder, sweepOwnFolders } from '../../src/ports/own-folder';

/** More than Linux gives. */
const goneProcess = 2 ** 22 + 1;

describe('folders that say who made them', () => {
  it('are swept when their process is gone, and no others', async () => {
    const parent = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    try {
      const own = path.basename(await makeOwnFolder(parent, 'ours-'));
      assert.equal((await stat(path.join(parent, own))).mode & 0o777, 0o700);
      const others = ['ours-', 'ours-x', `ours-${goneProcess}x`, `theirs-${goneProcess}-aBc123`];
      for (const name of [...others, `ours-${goneProcess}-aBc123`]) await mkdir(path.join(parent, name));
      await writeFile(path.join(parent, `ours-${goneProcess}-aBc123`, 'pgpass'), 'secret');
      await sweepOwnFolders(parent, 'ours-');
      assert.deepEqual((await readdir(parent)).sort(), [...others, own].sort());
      await sweepOwnFolders(path.join(parent, 'nowhere'), 'ours-');
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  });
});
