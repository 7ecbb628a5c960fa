import assert from 'node:assert/strict';
import path from 'node:path';
import { pythonOf } from '../../../src/layouts/code/interpreter';
import { nearestFile, placesAbove } from '../../../src/layouts/code/node-command';
import { memoryFiles } from '../../support/memory-files';

const root = path.resolve('/home/me/project');
const inRoot = (...parts: string[]): string => path.join(root, ...parts);
const above = (...parts: string[]): string => path.join(path.dirname(root), ...parts);

describe('what a tool is called with', () => {
  it('is searched for up to the workspace folder', async () => {
    const python = above('.venv', 'bin', 'python');
    const files = { ...memoryFiles({ [python]: '', [above('manage.py')]: '' }), root };
    const usual = process.platform === 'win32' ? 'python' : 'python3';
    for (const folder of [root, inRoot('app'), inRoot('app', 'migrations')]) {
      assert.equal(await pythonOf(folder, files), usual);
      assert.equal(await nearestFile(folder, ['manage.py'], files), null);
    }
    await files.write(inRoot('venv', 'bin', 'python'), '');
    await files.write(inRoot('manage.py'), '');
    assert.equal(await pythonOf(inRoot('app'), files), inRoot('venv', 'bin', 'python'));
    assert.equal(await nearestFile(inRoot('app'), ['manage.py'], files), inRoot('manage.py'));
  });

  it('is searched for in a folder outside of it alone, and up to the top where no workspace is known', () => {
    assert.deepEqual([...placesAbove(above('other', 'db'), { root })], [above('other', 'db')]);
    assert.deepEqual([...placesAbove(above('project-2'), { root })], [above('project-2')]);
    assert.deepEqual(
      [...placesAbove(inRoot('..a', 'b'), { root })],
      [inRoot('..a', 'b'), inRoot('..a'), root],
    );
    assert.deepEqual(
      [...placesAbove(path.resolve('/a/b'), {})],
      ['/a/b', '/a', '/'].map((one) => path.resolve(one)),
    );
  });
});
