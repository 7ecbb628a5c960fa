import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lintFiles, lintText } from '../../src/journey/lint';
import { testContext } from '../support/journey-context';

describe('linting a workspace', function () {
  this.timeout(60_000);
  let root: string;

  const migration = (number: number, name: string): string =>
    path.join(root, 'migrations', `${String(number).padStart(6, '0')}_${name}.up.sql`);

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-lint-'));
    await mkdir(path.join(root, 'migrations'));
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  for (const count of [3, 230]) {
    it(`judges a migration with the ${count} before it`, async () => {
      await writeFile(
        migration(1, 'items'),
        'create table items (id bigint primary key, label varchar(10));',
      );
      for (let number = 2; number <= count; number += 1) {
        await writeFile(migration(number, 'more'), `create table t${number} (id int);`);
      }
      const last = migration(count + 1, 'widen');
      await writeFile(last, 'alter table items alter column label type varchar(20);');
      const result = await lintFiles(testContext(root), [last]);
      assert.deepEqual(
        result.files.map((file) => [file.path, file.statements.map((item) => [item.work, item.locks])]),
        [[last, [['catalog', [{ relation: 'public.items', mode: 'AccessExclusiveLock' }]]]]],
      );
    });
  }

  it('judges the text in the editor instead of the file', async () => {
    await writeFile(migration(1, 'items'), 'create table items (id bigint);');
    await writeFile(migration(2, 'index'), 'select 1;');
    const linted = await lintText(testContext(root), migration(2, 'index'), 'create index i on items (id);');
    assert.ok(linted.findings.some((finding) => finding.rule === 'index-not-concurrent'));
  });

  it('names a file that is not UTF-8 and goes on with the others', async () => {
    await writeFile(migration(1, 'items'), Buffer.from([0x2d, 0x2d, 0x20, 0xff, 0xfe, 0x0a]));
    await writeFile(migration(2, 'more'), 'create table more (id int)');
    const { files } = await lintFiles(testContext(root), [path.join(root, 'migrations')]);
    assert.deepEqual(
      files.map((file) => file.findings.map((finding) => [finding.rule, finding.severity])),
      [[['not-analysed', 'error']], []],
    );
    assert.match(files[0]!.findings[0]!.message, /UTF-8/);
  });

  it('knows the migrations of a folder outside the workspace, and of a file in it', async () => {
    const elsewhere = testContext(path.join(root, 'elsewhere'));
    await mkdir(path.join(root, 'elsewhere'));
    await writeFile(migration(1, 'items'), 'create table items (id bigint primary key, label varchar(10));');
    const last = migration(2, 'widen');
    await writeFile(last, 'alter table items alter column label type varchar(20);');
    for (const given of [root, path.join(root, 'migrations'), last]) {
      const { files } = await lintFiles(elsewhere, [given]);
      assert.equal(files.find((file) => file.path === last)?.statements[0]?.work, 'catalog', given);
    }
  });

  it('takes a file of no layout for a way back where its name says so', async () => {
    for (const [name, direction] of [
      ['V0001.Start.down.sql', 'down'],
      ['V0001.Start.up.sql', 'up'],
      ['U1_2__start.sql', 'down'],
      ['V1_2__undo_log.sql', 'up'],
      [path.join('revert', 'start.sql'), 'down'],
      ['download.sql', 'up'],
    ] as const) {
      const file = path.join(root, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, 'drop table items;');
      const [linted] = (await lintFiles(testContext(root), [file])).files;
      assert.equal(linted?.statements[0]?.direction, direction, name);
    }
  });
});
