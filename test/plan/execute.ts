import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import type { BackfillSpec, Step } from '../../src/plan/plan';
import { formatQualifiedName, quoteIdentifier } from '../../src/sql/identifier';
import { splitForTest } from './split';

/** Runs one step as the product would, in its plainest form, and checks its verification. */
export async function runStep(session: Session, step: Step): Promise<void> {
  switch (step.kind) {
    case 'migration':
      await session.transaction(() => session.script(step.forward));
      break;
    case 'concurrent':
    case 'vacuum':
      for (const statement of splitForTest(step.forward)) await session.query(statement);
      break;
    case 'backfill':
      await session.query(backfillStatement(step.backfill));
      break;
    case 'check':
      for (const check of step.checks) {
        const { rows } = await session.query<{ holds: boolean; detail: string }>(check.sql);
        assert.equal(rows[0]?.holds, true, `${step.id} ${check.id}: ${rows[0]?.detail}`);
      }
      break;
    case 'deploy':
    case 'wait':
      break;
  }
  await verifyStep(session, step);
}

/** Whether the step's verification holds; steps without one do. */
export async function verificationHolds(session: Session, step: Step): Promise<boolean> {
  if (step.verification === null) return true;
  const { rows } = await session.query<{ holds: boolean }>(step.verification.sql);
  assert.equal(rows.length, 1, `${step.id}: the verification gives one row`);
  return rows[0]!.holds;
}

/** Undoes one step by its rollback. */
export async function rollBackStep(session: Session, step: Step): Promise<void> {
  if (step.kind === 'deploy' || step.kind === 'check' || step.kind === 'wait') return;
  if (step.rollback.kind !== 'sql') return;
  const sql = step.rollback.sql;
  if (step.kind === 'migration') await session.transaction(() => session.script(sql));
  else for (const statement of splitForTest(sql)) await session.query(statement);
}

async function verifyStep(session: Session, step: Step): Promise<void> {
  assert.equal(await verificationHolds(session, step), true, `${step.id}: ${step.verification?.sql}`);
}

function backfillStatement(spec: BackfillSpec): string {
  const set = spec.assignments
    .map((each) => `${quoteIdentifier(each.column)} = ${each.expression}`)
    .join(', ');
  return `UPDATE ${formatQualifiedName(spec.table)} SET ${set}${spec.pending === null ? '' : ` WHERE ${spec.pending}`}`;
}
