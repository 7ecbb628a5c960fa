import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isDay, mergeAnswers, noPlanAnswers, type PlanAnswers } from '../../src/assess/plan-answers';
import {
  describePrerequisite,
  prerequisiteIds,
  prerequisitesOf,
  type Prerequisite,
  type PrerequisiteFacts,
  type PrerequisiteId,
} from '../../src/assess/prerequisites';
import { noScopeAnswers } from '../../src/documents/scope-answers';
import { plainNames, sampleAssessment } from '../implement/scaffold/sample-plan';

const nothing: PrerequisiteFacts = {
  confirmations: [],
  scope: noScopeAnswers,
  approvals: [],
  stagingDatabases: [],
  stagingRun: null,
  wayBack: null,
  rehearsal: null,
  timeline: null,
  deadline: null,
  recorded: {},
};
const assessment = sampleAssessment(plainNames);

function one(
  id: PrerequisiteId,
  facts: Partial<PrerequisiteFacts>,
  of: Parameters<typeof prerequisitesOf>[0] = null,
): Prerequisite {
  return prerequisitesOf(of, { ...nothing, ...facts }).find((item) => item.id === id)!;
}

function evidence(
  id: PrerequisiteId,
  facts: Partial<PrerequisiteFacts>,
  of = null as typeof assessment | null,
): string {
  const { by, state } = one(id, facts, of);
  assert.equal(state, 'held');
  assert.equal(by?.kind, 'evidence');
  return by.text;
}

