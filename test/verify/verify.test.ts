import assert from 'node:assert/strict';
import { installSchema } from '../../src/database/switchback-schema';
import { readPlanProgress } from '../../src/implement/plan-progress';
import type { RunContext } from '../../src/implement/run-context';
import { applyPhase } from '../../src/implement/run-plan';
import { readWalkTables } from '../../src/implement/walk-table';
import { stepsOf, type StepForecast } from '../../src/plan/plan';
import { silentProgress } from '../../src/ports/progress';
import { compareColumns } from '../../src/verify/compare-columns';
import type { Report } from '../../src/verify/report';
import { verifyPlan } from '../../src/verify/verify';
import { testMajors } from '../support/servers';
import { openBench, type Bench } from '../implement/fixture';
import { samplePlan, sampleRun, sampleTable } from '../implement/plan-fixture';

const confirmed = new Map([['06-deploy', { by: 'ops', at: '2026-01-03T10:00:00Z', note: '' }]]);

async function report(bench: Bench, context: RunContext): Promise<Report> {
  return verifyPlan({
    plan: context.plan,
    progress: await readPlanProgress(bench.look, context.plan),
    session: bench.look,
    database: { label: bench.sessions.label, environment: 'development' },
    rehearsal: null,
    parser: context.parser,
    clock: bench.clock,
    progressReport: silentProgress(),
    signal: context.signal,
  });
}

function verdictOf(result: Report, id: string): string | undefined {
  return result.checks.find((check) => check.id === id)?.verdict;
}

