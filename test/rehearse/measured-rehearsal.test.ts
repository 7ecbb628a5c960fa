import assert from 'node:assert/strict';
import { silentProgress } from '../../src/ports/progress';
import { measureScript } from '../../src/rehearse/measure/measure-script';
import { replayedState } from '../../src/rehearse/measure/measure-state';
import type { MeasuredStatement } from '../../src/rehearse/measure/measured-forecast';
import type { MigrationRehearsal } from '../../src/rehearse/rehearsal';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { loadParser } from '../../src/sql/parser';
import { rehearsePairs, root, type Pair } from './pairs';

const shop = `create table customers (id bigint primary key, name text not null);
  create table orders (id bigint primary key, customer_id bigint not null references customers,
    state text not null check (state in ('new', 'paid')), total numeric(10,2));
  create index orders_state on orders (state);
  create materialized view totals as select state, sum(total) from orders group by state;`;

const up = `set local lock_timeout = '1s';
alter table orders add column note text;
alter table orders alter column id type numeric;
create index orders_note on orders (note);
alter table orders add constraint total_there check (total > 0) not valid;
alter table customers add unique (name);
update orders set note = 'x';
create table extra (id int primary key, order_id bigint references customers);
comment on table customers is 'x';
refresh materialized view totals;`;
const down = `drop table extra;
comment on table customers is null;
alter table customers drop constraint customers_name_key;
alter table orders drop constraint total_there;
drop index orders_note;
alter table orders drop column note;
drop materialized view totals;
alter table orders alter column id type bigint;
create materialized view totals as select state, sum(total) from orders group by state;`;

const shadows: [string, () => Promise<Shadow>][] = [
  ['PostgreSQL 12', () => open('local', 12)],
  ['PostgreSQL 18', () => open('local', 18)],
  ['the embedded database', () => open('embedded', 18)],
];

function open(kind: 'local' | 'embedded', major: number): Promise<Shadow> {
  return openShadow(kind, {
    assets: { distFolder: `${root}/dist`, cacheFolder: `${root}/.switchback-test/cache` },
    binaries: { packageFolders: [root], searchPath: '' },
    major,
  });
}

for (const [name, openIt] of shadows) {
  describe(`a rehearsal that measures, in ${name}`, function () {
    this.timeout(120_000);
    let shadow: Shadow;
    before(async () => {
      shadow = await openIt();
    });
    after(() => shadow?.dispose());

    async function second(pair: Pair): Promise<MigrationRehearsal> {
      return (await rehearsePairs(shadow, [[shop, 'select 1'], pair], { measure: true, from: '2' }))[0]!;
    }

    /** As measuring the file alone has it. */
    async function alone(
      sql: string,
      before: string[],
      direction: 'up' | 'down',
    ): Promise<MeasuredStatement[]> {
      const parser = await loadParser();
      const signal = new AbortController().signal;
      const history = before.map((each) => ({ sql: each, transaction: 'wrapped' as const, label: '' }));
      const measured = await measureScript({
        state: replayedState(
          shadow,
          { prepare: [], before: history },
          { watchdogMilliseconds: 60_000, signal },
        ),
        statements: parser.parse(sql).statements,
        direction,
        transaction: 'wrapped',
        parser,
        progress: silentProgress(),
        signal,
      });
      return measured.statements;
    }

    it('says the same of each statement as measuring the file does', async () => {
      const rehearsal = await second([up, down]);
      assert.equal(rehearsal.verdict, 'exact', rehearsal.error ?? '');
      const statements = rehearsal.statements!;
      const expected = [...(await alone(up, [shop], 'up')), ...(await alone(down, [shop, up], 'down'))];
      assert.deepEqual(statements.map(facts), expected.map(facts));
      for (const { measured, disagreements, milliseconds, error, predicted } of statements) {
        assert.deepEqual(disagreements, [], predicted.kind);
        assert.equal(error, null);
        assert.equal(measured!.depth, 'measured');
        assert.equal(measured!.holdMilliseconds, null);
        assert.ok(milliseconds !== null);
      }
      const [first, last] = [statements[0]!, statements.at(-1)!];
      assert.deepEqual([first.predicted.direction, first.predicted.start.line], ['up', 1]);
      assert.deepEqual([last.predicted.direction, last.predicted.start.line], ['down', 9]);
      const held = statements.filter(({ notes }) =>
        notes.some((note) => note.includes('held these locks already')),
      );
      assert.ok(held.length > 0 && held.every(({ measured }) => measured!.locks.length > 0));
      assert.deepEqual(statements[1]!.notes, [], 'the first to lock a table is seen to do so');
    });

    if (name === 'the embedded database') return;

    it('keeps the verdict, and tells what fails and what refuses a transaction', async () => {
      const pairs: Pair[] = [
        [shop, 'select 1'],
        ["create index concurrently i on orders (total); comment on index i is 'x'", 'drop index i'],
        ['begin; create table more (id int); commit;', 'drop table nowhere; drop table more;'],
        ['alter table orders add column code text not null', 'alter table orders drop column code'],
      ];
      const plain = await rehearsePairs(shadow, pairs);
      const measuring = await rehearsePairs(shadow, pairs, { measure: true });
      const known = ({ statements: _, milliseconds: __, ...rest }: MigrationRehearsal): unknown => rest;
      assert.deepEqual(measuring.map(known), plain.map(known));
      assert.deepEqual(
        plain.map(({ statements }) => statements),
        plain.map(() => undefined),
      );
      const [, index, failing, notNull] = measuring.map(({ statements }) => statements!);
      assert.equal(index![0]!.measured, null);
      assert.equal(index![0]!.predicted.transactional, false);
      assert.match(index![0]!.notes.join(), /refuses a transaction/);
      assert.equal(index![1]!.error, null, 'what needs the index finds it');
      assert.deepEqual(
        failing!.map(({ error, measured }) => [error, measured === null]),
        [
          [null, true],
          [null, false],
          [null, true],
          ['table "nowhere" does not exist (42P01)', true],
          [null, false],
        ],
      );
      assert.match(notNull![0]!.error!, /contains null values/, 'on generated rows');
    });
  });
}

/** What is the same however it was measured. */
function facts({ predicted, measured, error }: MeasuredStatement): unknown {
  if (measured === null) return [predicted.kind, error];
  const { kind, locks, work, works, blocks, transactional, depth } = measured;
  // Who looks at an index a second time in one transaction cannot be seen to do so.
  const indexLocks = measured.indexLocks.filter(({ mode }) => mode !== 'AccessShareLock');
  return { kind, locks, indexLocks, work, works, blocks, transactional, depth };
}
