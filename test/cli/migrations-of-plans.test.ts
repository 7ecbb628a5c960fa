import assert from 'node:assert/strict';
import { appendFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { openParcels, type Terminal } from './terminal';

const change = ['set-default', '--table', 'parcels', '--column', 'note', '--expression', "'none'"];

describe('a migration that is a step of a plan, from the terminal', function () {
  this.timeout(120_000);
  let terminal: Terminal;
  let plan: string;
  let migration: string;

  before(async () => {
    terminal = await openParcels();
    ({ plan } = (await terminal.succeed('scaffold', ...change, '--format', 'json')).json<{ plan: string }>());
    const files = await readdir(path.join(terminal.folder, 'migrations'));
    migration = path.join(
      'migrations',
      files.sort().findLast((name) => name.endsWith('.up.sql'))!,
    );
  });

  after(() => terminal?.close());

  const production = () => [
    ...['--environment', 'production', '--confirm-database', terminal.database.connection.database],
    ...['--yes', 'consent-schema'],
  ];

  const stepsOnRecord = async (): Promise<number> => {
    const { rows } = await terminal.session.query<{ there: boolean }>(
      "select to_regclass('switchback.evidence') is not null as there",
    );
    return rows[0]!.there ? 1 : 0;
  };

  it('is not run past the gates of the plan, alone or along with others, forth or back', async () => {
    for (const words of [
      ['apply', migration],
      ['apply', migration, '--to-here'],
      ['rollback', migration],
    ]) {
      for (const where of [production(), ['--environment', 'staging', '--yes', 'consent-schema']]) {
        const answer = await terminal.run(...words, ...where);
        assert.equal(answer.exitCode, 1, words.join(' '));
        assert.match(answer.told.join('\n'), /is a step of the plan .* Nothing was run\..*switchback apply/);
      }
    }
    assert.equal(await stepsOnRecord(), 0, 'nothing was installed either');
  });

  it('has to be approved as it is', async () => {
    const hold = (...words: string[]) => terminal.run('apply', plan, ...production(), ...words);
    await hold('--confirm-gate', 'approval', '--reason', 'looked at', '--user', 'a colleague');
    const gateOf = async (): Promise<string> => (await hold()).told.join('\n');
    assert.doesNotMatch(await gateOf(), /approval/i);
    await appendFile(path.join(terminal.folder, migration), 'create table smuggled_in (x int);\n');
    assert.match(await gateOf(), /The plan changed after a colleague approved it/);
  });

  it('is run by its file on development', async () => {
    await terminal.succeed('apply', migration, '--yes', 'consent-schema');
  });
});
