import assert from 'node:assert/strict';
import path from 'node:path';
import { plainPair } from '../../src/layouts/plain-pair';
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
});
