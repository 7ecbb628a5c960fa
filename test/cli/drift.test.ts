import assert from 'node:assert/strict';
import type { Drift } from '../../src/journey/drift';
import { openTerminal, type Terminal } from './terminal';

describe('switchback drift', function () {
  this.timeout(60_000);
  let terminal: Terminal;

  before(async () => {
    terminal = await openTerminal(18, {
      'db/000001_items.up.sql': 'create table items (id bigint primary key, code text);\n',
      'db/000001_items.down.sql': 'drop table items;\n',
    });
    await terminal.session.script(
      `create table schema_migrations (version bigint not null primary key, dirty boolean not null);
       insert into schema_migrations values (1, false); create table items (id bigint primary key, code text)`,
    );
  });
  after(() => terminal?.close());

  it('exits 0 where the database is what its history makes, 1 where not, and tells both sides', async () => {
    const same = await terminal.succeed('drift', 'db', '--shadow', 'local');
    assert.match(same.out, /1 migration replayed in a shadow database \(local, postgres 18/);
    assert.match(same.out, /The database is what its history makes\./);
    await terminal.session.script(
      'alter table items alter code set not null; create view seen as select 1 as one',
    );
    const answer = await terminal.run('drift', '--shadow', terminal.shadow);
    assert.equal(answer.exitCode, 1);
    assert.match(answer.out, / {2}table public\.items\n {4}\+ column code not null: yes\n/);
    assert.match(answer.out, / {2}view public\.seen\n {4}- is not there\n {4}\+ is there\n/);
    const json = (await terminal.run('drift', '--shadow', terminal.shadow, '--format', 'json')).json<Drift>();
    assert.deepEqual(
      json.differences.map(({ object, property }) => `${object} ${property}`),
      ['table public.items column code not null', 'view public.seen exists'],
    );
  });
});
