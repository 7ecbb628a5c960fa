import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readHistory } from '../../src/layouts/read-history';

describe('reading a whole history in a thread of its own', function () {
  this.timeout(30_000);
  let folder: string;
  let workerFile: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-history-'));
    // The worker from its source: dist/ may be older than the test.
    workerFile = path.join(folder, 'worker.cjs');
    const source = path.resolve(__dirname, '../../src/layouts/history-worker.ts');
    const loaders = [require.resolve('tsx/cjs'), source];
    await writeFile(workerFile, loaders.map((file) => `require(${JSON.stringify(file)});`).join('\n'));
    await writeFile(path.join(folder, '1_a.up.sql'), 'create table a ();\r\ncreate index i on a (b);');
    await writeFile(path.join(folder, '1_a.down.sql'), 'drop table a;');
    await writeFile(path.join(folder, '2_b.up.sql'), Uint8Array.of(0xff, 0xfe, 0x00));
    await writeFile(path.join(folder, '3_c.up.sql'), 'creat table c ();');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('gives statements, and what could not be read, for each file', async () => {
    const signal = new AbortController().signal;
    const history = await readHistory({ layout: 'golang-migrate', folder }, { workerFile, signal });
    assert.deepEqual(
      history.map(({ migration, up, down, problems }) => [
        migration.version,
        up?.parsed.statements.map((statement) => statement.kind) ?? null,
        down?.parsed.statements.length ?? null,
        up?.parsed.problems.length ?? null,
        problems.length,
      ]),
      [
        ['1', ['CreateStmt', 'IndexStmt'], 1, 0, 0],
        ['2', null, null, null, 1],
        ['3', [], null, 1, 0],
      ],
    );
  });

  it('ends its thread when cancelled', async () => {
    const abort = new AbortController();
    const reading = readHistory({ layout: 'golang-migrate', folder }, { workerFile, signal: abort.signal });
    abort.abort();
    await assert.rejects(reading);
  });
});
