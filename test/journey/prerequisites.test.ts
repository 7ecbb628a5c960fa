import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { noPlanAnswers } from '../../src/assess/plan-answers';
import type { PrerequisiteId } from '../../src/assess/prerequisites';
import { updatePlanFile, type LoadedPlan } from '../../src/implement/scaffold/plan-file';
import { loadPlan } from '../../src/journey/plans';
import {
  openPrerequisitesOf,
  prerequisitesNow,
  recordAnswers,
  renewPrerequisites,
  type PrerequisiteSources,
} from '../../src/journey/prerequisites';
import { scaffoldPlan } from '../../src/journey/scaffold';
import type { JourneyContext } from '../../src/journey/workspace';
import type { Evidence, Plan } from '../../src/plan/plan';
import { testContext } from '../support/journey-context';
import { plainNames, sampleAssessment, samplePlan } from '../implement/scaffold/sample-plan';

const plan = samplePlan(plainNames);
const roles = ['Tech lead', 'Stakeholders'];

function loadedPlan(change: Partial<LoadedPlan> = {}): LoadedPlan {
  return {
    folder: '/w/plans/x',
    plan,
    state: 'ready',
    approvedHash: 'a'.repeat(64),
    editedFiles: [],
    scope: { systems: null, users: null, downtime: null, deadline: null },
    prerequisites: [],
    approvals: [],
    releases: [],
    environments: {},
    generated: {},
    ...change,
  };
}

function evidence(gate: Evidence['gate'], change: Partial<Evidence> = {}): LoadedPlan['environments'] {
  const record: Evidence = {
    gate,
    verdict: 'held',
    at: '2026-03-05T00:00:00Z',
    by: 'ops',
    server: '18.1',
    database: 'shop',
    contentHash: 'a'.repeat(64),
    details: {},
    ...change,
  };
  return { staging: { databaseId: null, phase: null, steps: [], evidence: [record] } };
}

function held(id: PrerequisiteId, sources: Partial<PrerequisiteSources>): string | null {
  const all = prerequisitesNow({
    assessment: null,
    plan,
    answers: noPlanAnswers,
    stagingDatabases: [],
    loaded: null,
    approvalRoles: roles,
    ...sources,
  });
  const { by } = all.find((item) => item.id === id)!;
  return by?.kind === 'evidence' ? by.text : null;
}

describe('the prerequisites of a plan', () => {
  it('find the way back in the steps before the point of no return', () => {
    assert.match(held('rollback', {}) ?? '', /^All \d+ steps/);
    const noWait: Plan = {
      ...plan,
      phases: plan.phases.map((phase) => ({
        ...phase,
        steps: phase.steps.filter((step) => step.kind !== 'wait'),
      })),
    };
    assert.equal(held('rollback', { plan: noWait }), null);
    const oneWay: Plan = {
      ...plan,
      phases: plan.phases.map((phase, index) => ({
        ...phase,
        steps: phase.steps.map((step) =>
          index === 0 && step.kind === 'migration'
            ? { ...step, rollback: { kind: 'no-return' as const, why: 'it drops' } }
            : step,
        ),
      })),
    };
    assert.equal(held('rollback', { plan: oneWay }), null);
    assert.equal(held('rollback', { plan: null }), null);
  });

  it('take a rehearsal of these contents for it, no other', () => {
    const loaded = (change: Partial<Evidence>): Partial<PrerequisiteSources> => ({
      loaded: loadedPlan({ environments: evidence('rehearsal', change) }),
    });
    assert.match(held('rollback', loaded({})) ?? '', /rehearsal took every step back: ops, 2026-03-05/);
    for (const change of [{ verdict: 'failed' as const }, { contentHash: 'b'.repeat(64) }])
      assert.match(held('rollback', loaded(change)) ?? '', /^All \d+ steps/);
  });

  it('take a staging run that held, and forget one that failed later', () => {
    const run = evidence('staging-run');
    assert.match(held('staging', { loaded: loadedPlan({ environments: run }) }) ?? '', /ran on staging: ops/);
    const later = evidence('staging-run', { verdict: 'failed', at: '2026-03-06T00:00:00Z' }).staging!;
    assert.equal(held('staging', { loaded: loadedPlan({ environments: { ...run, again: later } }) }), null);
  });

  it('take approvals of every role of the workspace, however it is written', () => {
    const approval = (role: string): LoadedPlan['approvals'][number] => ({
      role,
      by: `who is ${role}`,
      at: '2026-03-05T00:00:00Z',
      hash: 'a'.repeat(64),
    });
    const first = loadedPlan({ approvals: [approval('tech lead')] });
    assert.equal(held('stakeholders', { loaded: first }), null);
    const stale = { ...approval('stakeholders'), hash: 'b'.repeat(64) };
    assert.equal(
      held('stakeholders', { loaded: loadedPlan({ approvals: [approval('tech lead'), stale] }) }),
      null,
      'an approval of another plan is none of this one',
    );
    const both = loadedPlan({ approvals: [approval('tech lead'), approval('STAKEHOLDERS')] });
    assert.match(held('stakeholders', { loaded: both }) ?? '', /Approved by/);
  });

  it('compare the timeline with the deadline', () => {
    const by = (deadline: string): string | null => held('time', { answers: { ...noPlanAnswers, deadline } });
    assert.match(by('2999-12-31') ?? '', /the deadline is 2999-12-31/);
    assert.equal(by('2000-01-01'), null);
  });

  it('keep what was found when the plan was written, for who has no assessment', () => {
    const loaded = loadedPlan({
      prerequisites: [{ id: 'impact', state: 'held', evidence: 'as it was', confirmed: null }],
    });
    assert.equal(held('impact', { loaded }), 'as it was');
    const fresh = held('impact', { loaded, assessment: sampleAssessment(plainNames) });
    assert.match(fresh ?? '', /was assessed on shop/);
  });
});

