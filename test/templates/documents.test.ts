import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { retrospective } from '../../src/cleanup/retrospective';
import { retrospectiveDocument } from '../../src/cleanup/retrospective-document';
import { defaultThresholds } from '../../src/documents/thresholds';
import { stepsOf, type PlanProgress, type StepProgress } from '../../src/plan/plan';
import { nodeFiles } from '../../src/ports/node-files';
import { renderTemplate } from '../../src/templates/engine';
import { copiedText } from '../../src/rehearse/copy/copied-text';
import type { CopiedData } from '../../src/rehearse/copy/data-copy';
import type { Report } from '../../src/verify/report';
import { reportDocument } from '../../src/verify/report-document';
import { hostileNames, plainNames, samplePlan, type SampleNames } from '../implement/scaffold/sample-plan';

const shippedFolder = path.resolve(__dirname, '../../templates');
const golden = path.join(__dirname, 'golden');
const render = (name: string, context: object): Promise<string> =>
  renderTemplate({ name, context, shippedFolder, overrideFolder: null, files: nodeFiles() });

async function assertGolden(name: string, text: string): Promise<void> {
  const file = path.join(golden, `${name}.golden`);
  if (process.env.UPDATE_GOLDEN === '1') {
    await mkdir(golden, { recursive: true });
    await writeFile(file, text);
  }
  assert.equal(text, (await readFile(file, 'utf8')).replaceAll('\r\n', '\n'));
}

function reportOf(names: SampleNames): Report {
  return {
    planId: '20260304-rename-name',
    takenAt: '2026-03-14T05:06:07Z',
    database: { label: `shop ${names.view}`, environment: 'staging', version: '18.1' },
    verdict: 'failed',
    checks: [
      {
        id: 'rows',
        title: 'Rows',
        verdict: 'passed',
        evidence: '200,000 rows',
        sql: 'select 1',
        milliseconds: 1234,
      },
      {
        id: 'equal',
        title: `${names.from} and ${names.to} are equal`,
        verdict: 'failed',
        evidence: `200,000 rows compared, 1 differs\n${names.from}`,
        sql: `select '${names.from}';\n\`\`\``,
        milliseconds: 56_000,
      },
      {
        id: 'pending-02-backfill',
        title: 'Nothing is left',
        verdict: 'not-run',
        evidence: 'Later.',
        sql: null,
        milliseconds: 0,
      },
    ],
    rehearsal: {
      shadow: { kind: 'local', engine: 'postgres', version: '18.1' },
      migrations: [
        {
          version: '000014',
          name: names.to,
          path: `/w/000014_${names.to.replaceAll('/', '')}`,
          verdict: 'exact',
          up: 'ok',
          down: 'ok',
          reUp: 'ok',
          milliseconds: 12,
          error: null,
          differences: [],
          notes: [],
          dataLost: [],
        },
      ],
    } as unknown as Report['rehearsal'],
  };
}

function progressOf(names: SampleNames): PlanProgress {
  const plan = samplePlan(names);
  let day = Date.parse('2026-03-05T00:00:00Z');
  const steps = stepsOf(plan).map((step): StepProgress => {
    const started = day;
    const finished = day + (step.kind === 'wait' ? 31 * 86_400_000 : step.kind === 'migration' ? 90 : 4000);
    day = finished + 60_000;
    return {
      id: step.id,
      state: 'done',
      startedAt: new Date(started).toISOString(),
      finishedAt: new Date(finished).toISOString(),
      by: names.from,
      error: null,
      backfill: null,
    };
  });
  return { planId: plan.id, state: 'done', phase: null, steps };
}