describe('prerequisites', () => {
  it('are the same six, all open, when nothing is known; each says what would settle it', () => {
    const open = prerequisitesOf(null, nothing);
    assert.deepEqual(
      open.map((item) => item.id),
      [...prerequisiteIds],
    );
    for (const item of open) {
      assert.deepEqual([item.state, item.by], ['open', null]);
      assert.match(describePrerequisite(item), /^[A-Z].*\.$/);
    }
  });

  it('scope: held when systems, users and downtime are all said', () => {
    const scope = { systems: 'web shop', users: 'all customers.', downtime: 'none' };
    assert.equal(evidence('scope', { scope }), 'Systems: web shop. Users: all customers. Downtime: none.');
    for (const left of ['systems', 'users', 'downtime'] as const)
      assert.equal(one('scope', { scope: { ...scope, [left]: null } }).state, 'open', left);
  });

  it('impact: held by the assessment with its day and counts, or by what the plan kept of it', () => {
    const text = evidence('impact', {}, assessment);
    for (const part of [
      'shop on localhost:5432',
      '2026-03-04',
      '1 place in 1 file',
      'depend on it: 3',
      'risks: 1',
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
    assert.equal(evidence('impact', { recorded: { impact: 'as it was' } }), 'as it was');
    assert.notEqual(evidence('impact', { recorded: { impact: 'as it was' } }, assessment), 'as it was');
  });

  it('stakeholders: held when every role has approved, not when one is missing', () => {
    const approvals = [
      { role: 'Tech lead', by: 'the first' },
      { role: 'Stakeholders', by: 'the second' },
    ];
    assert.equal(
      evidence('stakeholders', { approvals }),
      'Approved by the first (Tech lead), the second (Stakeholders).',
    );
    assert.equal(one('stakeholders', { approvals: [...approvals, { role: 'x', by: null }] }).state, 'open');
    assert.equal(one('stakeholders', { approvals: [] }).state, 'open');
  });

  it('staging: held by a run there, by the database itself, by a connection, or by what the plan kept', () => {
    const stagingRun = { by: 'ops', at: '2026-02-03T04:05:06Z' };
    assert.match(
      evidence('staging', { stagingRun, stagingDatabases: ['x'] }),
      /ran on staging: ops, 2026-02-03/,
    );
    assert.match(evidence('staging', { stagingDatabases: ['shop staging'] }), /shop staging/);
    assert.equal(evidence('staging', { recorded: { staging: 'kept' } }), 'kept');
    const database = { ...assessment.database, environment: 'staging' as const };
    assert.match(evidence('staging', {}, { ...assessment, database }), /labelled staging/);
    assert.equal(one('staging', {}, assessment).state, 'open', 'production is no staging');
  });

  it('rollback: held by a rehearsal, or when every step has its way back and something is waited for', () => {
    const wayBack = { steps: 7, without: [], waitDays: 30 };
    assert.match(evidence('rollback', { wayBack }), /All 7 steps .* 30 days/);
    assert.equal(one('rollback', { wayBack: { ...wayBack, waitDays: 0 } }).state, 'open');
    const stuck = { ...wayBack, without: ['Shrink it'] };
    assert.match(one('rollback', { wayBack: stuck }).ask, /"Shrink it" has no way back/);
    assert.equal(one('rollback', { wayBack: stuck }).state, 'open');
    const rehearsal = { by: 'ops', at: '2026-02-03T04:05:06Z' };
    assert.match(evidence('rollback', { wayBack: { ...wayBack, waitDays: 0 }, rehearsal }), /rehearsal.*ops/);
  });

  it('time: held when the plan ends by the deadline, open after it and without one', () => {
    const timeline = { days: 38, end: '2026-04-10' };
    for (const deadline of ['2026-04-10', '2026-12-31'])
      assert.match(evidence('time', { timeline, deadline }), /38 days and ends on 2026-04-10/);
    assert.match(one('time', { timeline, deadline: '2026-04-09' }).ask, /after the deadline 2026-04-09/);
    assert.equal(one('time', { timeline, deadline: '2026-04-09' }).state, 'open');
    assert.match(one('time', { timeline }).ask, /38 days .* Give the deadline/);
    assert.equal(one('time', { deadline: '2026-04-09' }).state, 'open');
  });

  it('are held by a person’s word where nothing else holds them; the last word counts, evidence before words', () => {
    for (const id of prerequisiteIds) {
      const word = { id, at: '2026-02-03T04:05:06Z', note: 'seen' };
      const confirmations = [
        { ...word, name: 'the first' },
        { ...word, name: 'the second', note: '' },
      ];
      const item = one(id, { confirmations });
      assert.deepEqual(item.by, { kind: 'person', name: 'the second', at: word.at, note: '' });
      assert.equal(describePrerequisite(item), 'Confirmed by the second on 2026-02-03.');
      const others = prerequisitesOf(null, { ...nothing, confirmations }).filter((other) => other.id !== id);
      assert.ok(others.every((other) => other.state === 'open'));
    }
    const confirmations = [{ id: 'impact' as const, name: 'x', at: '2026-02-03T04:05:06Z', note: '' }];
    assert.equal(one('impact', { confirmations }, assessment).by?.kind, 'evidence');
  });
});

describe('what people say of a plan', () => {
  const said = fc.option(fc.string({ minLength: 1 }), { nil: null });
  const plain = { noNullPrototype: true };
  const answers: fc.Arbitrary<PlanAnswers> = fc.record(
    {
      scope: fc.record({ systems: said, users: said, downtime: said }, plain),
      deadline: said,
      confirmations: fc.uniqueArray(
        fc.record(
          {
            id: fc.constantFrom(...prerequisiteIds),
            name: fc.string(),
            at: fc.constant('2026-02-03T04:05:06Z'),
            note: fc.string(),
          },
          plain,
        ),
        { selector: (item) => item.id },
      ),
    },
    plain,
  );

  it('adds up in any grouping, and nothing said changes nothing', () => {
    const sorted = (all: PlanAnswers): PlanAnswers => ({
      ...all,
      confirmations: [...all.confirmations].sort((a, b) => a.id.localeCompare(b.id)),
    });
    fc.assert(
      fc.property(answers, answers, answers, (a, b, c) => {
        assert.deepEqual(
          sorted(mergeAnswers(mergeAnswers(a, b), c)),
          sorted(mergeAnswers(a, mergeAnswers(b, c))),
        );
        assert.deepEqual(mergeAnswers(a, noPlanAnswers), a);
        assert.deepEqual(mergeAnswers(noPlanAnswers, a), a);
      }),
    );
  });

  it('takes days that exist', () => {
    for (const day of ['2026-03-31', '2028-02-29']) assert.ok(isDay(day), day);
    for (const text of ['', '2026-02-29', '2026-13-01', '31.12.2026', '2026-3-1', '2026-03-31T00:00:00Z'])
      assert.ok(!isDay(text), text);
  });
});
