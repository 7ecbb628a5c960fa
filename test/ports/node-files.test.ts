import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { isSwitchbackError } from '../../src/messages/error';
import { nodeFiles } from '../../src/ports/node-files';

describe('node files', () => {
  const files = nodeFiles();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchback-files-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const put = async (...paths: string[]): Promise<void> => {
    for (const path of paths) await files.write(join(folder, path), '');
  };
  const found = async (glob: string): Promise<string[]> =>
    (await files.find(folder, glob)).map((path) => path.slice(folder.length + 1));

  it('reads back what it wrote, making folders, and leaves nothing beside it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        fc.pre(!text.startsWith('\ufeff'));
        const path = join(folder, 'a', 'b.sql');
        await files.write(path, text);
        assert.equal(await files.read(path), text);
        assert.deepEqual(await readdir(join(folder, 'a')), ['b.sql']);
      }),
      { numRuns: 40 },
    );
  });

  it('reads no pipe, no device, and nothing that is far too large', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'pipe.sql')]);
    await symlink('/dev/zero', join(folder, 'device.sql'));
    await writeFile(join(folder, 'large.sql'), '');
    await truncate(join(folder, 'large.sql'), 60_000_000);
    for (const each of [files, nodeFiles({ blocking: true })])
      for (const name of ['pipe.sql', 'device.sql', 'large.sql'])
        await assert.rejects(each.read(join(folder, name)), (error: unknown) =>
          isSwitchbackError(error, 'invalid-file'),
        );
  });

  it('drops a byte order mark', async () => {
    await writeFile(join(folder, 'bom.sql'), Buffer.from([0xef, 0xbb, 0xbf, 0x78]));
    assert.equal(await files.read(join(folder, 'bom.sql')), 'x');
  });

  it('names the file that is not UTF-8, and the one that is not there', async () => {
    const latin = join(folder, 'latin1.sql');
    await writeFile(latin, Buffer.from([0x61, 0xe9, 0x61]));
    await assert.rejects(
      files.read(latin),
      (error) => isSwitchbackError(error, 'invalid-file') && error.sentence.includes(latin),
    );
    await assert.rejects(files.readIfExists(latin), (error) => isSwitchbackError(error, 'invalid-file'));
    const missing = join(folder, 'missing.sql');
    await assert.rejects(
      files.read(missing),
      (error) => isSwitchbackError(error, 'not-found') && error.sentence.includes(missing),
    );
    assert.equal(await files.readIfExists(missing), null);
    assert.equal(await files.exists(missing), false);
  });

  it('keeps the mode of a script it writes again', async () => {
    const script = join(folder, 'run.sh');
    await files.write(script, 'one');
    await chmod(script, 0o755);
    await files.write(script, 'two');
    assert.equal((await stat(script)).mode & 0o777, 0o755);
  });

  it('lists names sorted, with links as what they lead to, and nothing for no folder', async () => {
    await put('b.sql', 'B.sql', 'a/x.sql');
    await symlink(join(folder, 'a'), join(folder, 'link'));
    await symlink(join(folder, 'nowhere'), join(folder, 'broken'));
    assert.deepEqual(await files.list(folder), [
      { name: 'B.sql', kind: 'file' },
      { name: 'a', kind: 'folder' },
      { name: 'b.sql', kind: 'file' },
      { name: 'link', kind: 'folder' },
    ]);
    assert.deepEqual(await files.list(join(folder, 'none')), []);
  });

  it('finds files by glob, never in node_modules, honouring each .gitignore', async () => {
    await put(
      'db/1.sql',
      'db/sub/2.sql',
      'db/node_modules/p/3.sql',
      'out/4.sql',
      'db/made/5.sql',
      'db/made/keep.sql',
      'x.txt',
    );
    await files.write(join(folder, '.gitignore'), 'out/\n');
    await files.write(join(folder, 'db', '.gitignore'), 'made/*\n!made/keep.sql\n');
    assert.deepEqual(await found('**/*.sql'), ['db/1.sql', 'db/made/keep.sql', 'db/sub/2.sql']);
    assert.deepEqual(await files.find(join(folder, 'none'), '**/*.sql'), []);
    await assert.rejects(files.find(folder, '**/*', AbortSignal.abort(new Error('stop'))), /stop/);
  });

  it('removes files and folders, also those that are gone', async () => {
    await mkdir(join(folder, 'gone', 'deep'), { recursive: true });
    await files.remove(join(folder, 'gone'));
    await files.remove(join(folder, 'gone'));
    assert.equal(await files.exists(join(folder, 'gone')), false);
  });
});
