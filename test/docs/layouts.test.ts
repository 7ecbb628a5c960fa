import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { layoutIds } from '../../src/layouts/layout';
import { layouts } from '../../src/layouts/layouts';

describe('docs/layouts.md', () => {
  it('has a row for each layout there is, and each id has its layout', async () => {
    const text = await readFile(path.resolve(__dirname, '../../docs/layouts.md'), 'utf8');
    const [table] = text.split('| tool | read from |');
    const rows = [...table!.matchAll(/^\| ([^|]+?) \| `/gm)].map((match) => match[1]!);
    assert.deepEqual(
      rows,
      layouts.map((layout) => layout.title),
    );
    assert.deepEqual(
      layouts.map((layout) => layout.id),
      [...layoutIds],
    );
  });
});
