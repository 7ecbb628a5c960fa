import assert from 'node:assert/strict';
import path from 'node:path';
import { silentProgress } from '../../src/ports/progress';
import { disagreementReport } from '../../src/rehearse/measure/disagreement-report';
import { replayedState } from '../../src/rehearse/measure/measure-state';
import { measureScript, type MeasureScript } from '../../src/rehearse/measure/measure-script';
import { measuredStatement } from '../../src/rehearse/measure/measured-statement';
import type { Observed } from '../../src/rehearse/measure/observed';
import type { MeasuredScript, MeasuredStatement } from '../../src/rehearse/measure/measured-forecast';
import { relationLabel } from '../../src/safety/forecast/describe-forecast';
import { forecastStatements } from '../../src/safety/forecast/forecast-statements';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { loadParser, type SqlParser } from '../../src/sql/parser';

const root = path.resolve(__dirname, '../..');

const shop = `
  create table customers (id bigint primary key, name text not null);
  create table orders (id bigint primary key, customer_id bigint not null references customers, state text not null check (state in ('new', 'paid')), total numeric(10,2));
  create index orders_state on orders (state);
  create materialized view totals as select state, sum(total) from orders group by state;`;

for (const kind of ['local', 'embedded'] as const) {
  describe(`measuring in the ${kind} shadow database`, function () {
    this.timeout(120_000);
    let shadow: Shadow;
    let parser: SqlParser;

    before(async () => {
      parser = await loadParser();
      shadow = await openShadow(kind, {
        assets: { distFolder: path.join(root, 'dist') },
        binaries: { packageFolders: [root], searchPath: '' },
      });
    });
    after(() => shadow?.dispose());

    async function measure(sql: string, options: Partial<MeasureScript> = {}): Promise<MeasuredScript> {
      const signal = options.signal ?? new AbortController().signal;
      return measureScript({
        state: replayedState(
          shadow,
          { prepare: [], before: [{ sql: shop, transaction: 'wrapped', label: 'shop' }] },
          { watchdogMilliseconds: 60_000, signal },
        ),
        statements: parser.parse(sql).statements,
        direction: 'up',
        transaction: 'wrapped',
        parser,
        progress: silentProgress(),
        signal,
        ...options,
      });
    }

    function shortly({ measured, error }: MeasuredStatement): string {
      if (!measured) return error ?? 'not measured';
      const locks = measured.locks
        .map(({ relation, mode }) => `${mode} ${relationLabel(relation)}`)
        .join(', ');
      return `${locks}; ${measured.works.map((work) => `${work.kind} ${relationLabel(work.relation)}`).join(', ') || measured.work}`;
    }

    it('reads locks, rewrites, scans and index builds of each statement alone', async () => {
      const result = await measure(`
        set local lock_timeout = '1s';
        alter table orders add column note text;
        alter table orders alter column id type numeric;
        create index orders_note on orders (note);
        alter table orders add constraint total_there check (total is not null) not valid;
        alter table orders validate constraint total_there;
        create table extra (id int primary key, order_id bigint references customers);
        insert into extra values (1, 10001);
        update orders set note = 'x';
        refresh materialized view totals;
        truncate orders cascade;
        alter table customers add unique (name);
        comment on table customers is 'x';
        select 1;`);
      assert.deepEqual(result.statements.map(shortly), [
        '; none',
        'AccessExclusiveLock orders; catalog',
        'AccessExclusiveLock orders; rewrite orders',
        'ShareLock orders; index-build orders',
        'AccessExclusiveLock orders; catalog',
        'ShareUpdateExclusiveLock orders; scan orders',
        'ShareRowExclusiveLock customers; catalog',
        'RowShareLock customers; none',
        'RowExclusiveLock orders; scan orders',
        'AccessShareLock orders, AccessExclusiveLock totals; rewrite totals, scan orders',
        'AccessExclusiveLock orders; catalog',
        'AccessExclusiveLock customers; index-build customers',
        'ShareUpdateExclusiveLock customers; catalog',
        '; none',
      ]);
      assert.deepEqual(result.notes, []);
      for (const statement of result.statements) {
        assert.deepEqual(statement.disagreements, [], statement.predicted.kind);
        assert.deepEqual(statement.notes, []);
        assert.equal(statement.measured!.depth, 'measured');
        assert.equal(statement.predicted.depth, 'catalog');
        assert.ok(statement.milliseconds !== null);
      }
      assert.equal(result.shadow.engine, kind === 'local' ? 'postgres' : 'pglite');
    });

    it('says what failed and goes on from a sound state', async () => {
      const result = await measure(`
        alter table orders add column state text;
        alter table nowhere add column a int;
        alter table customers add column email text not null;
        begin; create index on orders (total); commit;`);
      assert.deepEqual(result.statements.map(shortly), [
        'column "state" of relation "orders" already exists (42701)',
        'relation "nowhere" does not exist (42P01)',
        'column "email" of relation "customers" contains null values (23502)',
        'not measured',
        'ShareLock orders; index-build orders',
        'not measured',
      ]);
      assert.match(result.statements[0]!.notes[0]!, /failed/);
      assert.match(result.statements[3]!.notes[0]!, /transaction of its own/);
    });

    it('measures what refuses a transaction where there are sessions for it, and says so where not', async () => {
      const result = await measure(
        `set search_path = public, pg_catalog;
         create index concurrently on orders (total); drop index concurrently orders_state; vacuum full customers;
         alter table orders add column last int;`,
        { transaction: 'none' },
      );
      const alone = result.statements.slice(1, 4);
      assert.ok(alone.every(({ predicted }) => !predicted.transactional));
      if (kind === 'local') {
        assert.deepEqual(alone.map(shortly), [
          'ShareUpdateExclusiveLock orders; index-build orders',
          'ShareUpdateExclusiveLock orders; catalog',
          'AccessExclusiveLock customers; rewrite customers',
        ]);
        assert.ok(alone.every(({ measured }) => measured?.transactional === false));
      } else {
        assert.ok(alone.every(({ measured, error }) => measured === null && error === null));
        assert.ok(alone.every(({ notes }) => /one session only/.test(notes[0]!)));
      }
      assert.deepEqual(
        result.statements.flatMap(({ disagreements }) => disagreements),
        [],
      );
      assert.equal(shortly(result.statements[4]!), 'AccessExclusiveLock orders; catalog');
    });

    it('stops a statement that runs too long, and measures the next on what was done before', async () => {
      const result = await measure(
        `alter table orders add column done int;
         do $$ begin loop perform 1; end loop; end $$;
         alter table orders alter column done type bigint;`,
        { statementMilliseconds: 1500 },
      );
      assert.deepEqual(result.statements.map(shortly), [
        'AccessExclusiveLock orders; catalog',
        'It ran too long and was stopped.',
        'AccessExclusiveLock orders; rewrite orders',
      ]);
    });

    it('is cancelled at once', async () => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 2000);
      await assert.rejects(
        measure('do $$ begin loop perform 1; end loop; end $$;', { signal: abort.signal }),
      );
    });

    it('fills tables with rows that constraints and bounds of the script itself let pass', async () => {
      const result = await measure(`
        alter table orders add constraint few check (total < 50 and state <> 'new');
        create table log (id bigint not null, at date not null) partition by range (at);
        create table log_old (id bigint not null, at date not null);
        alter table customers add check (id between 7 and 9);
        alter table log attach partition log_old for values from ('2020-01-01') to ('2021-01-01');`);
      assert.deepEqual(
        result.statements.map(({ error }) => error),
        [null, null, null, null, null],
      );
      assert.equal(shortly(result.statements[0]!), 'AccessExclusiveLock orders; scan orders');
    });

    it('does not blame the forecast for tables without rows', async () => {
      const result = await measure(`
        create temp table kept as select 1;
        delete from orders;
        alter table orders alter column total set not null;`);
      const last = result.statements.at(-1)!;
      assert.deepEqual(last.disagreements, []);
      assert.equal(last.measured!.work, 'scan');
      assert.match(last.notes[0]!, /public\.orders has no rows/);
    });
  });
}

