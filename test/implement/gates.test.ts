import assert from 'node:assert/strict';
import { defaultGateLimits, type GateReadings, type GateRequest } from '../../src/implement/gate-request';
import { evaluateGates, isOpen } from '../../src/implement/gates';
import { planProgress } from '../../src/plan/plan-state';
import { stepsOf, type Evidence, type Gate, type GateKind, type StepProgress } from '../../src/plan/plan';
import { samplePlan } from './plan-fixture';

const now = new Date('2026-03-01T12:00:00Z');
const quiet: GateReadings = { longTransactions: [], blindRole: null, replicas: [], neededBytes: 5_000_000 };

function gate(kind: GateKind, change: Partial<GateRequest> = {}, done: string[] = []): Gate {
  const plan = samplePlan();
  const steps = done.map((id): StepProgress => ({
    id,
    state: 'done',
    startedAt: null,
    finishedAt: null,
    by: null,
    error: null,
    backfill: null,
  }));
  const step = { ...stepsOf(plan).at(-1)!, gates: [kind] };
  const request: GateRequest = {
    plan,
    step,
    progress: planProgress(plan, steps),
    evidence: [],
    contentHash: 'h1',
    readings: quiet,
    limits: defaultGateLimits,
    now,
    ...change,
  };
  return evaluateGates(request)[0]!;
}

function evidence(kind: GateKind, change: Partial<Evidence> = {}): Evidence {
  return {
    gate: kind,
    verdict: 'held',
    at: '2026-03-01T11:00:00Z',
    by: 'ops',
    server: 's',
    database: 'd',
    contentHash: 'h1',
    details: {},
    ...change,
  };
}

describe('gates', () => {
  it('approval: says what is not settled to who is asked, and no more once it is held', () => {
    const openPrerequisites = ['There is enough time for it', 'The way back exists'];
    const asked = gate('approval', { openPrerequisites });
    assert.equal(asked.state, 'unknown');
    assert.match(asked.reason, /still open: There is enough time for it; The way back exists\.$/);
    const held = gate('approval', { openPrerequisites, evidence: [evidence('approval')] });
    assert.equal(held.state, 'held');
    assert.doesNotMatch(held.reason, /open/);
    assert.doesNotMatch(gate('backup', { openPrerequisites }).reason, /still open/);
  });

  const recorded: GateKind[] = ['backup', 'staging-run', 'rehearsal', 'approval', 'quiet-hours'];
  for (const kind of recorded) {
    it(`${kind}: unknown without a record, held with one, failed when it failed, the latest counts`, () => {
      assert.equal(gate(kind).state, 'unknown');
      assert.deepEqual(
        [gate(kind, { evidence: [evidence(kind)] }).state, gate(kind, { evidence: [evidence(kind)] }).by],
        ['held', 'ops'],
      );
      const later = evidence(kind, {
        verdict: 'failed',
        at: '2026-03-01T11:30:00Z',
        details: { reason: 'disk full' },
      });
      const failed = gate(kind, { evidence: [later, evidence(kind)] });
      assert.equal(failed.state, 'failed');
      assert.match(failed.reason, /disk full/);
    });
  }

  const all: GateKind[] = [...recorded, 'deployed', 'replica-lag', 'long-transactions', 'disk', 'soak'];
  for (const kind of all) {
    it(`${kind}: a waiver opens it and says who and why`, () => {
      const waived = gate(kind, {
        evidence: [evidence(kind, { verdict: 'waived', details: { reason: 'tested by hand' } })],
        readings: { ...quiet, replicas: null },
      });
      assert.equal(waived.state, 'waived');
      assert.ok(isOpen(waived) && waived.by === 'ops' && waived.reason.includes('tested by hand'));
    });
  }

  it('approval and rehearsal are void when the plan changed after them', () => {
    for (const kind of ['approval', 'rehearsal'] as const) {
      const changed = gate(kind, { evidence: [evidence(kind, { contentHash: 'h0' })] });
      assert.equal(changed.state, 'unknown');
      assert.match(changed.reason, /changed after/);
    }
  });

  it('a backup of last week is no backup', () => {
    assert.equal(
      gate('backup', { evidence: [evidence('backup', { at: '2026-02-22T11:00:00Z' })] }).state,
      'failed',
    );
  });

  it('long transactions and replica lag are read from the database', () => {
    const old = { ...quiet, longTransactions: [{ description: 'pid 7 (report)', milliseconds: 120_000 }] };
    assert.match(gate('long-transactions', { readings: old }).reason, /120 s: pid 7 \(report\)/);
    assert.equal(gate('long-transactions').state, 'held');
    const blind = gate('long-transactions', { readings: { ...quiet, blindRole: 'app' } });
    assert.equal(blind.state, 'unknown');
    assert.match(blind.reason, /role app cannot see .* Grant it pg_read_all_stats, or waive/);
    const late = {
      ...quiet,
      replicas: [
        { name: 'r1', lagMilliseconds: 5 },
        { name: 'r2', lagMilliseconds: 30_000 },
      ],
    };
    assert.match(gate('replica-lag', { readings: late }).reason, /r2 is 30 s behind/);
    assert.equal(gate('replica-lag').state, 'held');
    assert.equal(gate('replica-lag', { readings: { ...quiet, replicas: null } }).state, 'unknown');
  });

  it('disk needs somebody to say what is free, and compares it', () => {
    assert.match(gate('disk').reason, /about 5 MB/);
    assert.equal(
      gate('disk', { evidence: [evidence('disk', { details: { freeBytes: 9_000_000 } })] }).state,
      'held',
    );
    assert.equal(
      gate('disk', { evidence: [evidence('disk', { details: { freeBytes: 1_000_000 } })] }).state,
      'failed',
    );
  });

  it('deployed and soak follow the steps before', () => {
    assert.deepEqual([gate('deployed').state, gate('soak').state], ['failed', 'failed']);
    assert.equal(gate('deployed', {}, ['06-deploy']).state, 'held');
    assert.equal(gate('soak', {}, ['07-wait']).state, 'held');
  });
});

