import assert from 'node:assert/strict';
import path from 'node:path';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import type { Layout } from '../../src/layouts/layout';
import { plainPair } from '../../src/layouts/plain-pair';
import type { Files } from '../../src/ports/files';
import { silentProgress } from '../../src/ports/progress';
import { rehearse } from '../../src/rehearse/rehearse';
import type { MigrationRehearsal, Rehearsal } from '../../src/rehearse/rehearsal';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve(__dirname, '../..');
const folder = '/m';

describe('rehearsing migrations', function () {
  this.timeout(300_000);
  let shadow: Shadow;

  before(async () => {
    shadow = await openShadow('local', {
      assets: { distFolder: path.join(root, 'dist') },
      binaries: { packageFolders: [root], searchPath: '' },
      major: 18,
    });
  });
  after(() => shadow?.dispose());

  async function run(
    files: Files,
    options: { layout?: Layout; folder?: string; from?: string; to?: string; watchdog?: number } = {},
  ): Promise<Rehearsal> {
    const layout = options.layout ?? golangMigrate;
    return rehearse({
      shadow,
      layout,
      migrations: await layout.list(options.folder ?? folder, files),
      from: options.from ?? null,
      to: options.to ?? null,
      files,
      watchdogMilliseconds: options.watchdog,
      progress: silentProgress(),
      signal: new AbortController().signal,
    });
  }

  /** Migrations as golang-migrate pairs: [up, down]; no down where it is missing. */
  function pairs(...list: [up: string, down?: string][]): Files {
    const entries = list.flatMap(([up, down], index) => {
      const stem = `${folder}/${index + 1}_m`;
      return [
        [`${stem}.up.sql`, up] as const,
        ...(down === undefined ? [] : [[`${stem}.down.sql`, down] as const]),
      ];
    });
    return memoryFiles(Object.fromEntries(entries));
  }

  async function verdicts(...list: [up: string, down?: string][]): Promise<string[]> {
    return (await run(pairs(...list))).migrations.map((migration) => migration.verdict);
  }

  const base: [string, string] = [
    "create table t (a int, b text not null default 'x'); insert into t (a) values (1), (2), (3)",
    'drop table t',
  ];

  it('calls a down exact only when the catalog is the same', async () => {
    assert.deepEqual(
      await verdicts(
        base,
        ['create index i on t (a)', 'drop index i'],
        ['create index j on t (a); comment on table t is $$x$$', 'drop index j'],
        ['alter table t add c int', 'alter table t drop c'],
      ),
      ['exact', 'exact', 'differs', 'exact'],
    );
  });

  it('goes on from a clean state after each bad down', async () => {
    const rehearsal = await run(
      pairs(
        base,
        ['alter table t add c int', ''],
        ['alter table t add d int', '-- nothing to do\n'],
        ['alter table t add e int', 'alter table t drop nowhere'],
        ['alter table t add f int'],
        ['alter table t drop b', "alter table t add b text not null default 'x'"],
        ['create table u as select * from t', 'drop table u'],
      ),
    );
    assert.deepEqual(
      rehearsal.migrations.map(({ verdict, down, reUp }) => [verdict, down, reUp]),
      [
        ['exact', 'ok', 'ok'],
        ['empty-down', 'ok', 'none'],
        ['empty-down', 'ok', 'none'],
        ['down-fails', 'error', 'none'],
        ['no-down', 'none', 'none'],
        ['order-only', 'ok', 'ok'],
        ['exact', 'ok', 'ok'],
      ],
    );
    assert.match(rehearsal.migrations[3]!.error!, /nowhere/);
    assert.match(rehearsal.migrations[5]!.notes.join(), /another order/);
    assert.deepEqual(rehearsal.shadow, { kind: 'local', engine: 'postgres', version: shadow.version });
  });

  it('sees what data does not come back', async () => {
    const [, rows, column, values] = (
      await run(
        pairs(
          base,
          ['delete from t where a = 1', 'select 1'],
          ['alter table t drop a', 'alter table t add a int'],
          ["update t set b = 'y' where b = 'x'", "update t set b = 'z'"],
        ),
      )
    ).migrations as [MigrationRehearsal, MigrationRehearsal, MigrationRehearsal, MigrationRehearsal];
    assert.deepEqual(rows.dataLost, [{ object: 'table public.t', kind: 'rows', rows: 1 }]);
    assert.deepEqual(column.dataLost, [{ object: 'table public.t column a', kind: 'column', rows: 2 }]);
    assert.deepEqual(values.dataLost, [{ object: 'table public.t column b', kind: 'values', rows: 2 }]);
  });

  it('accepts an empty down of an up that changes nothing', async () => {
    assert.deepEqual(await verdicts(['select 1', ''], ['', '']), ['exact', 'exact']);
  });

  it('gives the other verdicts', async () => {
    assert.deepEqual(
      await verdicts(
        base,
        ["create function f() returns int language sql as 'select 1'", 'drop function f()'],
        [
          "create or replace function f() returns int language sql as 'select 2'",
          "create or replace function f() returns int language sql as '  SELECT 1 -- one'",
        ],
        ['alter table t add c int', '-- switchback:irreversible the values are gone\nselect 1 / 0'],
        [
          'create table once (a int); create sequence s',
          'drop table once; alter sequence s rename to kept; create view s as select 1',
        ],
      ),
      ['exact', 'exact', 'text-only', 'irreversible', 'differs'],
    );
    assert.deepEqual(await verdicts(['begin; create table a ()', 'drop table a']), [
      'leaves-transaction-open',
    ]);
    assert.deepEqual(
      await verdicts(
        ['create table log (n int)', 'drop table log'],
        [
          'do $$ begin if exists (select from log) then raise exception $e$again$e$; end if; insert into log values (1); end $$',
          'select 1',
        ],
      ),
      ['exact', 're-up-fails'],
    );
    assert.deepEqual(
      await verdicts(
        ['create table log (n int)', 'drop table log'],
        [
          'do $$ begin execute format($f$create table if not exists made (c%s int)$f$, (select count(*) from log)); insert into log values (1); end $$',
          'drop table made',
        ],
      ),
      ['exact', 're-up-differs'],
    );
  });

  it('stops a script that runs too long, and goes on', async () => {
    const files = pairs(base, ['select pg_sleep(60)', ''], ['create table u ()', 'drop table u']);
    const rehearsal = await run(files, { watchdog: 1500 });
    assert.equal(rehearsal.migrations[1]!.verdict, 'times-out');
    assert.match(rehearsal.migrations[1]!.notes.join(), /1 migration after it was not rehearsed/);
  });

  it('reports a failing up once, not for all that follow', async () => {
    const failing = await run(
      pairs(
        base,
        ['create index concurrently i on t (a); select 1', 'drop index i'],
        ['comment on index i is $$x$$', 'comment on index i is null'],
      ),
    );
    assert.deepEqual(
      failing.migrations.map(({ verdict }) => verdict),
      ['exact', 'up-fails', 'exact'],
    );
  });

  it('says which extension the shadow lacks, and rehearses those after it without', async () => {
    const [, missing, next] = (
      await run(
        pairs(
          base,
          ['create extension if not exists "nowhere"; create table u (a int)', 'drop table u'],
          ['alter table u add b int', 'alter table u drop b'],
        ),
      )
    ).migrations;
    assert.equal(missing!.verdict, 'up-fails');
    assert.match(missing!.error!, /^Needs nowhere: use a server that has it as shadow/);
    assert.match(missing!.notes.join(), /rehearsed without it/);
    assert.equal(next!.verdict, 'exact');
  });

  it('replays what lies before, and says when that cannot be done', async () => {
    const files = pairs(base, ['alter table t add c int', 'alter table t drop c'], ['drop table t', '']);
    const rehearsal = await run(files, { from: '2', to: '02' });
    assert.deepEqual(
      rehearsal.migrations.map(({ version, verdict }) => [version, verdict]),
      [['2', 'exact']],
    );
    await assert.rejects(run(pairs(['nonsense', ''], base), { from: '2' }), {
      code: 'verification-failed',
      message: /1 m/,
    });
    await assert.rejects(run(files, { from: '9' }), { code: 'not-found' });
  });

  it("has the tool's own table there, and leaves it out of the comparison", async () => {
    assert.deepEqual(
      await verdicts(['alter table schema_migrations add if not exists note text', 'select 1']),
      ['exact'],
    );
  });

  it('honours the transaction mode of plain pairs', async () => {
    const files = memoryFiles({
      '/m/001_t.sql': 'create table t (a int)',
      '/m/001_t_rollback.sql': 'drop table t',
      '/m/002_i.sql': '-- switchback:no-transaction\ncreate index concurrently i on t (a);\nselect 1;',
      '/m/002_i_rollback.sql': '-- switchback:no-transaction\ndrop index concurrently i;',
      '/m/003_j.sql': 'create index concurrently j on t (a)',
      '/m/003_j_rollback.sql': 'drop index j',
    });
    const rehearsal = await run(files, { layout: plainPair });
    assert.deepEqual(
      rehearsal.migrations.map(({ verdict }) => verdict),
      ['exact', 'exact', 'up-fails'],
    );
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const files = pairs(['select pg_sleep(60)', '']);
    const running = rehearse({
      shadow,
      layout: golangMigrate,
      migrations: await golangMigrate.list(folder, files),
      from: null,
      to: null,
      files,
      progress: { report: () => setTimeout(() => abort.abort(), 200) },
      signal: abort.signal,
    });
    await assert.rejects(running);
  });
});
