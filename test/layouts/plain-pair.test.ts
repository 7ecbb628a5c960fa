import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { detectLayouts } from '../../src/layouts/detect-layouts';
import { plainPair } from '../../src/layouts/plain-pair';
import { nodeFiles } from '../../src/ports/node-files';
import { memoryFiles } from '../support/memory-files';

const folder = path.resolve('/w/migrations');

describe('plain pairs', () => {
  it('finds the rollback by suffix or in a folder', async () => {
    const files = memoryFiles({
      [`${folder}/001_a.sql`]: '',
      [`${folder}/001_a_rollback.sql`]: '',
      [`${folder}/002_b.sql`]: '',
      [`${folder}/002_b_down.sql`]: '',
      [`${folder}/003-c.sql`]: '',
      [`${folder}/rollback/003-c.sql`]: '',
      [`${folder}/004_count_down.sql`]: '',
    });
    const list = await plainPair.list(folder, files);
    assert.deepEqual(
      list.map((migration) => [
        migration.version,
        migration.name,
        migration.downPath && path.relative(folder, migration.downPath).split(path.sep).join('/'),
      ]),
      [
        ['001', 'a', '001_a_rollback.sql'],
        ['002', 'b', '002_b_down.sql'],
        ['003', 'c', 'rollback/003-c.sql'],
        ['004', 'count_down', null],
      ],
    );
  });

  it('honours the header marker, and only in the header', async () => {
    const files = memoryFiles({
      [`${folder}/1_a.sql`]:
        '-- first\r\n-- switchback:no-transaction\r\ncreate index concurrently i on t (a)',
      [`${folder}/2_b.sql`]: 'select 1;\n-- switchback:no-transaction\n',
    });
    const [first, second] = await plainPair.list(folder, files);
    assert.equal((await plainPair.script(first!, 'up', files))!.transaction, 'none');
    assert.equal((await plainPair.script(second!, 'up', files))!.transaction, 'wrapped');
    assert.equal(await plainPair.script(first!, 'down', files), null);
  });

  it('names a second file of the same number', async () => {
    const files = memoryFiles({
      [`${folder}/01_a.sql`]: '',
      [`${folder}/001_b.sql`]: '',
      [`${folder}/2_c.sql`]: '',
    });
    const list = await plainPair.list(folder, files);
    assert.equal(list.length, 2);
    assert.match(list[0]!.problems!.join(), /same version/);
  });

  it('leaves the files of tools with both directions in one file alone', async () => {
    for (const text of [
      '-- +goose Up\nselect 1',
      '-- migrate:up\nselect 1',
      '--liquibase formatted sql',
      '-- Up Migration',
    ]) {
      assert.equal(await plainPair.detect(folder, memoryFiles({ [`${folder}/1_a.sql`]: text })), null, text);
    }
    assert.equal(
      (await plainPair.detect(folder, memoryFiles({ [`${folder}/1_a.sql`]: 'select 1' })))!.confidence,
      0.3,
    );
  });

  it('composes a pair; the marker goes first', async () => {
    const composed = plainPair.compose(
      { folder, name: 'Add index', up: 'u', down: 'd', transactional: false, now: new Date(0) },
      await plainPair.list(folder, memoryFiles({ [`${folder}/009_x.sql`]: '' })),
    );
    assert.deepEqual(
      composed.map((file) => [path.basename(file.path), file.text]),
      [
        ['010_add_index.sql', '-- switchback:no-transaction\nu'],
        ['010_add_index_rollback.sql', '-- switchback:no-transaction\nd'],
      ],
    );
  });

  it("reads the names of a team's own runner, and writes the next one so", async () => {
    const files = memoryFiles({
      [`${folder}/V0001.Initial_Schema.up.sql`]: '',
      [`${folder}/V0001.Initial_Schema.down.sql`]: '',
      [`${folder}/V0002.WebAuthn.up.sql`]: '',
      [`${folder}/V0003.orphan.down.sql`]: '',
    });
    const list = await plainPair.list(folder, files);
    assert.deepEqual(
      list.map(({ version, name, downPath }) => [version, name, downPath && path.basename(downPath)]),
      [
        ['0001', 'Initial_Schema', 'V0001.Initial_Schema.down.sql'],
        ['0002', 'WebAuthn', null],
      ],
    );
    assert.equal((await plainPair.detect(folder, files))!.confidence, 0.8);
    const composed = plainPair.compose(
      { folder, name: 'Add index', up: 'u', down: 'd', transactional: true, now: new Date(0) },
      list,
    );
    assert.deepEqual(
      composed.map((file) => path.basename(file.path)),
      ['V0003.add_index.up.sql', 'V0003.add_index.down.sql'],
    );
    const golang = memoryFiles({ [`${folder}/0001_a.up.sql`]: '', [`${folder}/0001_a.down.sql`]: '' });
    assert.deepEqual(await plainPair.list(folder, golang), []);
  });

  it('reads every file of the authelia history', async function () {
    const authelia = path.resolve(__dirname, '../../../shared/corpora/authelia');
    if (!existsSync(authelia)) {
      console.log('not run: the corpus authelia is missing');
      return this.skip();
    }
    const list = await plainPair.list(authelia, nodeFiles());
    assert.equal(list.length, 26);
    assert.ok(list.every(({ downPath }) => downPath !== null));
    const [found] = await detectLayouts({
      root: path.dirname(authelia),
      folders: ['authelia'],
      exclude: [],
      files: nodeFiles(),
      signal: new AbortController().signal,
    });
    assert.equal(found?.layout.id, 'plain');
  });
});
