import assert from 'node:assert/strict';
import { archiveList } from '../../src/cleanup/archive-list';
import { contractReadiness } from '../../src/cleanup/contract-readiness';
import { retrospective } from '../../src/cleanup/retrospective';
import { loadRun } from '../../src/database/run-store';
import { installSchema } from '../../src/database/switchback-schema';
import { readPlanProgress } from '../../src/implement/plan-progress';
import { applyPhase } from '../../src/implement/run-plan';
import { stepsOf } from '../../src/plan/plan';
import { openBench } from '../implement/fixture';
import { samplePlan, sampleRun, sampleTable } from '../implement/plan-fixture';

const confirmed = new Map([['06-deploy', { by: 'ops', at: '2026-01-03T10:00:00Z', note: '' }]]);

describe('clean up', function () {
  this.timeout(60_000);

  it('says with evidence when contract may come, and looks back when it is done', async () => {
    const bench = await openBench(
      18,
      `${sampleTable}; create view app.cheap as select id from app.items where price < 100`,
    );
    try {
      await installSchema(bench.look);
      const { context } = await sampleRun(bench, samplePlan(), { confirmations: confirmed });
      await applyPhase(context, 'expand');
      const { stopped } = await applyPhase(context, 'migrate');
      assert.equal(stopped?.step, '07-wait');
      const base = { plan: context.plan, session: bench.look };
      const progress = await readPlanProgress(bench.look, context.plan);
      const reference = {
        path: 'a.ts',
        line: 3,
        column: 1,
        text: 'price',
        mentions: 'both',
        access: 'reads',
      } as const;
      const early = await contractReadiness({
        ...base,
        progress,
        report: null,
        references: [reference],
        now: new Date(),
      });
      assert.deepEqual(
        early.map((item) => [item.id, item.state]),
        [
          ['window', 'failed'],
          ['deployed', 'held'],
          ['verified', 'unknown'],
          ['unused-in-database', 'failed'],
          ['unused-in-code', 'failed'],
        ],
      );
      assert.match(early[3]!.evidence, /cheap/);
      assert.match(early[4]!.evidence, /a\.ts:3/);
      assert.deepEqual(archiveList(context.plan, progress, ['plan.md']), []);

      await bench.look.script('drop view app.cheap');
      const report = {
        planId: '',
        takenAt: new Date(Date.now() + 1000).toISOString(),
        database: { label: '', environment: '', version: '' },
        verdict: 'passed' as const,
        checks: [],
        rehearsal: null,
      };
      const later = new Date(Date.now() + 31 * 86_400_000);
      const ready = await contractReadiness({ ...base, progress, report, references: [], now: later });
      assert.deepEqual(new Set(ready.map((item) => item.state)), new Set(['held']));

      await applyPhase({ ...context, shortenWaits: true }, 'migrate');
      await applyPhase(context, 'contract');
      const done = await readPlanProgress(bench.look, context.plan);
      const back = retrospective(context.plan, done, await loadRun(bench.look, context.plan.id));
      assert.equal(back.steps.length, stepsOf(context.plan).length);
      assert.ok(back.finishedAt !== null && back.startedAt !== null && back.startedAt <= back.finishedAt);
      assert.equal(back.backfill?.rows, 500);
      assert.deepEqual(back.deprecationDays, { planned: 30, actual: 0 });
      const list = archiveList(context.plan, done, ['plan.md', 'held/02.sql', 'checklist.md']);
      assert.deepEqual(
        list.map((item) => item.action),
        ['archive', 'remove', 'keep', 'remove'],
      );
    } finally {
      await bench.drop();
    }
  });
});