describe('the prerequisites in plan.md', function () {
  this.timeout(30_000);
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-prerequisites-'));
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  async function scaffolded(): Promise<{
    context: JourneyContext;
    folder: string;
    text: () => Promise<string>;
  }> {
    const context = testContext(root);
    const { planFolder } = await scaffoldPlan(context, {
      plan,
      assessment: sampleAssessment(plainNames),
      notes: [],
      answers: {
        ...noPlanAnswers,
        confirmations: [{ id: 'rollback', name: 'the tech lead', at: '2026-03-04T00:00:00Z', note: '' }],
      },
      stagingDatabases: ['shop staging'],
    });
    const text = (): Promise<string> => readFile(path.join(planFolder, 'plan.md'), 'utf8');
    return { context, folder: planFolder, text };
  }

  it('follow what is recorded later, and keep what people and the assessment said', async () => {
    const { context, folder, text } = await scaffolded();
    assert.match(await text(), /^\| The way back exists \| yes \| All \d+ steps/m);
    const { approvedHash } = await loadPlan(context, folder);
    await updatePlanFile(folder, context.files, {
      environments: evidence('rehearsal', { contentHash: approvedHash }),
    });
    await renewPrerequisites(context, folder);
    const document = await text();
    assert.match(document, /^\| The way back exists \| yes \| A rehearsal took every step back: ops, /m);
    assert.match(document, /^\| There is a staging database to try it on \| yes \| .*shop staging/m);
    assert.match(
      document,
      /^\| What the change touches has been looked at \| yes \| .* was assessed on shop/m,
    );
    const loaded = await loadPlan(context, folder);
    const stored = loaded.prerequisites.find((item) => item.id === 'rollback');
    assert.equal(stored?.confirmed?.name, 'the tech lead');
    assert.match(stored?.evidence ?? '', /rehearsal/);
    assert.deepEqual(openPrerequisitesOf(context, loaded), [
      'What changes, and for whom, is written down',
      'The people affected are known and have been told',
      'There is enough time for it',
    ]);
    await renewPrerequisites(context, folder);
    assert.equal(await text(), document, 'nothing new writes nothing');
  });

  it('stay as a person wrote them, and are not made up for a plan of before they were kept', async () => {
    const { context, folder, text } = await scaffolded();
    const file = path.join(folder, 'plan.md');
    await writeFile(file, (await text()).replace('| The way back exists | yes |', '| Back we can | yes |'));
    const answers = { ...noPlanAnswers, deadline: '2999-12-31' };
    await recordAnswers(context, folder, answers, { assessment: null, stagingDatabases: [] });
    assert.match(await text(), /^\| Back we can \| yes \|/m);
    assert.equal((await loadPlan(context, folder)).scope.deadline, '2999-12-31');

    const old = (await text()).replace(/^(?:scope|prerequisites):\n(?:[ -].*\n)+/gm, '');
    await writeFile(file, old);
    await renewPrerequisites(context, folder);
    assert.equal(await text(), old);
    assert.deepEqual(openPrerequisitesOf(context, await loadPlan(context, folder)), []);
  });
});