for (const major of testMajors) {
  describe(`verifying a plan, PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    async function onMigrated(work: (bench: Bench, context: RunContext) => Promise<void>): Promise<void> {
      const bench = await openBench(major, sampleTable);
      try {
        await installSchema(bench.look);
        const plan = samplePlan();
        const first = plan.phases[0]!.steps[0]!;
        assert.ok(first.kind === 'migration');
        first.forward += `; create function app.sync() returns trigger language plpgsql as $$ begin new.cents := new.price; return new; end $$;
          create trigger zz_sync before insert or update on app.items for each row execute function app.sync()`;
        const { context } = await sampleRun(bench, plan, { confirmations: confirmed, shortenWaits: true });
        await applyPhase(context, 'expand');
        await applyPhase(context, 'migrate');
        await work(bench, context);
      } finally {
        await bench.drop();
      }
    }

    it('passes with its evidence after the migrate phase', () =>
      onMigrated(async (bench, context) => {
        const result = await report(bench, context);
        assert.equal(result.verdict, 'passed', JSON.stringify(result.checks, null, 1));
        assert.equal(result.checks.find((check) => check.id === 'rows')?.evidence, '500 rows');
        assert.match(
          result.checks.find((check) => check.id === 'equal')?.evidence ?? '',
          /500 rows compared, 0 differ/,
        );
        for (const id of [
          'constraints',
          'indexes',
          'trigger-zz_sync',
          'pending-02-fill',
          '04-equal-equal',
          '05-prove',
        ]) {
          assert.equal(verdictOf(result, id), 'passed', id);
        }
        assert.equal(verdictOf(result, '08-drop-price'), 'not-run');
        assert.equal(verdictOf(result, 'rehearsal'), 'not-run');
      }));

    const faults: { what: string; sql: string; check: string; evidence: RegExp }[] = [
      {
        what: 'a row that differs',
        sql: 'alter table app.items disable trigger zz_sync; update app.items set cents = 7 where id = 123; alter table app.items enable trigger zz_sync',
        check: 'equal',
        evidence: /1 differs; app.items id = 123: 1230 \/ 7/,
      },
      {
        what: 'a disabled trigger',
        sql: 'alter table app.items disable trigger zz_sync',
        check: 'trigger-zz_sync',
        evidence: /there, but disabled/,
      },
      {
        what: 'a dropped trigger',
        sql: 'drop trigger zz_sync on app.items',
        check: 'trigger-zz_sync',
        evidence: /not there/,
      },
      {
        what: 'an invalid index',
        sql: "update pg_index set indisvalid = false where indexrelid = 'app.items_cents'::regclass",
        check: 'indexes',
        evidence: /1 of 3 not valid: app.items_cents/,
      },
      {
        what: 'a constraint that is not valid',
        sql: 'alter table app.items add constraint positive check (price > 0) not valid',
        check: 'constraints',
        evidence: /app.items.positive/,
      },
      {
        what: 'a missing index',
        sql: 'drop index app.items_cents',
        check: '03-index',
        evidence: /does not hold: the index is there/,
      },
    ];
    for (const fault of faults) {
      it(`fails for ${fault.what}, and says where`, () =>
        onMigrated(async (bench, context) => {
          await bench.look.script(fault.sql);
          const result = await report(bench, context);
          assert.equal(result.verdict, 'failed');
          const check = result.checks.find((candidate) => candidate.id === fault.check);
          assert.equal(check?.verdict, 'failed');
          assert.match(check.evidence, fault.evidence);
        }));
    }

    it('looks at the tables that get rows beside its own, while they are there', () =>
      onMigrated(async (bench, context) => {
        const filled = (relation: string): StepForecast => ({
          lock: 'RowExclusiveLock',
          relation,
          work: 'catalog',
          holdMilliseconds: null,
          phrase: '',
        });
        const [first, second] = stepsOf(context.plan);
        first!.forecast = filled('app.labels');
        second!.forecast = filled('app.not_there');
        await bench.look.script(
          'create table app.labels (label text primary key); alter table app.labels add constraint filled check (label > $$$$) not valid',
        );
        const result = await report(bench, context);
        const failed = result.checks.filter(({ verdict }) => verdict === 'failed');
        assert.match(
          failed.map(({ evidence }) => evidence).join(),
          /^1 of \d not valid: app\.labels\.filled$/,
        );
        assert.doesNotMatch(JSON.stringify(result.checks), /not_there/);
      }));

    it('passes after contract too, where the old column is gone', () =>
      onMigrated(async (bench, context) => {
        await bench.look.script('drop trigger zz_sync on app.items');
        const contract = context.plan.phases[2]!.steps[0]!;
        assert.ok(contract.kind === 'migration');
        contract.forward =
          'drop trigger if exists zz_sync on app.items; alter table app.items drop column price';
        await applyPhase(context, 'contract');
        const result = await report(bench, context);
        assert.equal(result.verdict, 'passed', JSON.stringify(result.checks, null, 1));
        assert.equal(verdictOf(result, 'equal'), 'not-run');
        assert.equal(verdictOf(result, '08-drop-price'), 'passed');
        assert.equal(verdictOf(result, 'trigger-zz_sync'), 'passed');
      }));

    it('compares in ranges, finds every differing row, and types whose = is not identity', async () => {
      const bench = await openBench(
        major,
        `create table c (a int, b text, l json, r json, p numeric, q numeric, primary key (a, b));
         insert into c select g % 7, g::text, '{"a":1}', '{"a":1}', 1.0, 1.0 from generate_series(1, 1000) g;
         update c set r = '{"a": 1}' where b in ('5', '500', '1000'); update c set q = 1.00 where b = '7'; update c set r = null where b = '9'; analyze c`,
      );
      try {
        const spec = {
          table: { schema: 'public', name: 'c' },
          assignments: [],
          pending: null,
          walk: { by: 'key' as const, columns: ['a', 'b'] },
          estimatedRows: 0,
        };
        const base = {
          session: bench.look,
          tables: await readWalkTables(bench.look, spec),
          progress: silentProgress(),
          signal: new AbortController().signal,
          rangeRows: 64,
        };
        const json = await compareColumns({ ...base, left: 'l', right: 'r' });
        assert.deepEqual([json.rows, json.differing, json.ranges], [1000, 4, 16]);
        assert.deepEqual(
          new Set(json.examples.map((row) => row.key.replace(/.*b = /, ''))),
          new Set(['5', '500', '1000', '9']),
        );
        assert.equal((await compareColumns({ ...base, left: 'p', right: 'q' })).differing, 1);
        const whole = await readWalkTables(bench.look, { ...spec, walk: { by: 'ctid' } });
        assert.deepEqual(
          await compareColumns({ ...base, tables: whole, left: 'l', right: 'r' }).then((found) => [
            found.rows,
            found.differing,
          ]),
          [1000, 4],
        );
      } finally {
        await bench.drop();
      }
    });
  });
}
