import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import { nodeFiles } from '../../src/ports/node-files';
import { memoryFiles } from '../support/memory-files';

const folder = path.resolve('/w/migrations');

describe('golang-migrate files', () => {
  it('pairs up and down by version, in numeric order', async () => {
    const files = memoryFiles({
      [`${folder}/10_ten.up.sql`]: 'select 10',
      [`${folder}/000002_two.up.sql`]: 'select 2',
      [`${folder}/000002_two.down.sql`]: '',
      [`${folder}/readme.md`]: '',
      [`${folder}/1_one.sql`]: '',
    });
    const list = await golangMigrate.list(folder, files);
    assert.deepEqual(
      list.map((migration) => [migration.version, migration.name, migration.downPath !== null]),
      [
        ['2', 'two', true],
        ['10', 'ten', false],
      ],
    );
  });

  it('names a second file of a version, and a down without an up, and goes on', async () => {
    const files = memoryFiles({
      [`${folder}/1_a.up.sql`]: '',
      [`${folder}/001_b.up.sql`]: '',
      [`${folder}/2_c.down.sql`]: '',
      [`${folder}/3_d.up.sql`]: '',
    });
    const [first, second, third] = await golangMigrate.list(folder, files);
    assert.match(first!.problems!.join(), /same version/);
    assert.match(second!.problems!.join(), /no up file/);
    assert.equal(await golangMigrate.script(second!, 'up', files), null);
    assert.equal(third!.problems, undefined);
  });

  it('keeps a version that does not fit bigint out', async () => {
    const files = memoryFiles({ [`${folder}/99999999999999999999_x.up.sql`]: '' });
    assert.deepEqual(await golangMigrate.list(folder, files), []);
  });

  it('reads a script as the tool sends it, CRLF and all', async () => {
    const files = memoryFiles({ [`${folder}/1_a.up.sql`]: '\uFEFFselect 1;\r\nselect 2;\r\n' });
    const [migration] = await golangMigrate.list(folder, files);
    const script = await golangMigrate.script(migration!, 'up', files);
    assert.equal(script!.sql, 'select 1;\r\nselect 2;\r\n');
    assert.equal(script!.transaction, 'implicit');
  });

  it('says which file is not UTF-8', async () => {
    const files = memoryFiles({ [`${folder}/1_a.up.sql`]: Uint8Array.of(0x73, 0xff, 0xfe) });
    const [migration] = await golangMigrate.list(folder, files);
    await assert.rejects(golangMigrate.script(migration!, 'up', files), { code: 'invalid-file' });
  });

  it('composes a pair with the next version and its leading zeros', async () => {
    const files = memoryFiles({ [`${folder}/000041_x.up.sql`]: '' });
    const existing = await golangMigrate.list(folder, files);
    const request = {
      folder,
      name: 'Add full name',
      up: 'u',
      down: 'd',
      transactional: true,
      now: new Date(0),
    };
    assert.deepEqual(
      golangMigrate.compose(request, existing).map((file) => [path.basename(file.path), file.text]),
      [
        ['000042_add_full_name.up.sql', 'u'],
        ['000042_add_full_name.down.sql', 'd'],
      ],
    );
    assert.equal(golangMigrate.compose({ ...request, down: null }, existing).length, 1);
  });

  for (const [corpus, migrations, emptyDowns] of [
    ['coder', 107, 9],
    ['mattermost', 158, 16],
  ] as const) {
    it(`reads the whole history of ${corpus}`, async function () {
      const corpusFolder = path.resolve(__dirname, '../../../shared/corpora', corpus);
      if (!existsSync(corpusFolder)) {
        console.log(`not run: the corpus ${corpus} is missing`);
        return this.skip();
      }
      const files = nodeFiles();
      assert.equal((await golangMigrate.detect(corpusFolder, files))!.confidence, 0.9);
      const list = await golangMigrate.list(corpusFolder, files);
      assert.equal(list.length, migrations);
      assert.deepEqual(
        list.flatMap((migration) => migration.problems ?? []),
        [],
      );
      const downs = await Promise.all(
        list.map((migration) => golangMigrate.script(migration, 'down', files)),
      );
      assert.equal(downs.filter((down) => down?.sql.replace(/--.*$/gm, '').trim() === '').length, emptyDowns);
    });
  }
});
