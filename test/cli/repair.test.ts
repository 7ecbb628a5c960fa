import assert from 'node:assert/strict';
import type { RepairReport } from '../../src/journey/repair-migration';
import { openTerminal, type Terminal } from './terminal';

describe('switchback repair', function () {
  this.timeout(60_000);
  let terminal: Terminal;

  before(async () => {
    terminal = await openTerminal(18, {
      'db/000001_items.up.sql':
        'create table items (id bigint primary key, code text);\ncreate index items_code on items (code);\n',
      'db/000001_items.down.sql': 'drop table items;\n',
    });
    await terminal.session.script(
      `create table schema_migrations (version bigint not null primary key, dirty boolean not null);
       insert into schema_migrations values (1, true); create table items (id bigint primary key, code text)`,
    );
  });
  after(() => terminal?.close());

  const file = 'db/000001_items.up.sql';
  const row = async (): Promise<unknown> =>
    (await terminal.session.query("select version || ' ' || dirty as row from schema_migrations")).rows[0];

  it('shows what is there, and what it offers', async () => {
    const shown = await terminal.run('repair', file);
    assert.equal(shown.exitCode, 1);
    assert.equal(
      shown.out,
      [
        '1 items began and did not finish.',
        'Applying 1 items',
        '  there            line 1  create table items (id bigint primary key, code text)',
        '  missing          line 2  create index items_code on items (code)',
        '  It stopped on the way: the rest can be run.',
        '  --run-rest: These run one by one, each committed by itself, and then the history is put in order: line 2, create index items_code on items (code)',
        '',
      ].join('\n'),
    );
    const json = (await terminal.run('repair', file, '--format', 'json')).json<RepairReport>();
    assert.deepEqual(json.runs[0]!.verdict, { kind: 'rest-missing', from: 1 });
  });

  it('refuses what speaks against it, asks, and runs the rest', async () => {
    const refused = await terminal.run('repair', file, '--mark', 'not-applied', '--yes', 'repair');
    assert.match(refused.told.join('\n'), /speaks against that/);
    const asked = await terminal.run('repair', file, '--run-rest');
    assert.match(asked.told.join('\n'), /Repair 1 items: Run the Rest\?.*--yes repair/);
    assert.deepEqual(await row(), { row: '1 true' });
    const done = await terminal.succeed('repair', file, '--run-rest', '--yes', 'repair');
    assert.match(done.out, /^Applied 1 items in/);
    assert.deepEqual(await row(), { row: '1 false' });
    const again = await terminal.run('repair', file);
    assert.match(again.told.join('\n'), /nothing to repair/);
  });
});
