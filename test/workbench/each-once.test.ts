import assert from 'node:assert/strict';
import path from 'node:path';
import { eachOnce } from '../../src/workbench/each-once';

describe('the folders of a window', () => {
  const model = (
    root: string,
    ...folders: string[]
  ): { workspaceFolder: { uri: { fsPath: string } }; folders: { folder: string }[] } => ({
    workspaceFolder: { uri: { fsPath: path.resolve(root) } },
    folders: folders.map((folder) => ({ folder: path.resolve(folder) })),
  });
  const listed = (...models: ReturnType<typeof model>[]): string[][] =>
    eachOnce(models).map(({ folders }) =>
      folders.map(({ folder }) => path.relative(path.resolve('/'), folder)),
    );

  it('list what lies in two of them once, by the inner one, in any order', () => {
    const outer = model('/w', '/w/db', '/w/app/db', '/w/app/deep/db');
    const inner = model('/w/app', '/w/app/db', '/w/app/deep/db');
    const deepest = model('/w/app/deep', '/w/app/deep/db');
    assert.deepEqual(listed(outer, inner, deepest), [['w/db'], ['w/app/db'], ['w/app/deep/db']]);
    assert.deepEqual(listed(deepest, outer, inner), [['w/app/deep/db'], ['w/db'], ['w/app/db']]);
  });

  it('keep what only the outer one finds, and are no relatives by the beginning of a name', () => {
    assert.deepEqual(listed(model('/w', '/w/app/db'), model('/w/app')), [['w/app/db'], []]);
    assert.deepEqual(listed(model('/w', '/w/db'), model('/w2', '/w2/db')), [['w/db'], ['w2/db']]);
  });
});
