import assert from 'node:assert/strict';
import type { MigrationRehearsal } from '../../src/rehearse/rehearsal';
import type { Shadow } from '../../src/shadow/shadow';
import { openTestShadow, rehearsePairs, type Pair } from './pairs';

const tables: Pair = [
  `create table teams (id int primary key, name text not null unique);
   create table users (id bigint primary key, team int not null references teams, mail text not null, age text);
   create table "Odd One" (a int)`,
  'drop table users, teams; drop table "Odd One"',
];

describe('rehearsing with generated rows', function () {
  this.timeout(120_000);
  let shadow: Shadow;
  before(async () => {
    shadow = await openTestShadow();
  });
  after(() => shadow?.dispose());

  /** The second of two migrations, the first of which makes the tables. */
  async function second(pair: Pair, options: { rows?: boolean } = {}): Promise<MigrationRehearsal> {
    return (await rehearsePairs(shadow, [tables, pair], options))[1]!;
  }

  it('tells what of the data does not come back: a column, rows, values', async () => {
    const column = await second([
      'alter table users drop column age',
      'alter table users add column age text',
    ]);
    assert.equal(column.verdict, 'exact');
    assert.deepEqual(column.dataLost, [
      { object: 'table public.users column age', kind: 'column', rows: 20 },
    ]);
    assert.match(column.notes.join('\n'), /20 values of .*age.*\n.*structure comes back, the data does not/);
    const rows = await second(['drop table "Odd One"', 'create table "Odd One" (a int)']);
    assert.equal(rows.verdict, 'exact');
    assert.deepEqual(rows.dataLost, [{ object: 'table public."Odd One"', kind: 'rows', rows: 20 }]);
    const values = await second(["update users set mail = upper(mail) || '!'", 'select 1']);
    assert.deepEqual(values.dataLost, [
      { object: 'table public.users column mail', kind: 'values', rows: 20 },
    ]);
  });

  it('says nothing where everything comes back, and leaves no row behind', async () => {
    const migrations = await rehearsePairs(shadow, [
      tables,
      ['alter table users rename mail to email', 'alter table users rename email to mail'],
      ['create index concurrently i on users (team)', 'drop index concurrently i'],
      [
        "do $$ begin if exists (select from users) or exists (select from teams) then raise 'rows'; end if; end $$",
        '',
      ],
    ]);
    assert.deepEqual(
      migrations.map(({ verdict, dataLost, error }) => [verdict, dataLost, error]),
      [
        ['exact', [], null],
        ['exact', [], null],
        ['exact', [], null],
        ['exact', [], null],
      ],
    );
    assert.deepEqual(migrations[2]!.notes, []);
    assert.match(migrations[3]!.notes.join(), /On generated rows the up fails .*rows/);
  });

  it('keeps the verdict and notes the table where rows make the up or the down fail', async () => {
    const up = await second([
      'begin; alter table users add column code text not null; commit;',
      'begin; alter table users drop column code; commit;',
    ]);
    assert.equal(up.verdict, 'exact');
    assert.match(up.notes.join(), /^On generated rows the up fails \(public\.users\): .*code.*null values/);
    const down = await second([
      'alter table users drop column mail',
      'alter table users add column mail text not null',
    ]);
    assert.equal(down.verdict, 'order-only');
    assert.match(down.notes.join('\n'), /On generated rows the down fails \(public\.users\): .*mail/);
  });

  it('makes rows that a coming CHECK lets pass', async () => {
    const { verdict, notes, dataLost } = await second([
      "alter table users add constraint c check (age in ('young', 'old'))",
      'alter table users drop constraint c',
    ]);
    assert.deepEqual([verdict, notes, dataLost], ['exact', [], []]);
  });

  it('notes a table that cannot be filled, and goes on', async () => {
    const [, migration] = await rehearsePairs(shadow, [
      ['create table never (a int not null check (a > 1 and a < 1), b int)', 'drop table never'],
      ['alter table never drop b', 'alter table never add b int'],
    ]);
    assert.equal(migration!.verdict, 'exact');
    assert.match(migration!.notes.join(), /public\.never could not be filled/);
  });

  it('fills of the referenced tables what the rows need, and no whole chain of them', async () => {
    const chain = Array.from({ length: 60 }, (_, index) => index + 1);
    const made = chain.map(
      (number) =>
        `create table chain_${number} (id int primary key, note text${number > 1 ? `, previous int references chain_${number - 1}` : ''})`,
    );
    const migrations = await rehearsePairs(shadow, [
      [made.join(';'), chain.map((number) => `drop table chain_${number} cascade`).join(';')],
      [
        'alter table chain_60 drop column note, drop column previous',
        'alter table chain_60 add note text, add previous int references chain_59',
      ],
      [
        "do $$ declare n bigint; begin for i in 1..58 loop execute format('select count(*) from chain_%s', i) into n; if n > 0 then raise 'chain_%', i; end if; end loop; end $$; select from chain_60",
        'select 1',
      ],
    ]);
    const [, dropped, looked] = migrations;
    assert.deepEqual(dropped!.dataLost, [
      { object: 'table public.chain_60 column note', kind: 'column', rows: 20 },
      { object: 'table public.chain_60 column previous', kind: 'column', rows: 20 },
    ]);
    assert.deepEqual(looked!.notes, []);
  });

  it('can be left out', async () => {
    const { dataLost, notes } = await second(
      ['alter table users drop column age', 'alter table users add column age text'],
      { rows: false },
    );
    assert.deepEqual([dataLost, notes], [[], []]);
  });
});
