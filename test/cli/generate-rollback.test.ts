import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ProposedRollback } from '../../src/journey/generate-rollback';
import { switchback } from './support';

describe('switchback generate-rollback', function () {
  this.timeout(180_000);
  let folder: string;
  const down = (): string => path.join(folder, 'migrations', '2_note.down.sql');

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-generate-rollback-'));
    await mkdir(path.join(folder, 'migrations'));
    const texts = {
      '1_users.up.sql': 'create table users (id bigint primary key);\n',
      '1_users.down.sql': 'drop table users;\n',
      '2_note.up.sql': 'alter table users add note text;\n',
    };
    for (const [name, text] of Object.entries(texts))
      await writeFile(path.join(folder, 'migrations', name), text);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('shows it with its verdict, and writes it only with --write', async () => {
    const words = ['generate-rollback', 'migrations/2_note.up.sql', '--shadow', 'local'];
    const shown = await switchback(folder, {}, ...words, '--format', 'json');
    assert.equal(shown.exitCode, 0);
    const rollback = shown.json<ProposedRollback & { written: string[] }>();
    assert.deepEqual([rollback.rehearsal.verdict, rollback.proven, rollback.written], ['exact', true, []]);
    await assert.rejects(readFile(down(), 'utf8'), /ENOENT/);
    const written = await switchback(folder, {}, ...words, '--write');
    assert.equal(written.exitCode, 0);
    assert.match(written.out, /exact[\s\S]*ALTER TABLE public\.users DROP COLUMN note;[\s\S]*Written\./);
    assert.equal(await readFile(down(), 'utf8'), rollback.newText);
  });

  it('takes one file, and leaves a way back that is there', async () => {
    assert.equal((await switchback(folder, {}, 'generate-rollback')).exitCode, 2);
    const again = await switchback(folder, {}, 'generate-rollback', 'migrations/1_users.up.sql');
    assert.notEqual(again.exitCode, 0);
    assert.match(again.told.join(), /has a way back already/);
  });
});
