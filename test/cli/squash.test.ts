import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { switchback } from './support';

describe('switchback squash', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-squash-cli-'));
    await mkdir(path.join(folder, 'db'));
    await writeFile(path.join(folder, 'db', '000001_a.up.sql'), 'create table a (id integer);\n');
    await writeFile(path.join(folder, 'db', '000002_b.up.sql'), 'alter table a add b text;\n');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('asks for the version, and writes what is proven when it is told to', async () => {
    const asked = await switchback(folder, {}, 'squash', 'db');
    assert.equal(asked.exitCode, 2);
    assert.match(asked.told.join('\n'), /--to VERSION/);
    const done = await switchback(folder, {}, 'squash', 'db', '--to', '2', '--write', '--shadow', 'local');
    assert.equal(done.exitCode, 0, done.told.join('\n'));
    assert.match(done.out, /^db: 2 migrations up to 2 as one, run in a shadow database/);
    assert.match(done.out, /It makes the same, to the last property\./);
    assert.match(done.out, /db\/000001_a\.up\.sql -> \.switchback\/squashed\/2\/db\/000001_a\.up\.sql/);
    assert.match(
      await readFile(path.join(folder, 'db', '000002_b.up.sql'), 'utf8'),
      /^-- What 2 migrations from 1 to 2 made, as one\.[^]*CREATE TABLE public\.a \(\n {4}id integer,\n {4}b text\n\);/,
    );
  });
});