describe('disagreements of forecast and measurement', () => {
  it('are named one by one, and reported without values', async () => {
    const parser = await loadParser();
    const sql = "alter table orders add check (state <> 'secret')";
    const [statement] = parser.parse(sql).statements;
    const [predicted] = forecastStatements({
      statements: [statement!],
      direction: 'up',
      schema: null,
      transaction: 'wrapped',
      serverMajor: 18,
    });
    const observed: Observed = {
      locks: [{ relation: 'public.orders', mode: 'ShareLock' }],
      indexLocks: [],
      works: [],
      scans: [],
      rebuiltIndexes: [],
      catalog: true,
      milliseconds: 3,
    };
    const comparison = { observed, transactional: false, empty: new Set<string>(), polled: false };
    const result = measuredStatement({ ...comparison, predicted: { ...predicted!, notes: [] } });
    assert.deepEqual(result.disagreements, [
      { what: 'lock', relation: 'public.orders', predicted: 'AccessExclusiveLock', measured: 'ShareLock' },
      { what: 'work', relation: 'public.orders', predicted: 'scan', measured: 'none' },
      { what: 'transactional', relation: null, predicted: 'yes', measured: 'no' },
    ]);
    const index = { relation: 'public.orders_pkey', mode: 'AccessExclusiveLock' } as const;
    const withIndex = { ...observed, indexLocks: [index] };
    const lockOf = (polled: boolean): boolean =>
      measuredStatement({
        ...comparison,
        observed: withIndex,
        polled,
        predicted: { ...predicted!, notes: [] },
      }).disagreements.some(({ relation }) => relation === index.relation);
    // Read from inside it is sure, polled from outside it is not.
    assert.deepEqual([lockOf(false), lockOf(true)], [true, false]);
    const report = disagreementReport(sql, result, {
      kind: 'local',
      engine: 'postgres',
      version: '18.4',
      major: 18,
    });
    assert.ok(!report.includes('secret'));
    for (const part of [
      'PostgreSQL 18.4',
      'alter table orders add check',
      'forecast AccessExclusiveLock, measured ShareLock',
    ])
      assert.ok(report.includes(part), report);
  });
});
