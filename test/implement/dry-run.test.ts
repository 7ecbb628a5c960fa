import assert from 'node:assert/strict';
import {
  dryRun,
  dryRunPlace,
  dryRunTask,
  type DryRunRequest,
  type DryRunTask,
} from '../../src/implement/dry-run';
import { stepsOf } from '../../src/plan/plan';
import { loadParser } from '../../src/sql/parser';
import { openSession } from '../../src/database/connect';
import { openBench, value, type Bench } from './fixture';
import { samplePlan, sampleTable } from './plan-fixture';

describe('dry run', function () {
  this.timeout(60_000);
  let bench: Bench;
  let shadow: Bench;
  before(async () => {
    bench = await openBench(18, sampleTable);
    shadow = await openBench(18, sampleTable);
  });
  after(async () => {
    await bench.drop();
    await shadow.drop();
  });

  async function requestFor(task: DryRunTask, change: Partial<DryRunRequest> = {}): Promise<DryRunRequest> {
    return {
      task,
      sessions: bench.sessions,
      environment: 'development',
      shadow: { ...shadow.sessions, kind: 'local', engine: 'postgres', version: '18' },
      options: { batchRows: 100, lockTimeoutMilliseconds: 200 },
      parser: await loadParser(),
      signal: new AbortController().signal,
      ...change,
    };
  }

  const columns =
    "select count(*) from information_schema.columns where table_schema = 'app' and table_name = 'items'";
  const addColumn: DryRunTask = {
    kind: 'sql',
    sql: "alter table app.items add column note text; comment on column app.items.note is 'x'",
    work: 'catalog',
  };

  it('tries catalog work on the database itself, says the locks, and takes it back', async () => {
    const result = await dryRun(await requestFor(addColumn));
    assert.deepEqual(
      [result.where, result.verdict, result.database],
      ['database', 'ok', bench.sessions.label],
    );
    assert.deepEqual(
      result.statements.map((statement) => statement.verdict),
      ['ok', 'ok'],
    );
    assert.ok(
      result.statements[0]!.locks.some(
        (lock) => lock.relation === 'app.items' && lock.mode === 'AccessExclusiveLock',
      ),
    );
    assert.equal(await value(bench.look, columns), '2');
  });

  it('tries one batch on the database and takes it back', async () => {
    await shadow.look.script('alter table app.items add column cents int');
    const fill = stepsOf(samplePlan()).find((step) => step.id === '02-fill')!;
    await bench.look.script('alter table app.items add column cents int');
    const result = await dryRun(await requestFor(dryRunTask(fill)!));
    await bench.look.script('alter table app.items drop column cents');
    assert.deepEqual([result.where, result.statements[0]!.rows], ['database', 100]);
    assert.ok(result.statements[0]!.locks.some((lock) => lock.mode === 'RowExclusiveLock'));
    await shadow.look.script('alter table app.items drop column cents');
  });

  it('goes to the shadow for scans, rewrites, indexes, and always on production', async () => {
    const parser = await loadParser();
    const sql = (text: string, work: 'catalog' | 'scan' | 'rewrite' | null): DryRunTask => ({
      kind: 'sql',
      sql: text,
      work,
    });
    assert.equal(
      dryRunPlace(sql('alter table app.items alter price type bigint', 'rewrite'), 'development', parser),
      'shadow',
    );
    assert.equal(
      dryRunPlace(sql('alter table app.items add check (price > 0)', 'scan'), 'staging', parser),
      'shadow',
    );
    assert.equal(
      dryRunPlace(sql('create index concurrently on app.items (price)', 'catalog'), 'development', parser),
      'shadow',
    );
    assert.equal(
      dryRunPlace(sql('alter table app.items add x int; commit', 'catalog'), 'development', parser),
      'shadow',
    );
    assert.equal(dryRunPlace(sql('select 1', null), 'development', parser), 'shadow');
    const production = await dryRun(await requestFor(addColumn, { environment: 'production' }));
    assert.deepEqual([production.where, production.database], ['shadow', shadow.sessions.label]);
    const index = await dryRun(
      await requestFor(sql('create index concurrently items_price on app.items (price)', null)),
    );
    assert.deepEqual([index.where, index.verdict], ['shadow', 'ok']);
    assert.equal(await value(bench.look, "select to_regclass('app.items_price')"), null);
    await assert.rejects(dryRun(await requestFor(addColumn, { environment: 'production', shadow: null })), {
      code: 'no-shadow',
    });
  });

  it('never tries on the database what a block, a procedure or a function of the user does', async () => {
    const parser = await loadParser();
    for (const sql of [
      "do $$ begin execute 'drop table ' || current_setting('app.name'); end $$",
      'do $$ begin perform app.tidy_up(); end $$',
      'call app.tidy_up()',
      'select app.tidy_up()',
      'alter table app.items add column note text; do $$ begin call app.tidy_up(); end $$',
    ]) {
      for (const work of ['none', 'catalog'] as const) {
        assert.equal(dryRunPlace({ kind: 'sql', sql, work }, 'development', parser), 'shadow', sql);
      }
    }
    const seen = 'do $$ begin if true then alter table app.items add note text; end if; end $$';
    assert.equal(dryRunPlace({ kind: 'sql', sql: seen, work: 'catalog' }, 'development', parser), 'database');
    assert.equal(dryRunPlace({ kind: 'sql', sql: seen, work: 'rewrite' }, 'development', parser), 'shadow');
    assert.equal(
      dryRunPlace(
        { kind: 'sql', sql: 'select count(*) from app.items', work: 'none' },
        'development',
        parser,
      ),
      'database',
    );
  });

  it('gives an error as the result, and does not run what follows it', async () => {
    const result = await dryRun(
      await requestFor({
        kind: 'sql',
        sql: 'alter table app.items add a int; alter table app.nosuch add b int; select 1',
        work: 'catalog',
      }),
    );
    assert.equal(result.verdict, 'error');
    assert.deepEqual(
      result.statements.map((statement) => statement.verdict),
      ['ok', 'error', 'not-run'],
    );
    assert.match(result.statements[1]!.error ?? '', /nosuch/);
    assert.equal(await value(bench.look, columns), '2');
  });

  it('does not wait behind others for longer than lock_timeout', async () => {
    const other = await openSession(bench.database.connection, bench.database.password);
    await other.script('begin; lock table app.items in access share mode');
    const result = await dryRun(await requestFor(addColumn));
    await other.close();
    assert.deepEqual([result.verdict, result.statements[0]!.verdict], ['error', 'error']);
    assert.match(result.statements[0]!.error ?? '', /lock/);
  });
});