describe('the gate of approval', () => {
  const author = { name: 'Ada Lovelace', mail: 'ada@example.com' };
  const by = (name: string, change: Partial<Evidence> = {}): Evidence =>
    evidence('approval', { by: name, ...change });

  it('is held by one approval of the plan as it is, whatever others were given for', () => {
    const stale = by('Grace', { contentHash: 'h0', at: '2026-03-01T11:30:00Z' });
    assert.deepEqual(
      [gate('approval', { evidence: [stale, by('Linus')] })].map(({ state, by: who }) => [state, who]),
      [['held', 'Linus']],
    );
    assert.match(gate('approval', { evidence: [stale] }).reason, /changed after Grace approved it/);
  });

  it('says why approvals in plan.md do not count, until one does', () => {
    const approvals = { refused: ['The approval of Grace is not committed yet.'], author: null };
    const asked = gate('approval', { approvals });
    assert.equal(asked.state, 'unknown');
    assert.equal(
      asked.reason,
      'Nobody has approved the plan. Ask for approval. The approval of Grace is not committed yet.',
    );
    const held = gate('approval', { approvals, evidence: [by('Linus')] });
    assert.equal(held.state, 'held');
    assert.doesNotMatch(held.reason, /Grace/);
  });

  it('is not held by the author alone where somebody else has to approve, by whatever name', () => {
    const approvals = { refused: [], author };
    for (const name of ['ada lovelace', 'ada@example.com', 'Ada Lovelace <ada@example.com>', 'ada']) {
      const own = gate('approval', { approvals, evidence: [by(name)] });
      assert.equal(own.state, 'unknown', name);
      assert.match(own.reason, /cannot be its only approver/);
      assert.equal(gate('approval', { approvals, evidence: [by(name), by('grace')] }).by, 'grace');
    }
    assert.equal(gate('approval', { evidence: [by('ada')] }).state, 'held');
  });
});
