import assert from 'node:assert/strict';
import { noPlanAnswers } from '../../src/assess/plan-answers';
import type { PrerequisiteId } from '../../src/assess/prerequisites';
import type { LoadedPlan } from '../../src/implement/scaffold/plan-file';
import { prerequisitesNow, type PrerequisiteSources } from '../../src/journey/prerequisites';
import type { Evidence, Plan } from '../../src/plan/plan';
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