describe('the report and the retrospective', () => {
  for (const [label, names] of [
    ['small', plainNames],
    ['hostile', hostileNames],
  ] as const) {
    it(`renders the report, ${label}`, async () => {
      const document = reportDocument(samplePlan(names), reportOf(names), defaultThresholds);
      await assertGolden(`${label}.report.md`, await render('report.md.hbs', document));
    });

    it(`renders the retrospective, ${label}`, async () => {
      const plan = samplePlan(names);
      const run = {
        backfills: [
          { rowsDone: 200_000, startedAt: '2026-03-05T00:00:00Z', updatedAt: '2026-03-05T00:00:04Z' },
        ],
      } as unknown as Parameters<typeof retrospective>[2];
      const looked = retrospective(plan, progressOf(names), run);
      const document = retrospectiveDocument(plan, looked, `shop ${names.view}`, '2026-05-01T00:00:00Z');
      await assertGolden(`${label}.retrospective.md`, await render('retrospective.md.hbs', document));
    });
  }

  it('says what was observed and what nobody here can see', () => {
    const { checklist, signals, reason } = reportDocument(
      samplePlan(plainNames),
      reportOf(plainNames),
      defaultThresholds,
    );
    const verdicts = checklist.map((line) => line.verdict);
    assert.deepEqual(verdicts.slice(0, 2), ['not observed', 'no']);
    assert.equal(verdicts.at(-1), 'not observed');
    assert.match(signals.find((row) => row.id === 'differingRows')!.observed, /1 differs/);
    assert.match(signals.find((row) => row.id === 'errorRatePercent')!.observed, /^not observed/);
    assert.equal(reason, 'Of 3 checks 1 passed, 1 failed and 1 was not run.');
  });

  it('says when nothing was rehearsed or asked', async () => {
    const report: Report = { ...reportOf(plainNames), checks: [], rehearsal: null };
    const text = await render(
      'report.md.hbs',
      reportDocument(samplePlan(plainNames), report, defaultThresholds),
    );
    assert.match(text, /Not rehearsed\./);
    assert.match(text, /Nothing was checked\./);
    assert.doesNotMatch(text, /Run it again/);
  });

  it('says on what copy of rows it was rehearsed, now or before', async () => {
    const { rehearsal, ...report } = reportOf(plainNames);
    const data: CopiedData = {
      kind: 'sample',
      rowsPerTable: 500,
      at: '2026-04-30T12:00:00.000Z',
      database: 'shop',
      tables: 3,
      rows: 1400,
      addedRows: 20,
      bytes: 3_000_000,
      masked: [{ column: 'public.users.email', rule: 'email' }],
      notes: ['20 rows came along.'],
    };
    const textOf = (changed: Report): Promise<string> =>
      render('report.md.hbs', reportDocument(samplePlan(plainNames), changed, defaultThresholds));
    const now = await textOf({ ...report, rehearsal: { ...rehearsal!, data } });
    assert.match(
      now,
      /copy of 1400 rows of 3 tables of shop of 2026-04-30T12:00:00\.000Z.*2\.9 MB.*1 column masked/,
    );
    assert.match(now, /- Masked: public\.users\.email \(email\)\n- 20 rows came along\.\n\n\| Migration/);
    const before = await textOf({ ...report, rehearsal, rehearsedBefore: copiedText(data) });
    assert.match(before, /- Rehearsed before on a copy of 1400 rows/);
  });

  it('sets what was planned beside what was', () => {
    const plan = samplePlan(plainNames);
    const looked = retrospective(plan, progressOf(plainNames), null);
    const { numbers, questions } = retrospectiveDocument(plan, looked, 'shop', '2026-05-01T00:00:00Z');
    assert.deepEqual(
      numbers.find(({ what }) => /Waiting/.test(what)),
      {
        what: 'Waiting before the old shape went',
        planned: '30 days',
        actual: '31 days',
      },
    );
    assert.equal(numbers.find(({ what }) => /rows per second/.test(what))!.actual, 'not recorded');
    assert.equal(questions.length, 5);
    assert.match(questions[2]!.known[0]!, /Furthest off: "Fill full_name from name"/);
  });
});
