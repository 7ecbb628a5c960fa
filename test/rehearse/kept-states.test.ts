import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import { rehearse } from '../../src/rehearse/rehearse';
import type { MigrationRehearsal } from '../../src/rehearse/rehearsal';
import { openShadow } from '../../src/shadow/open-shadow';
import { memoryFiles } from '../support/memory-files';

const distFolder = path.resolve(__dirname, '../../dist');

describe('the state before a migration, kept', function () {
  this.timeout(600_000);
  let parent: string;
  let cacheFolder: string;

  before(async () => {
    // The folder itself is made by whoever needs it first.
    parent = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    cacheFolder = path.join(parent, 'switchback', 'cache');
  });
  after(() => rm(parent, { recursive: true, force: true }));

  /** Ten that build on each other, and one whose down loses values. */
  function scripts(changes: Record<number, string> = {}): Map<string, string> {
    const files = new Map<string, string>();
    const add = (number: number, up: string, down: string): void => {
      files.set(`/m/${number}_m.up.sql`, changes[number] ?? up).set(`/m/${number}_m.down.sql`, down);
    };
    add(
      1,
      "create table t (id serial primary key, a text); insert into t (a) values ('x'), ('y')",
      'drop table t',
    );
    for (let number = 2; number <= 10; number += 1)
      add(number, `alter table t add c${number} int default ${number}`, `alter table t drop c${number}`);
    add(
      11,
      "insert into t (a) values ('z'); create index i on t (a); alter table t drop a",
      'alter table t add a text; delete from t where id = 3',
    );
    return files;
  }

  async function last(
    files = scripts(),
    cached = true,
  ): Promise<{ result: MigrationRehearsal; replayed: string[] }> {
    const shadow = await openShadow('embedded', {
      assets: { distFolder, cacheFolder: cached ? cacheFolder : undefined },
    });
    const replayed: string[] = [];
    const port = memoryFiles(Object.fromEntries(files));
    try {
      const { migrations } = await rehearse({
        shadow,
        layout: golangMigrate,
        migrations: await golangMigrate.list('/m', port),
        from: '11',
        to: null,
        files: port,
        rows: false,
        progress: {
          report: ({ message }) => {
            if (message?.startsWith('Replaying')) replayed.push(message);
          },
        },
        signal: new AbortController().signal,
      });
      return { result: { ...migrations[0]!, milliseconds: 0 }, replayed };
    } finally {
      await shadow.dispose();
    }
  }

  async function states(): Promise<string[]> {
    const folder = path.join(cacheFolder, 'states');
    return (await readdir(folder)).map((name) => path.join(folder, name));
  }

  it('leads to the same verdict, with nothing of the history run again; a damaged one is not trusted', async () => {
    const without = await last(scripts(), false);
    assert.equal(without.result.verdict, 'order-only');
    assert.notDeepEqual(without.result.dataLost, []);
    const first = await last();
    assert.equal(first.replayed.length, 10);
    assert.deepEqual(first.result, without.result);
    const [file, ...others] = await states();
    assert.deepEqual(others, []);
    assert.equal((await stat(file!)).mode & 0o777, 0o600);
    const second = await last();
    assert.deepEqual(second.replayed, []);
    assert.deepEqual(second.result, without.result);

    const bytes = await readFile(file!);
    bytes[bytes.length - 5000]! ^= 0xff;
    await writeFile(file!, bytes);
    const third = await last();
    assert.equal(third.replayed.length, 10);
    assert.deepEqual(third.result, without.result);
    assert.deepEqual((await last()).replayed, []);
  });

  it('of a history that was edited is not used', async () => {
    await last();
    const edited = await last(scripts({ 5: 'alter table t add c5 bigint' }));
    assert.equal(edited.replayed.length, 10);
  });

  it('is not kept where it could not be read again whole', async () => {
    const before = (await states()).length;
    const unlogged = scripts({ 9: 'alter table t add c9 int; create unlogged table u (a int)' });
    assert.equal((await last(unlogged)).replayed.length, 10);
    assert.equal((await states()).length, before);
  });
});
