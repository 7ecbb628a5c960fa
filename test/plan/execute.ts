import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import type { BackfillSpec, SqlStep, Step } from '../../src/plan/plan';
import { formatQualifiedName, quoteIdentifier } from '../../src/sql/identifier';
import { lockModes } from '../../src/safety/forecast';
import type { LockMode } from '../../src/safety/forecast';
import { splitForTest } from './split';

/** Runs one step as the product would, in its plainest form, and checks its verification. */
export async function runStep(session: Session, step: Step): Promise<void> {
  switch (step.kind) {
    case 'migration':
      await runMigration(session, step);
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

async function runMigration(session: Session, step: SqlStep): Promise<void> {
  const { rows } = await session.query<{ known: string[] }>(
    'SELECT array_agg(oid::text) AS known FROM pg_class',
  );
  await session.transaction(async () => {
    await session.script(step.forward);
    await assertLock(session, step, rows[0]!.known);
  });
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

/** The lock the step forecasts is the strongest it took on any table that was there before. */
async function assertLock(session: Session, step: Step, known: string[]): Promise<void> {
  const { rows } = await session.query<{ relation: string; mode: LockMode }>(
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS relation, l.mode
       FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE l.pid = pg_backend_pid() AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND c.oid = ANY ($1::oid[])`,
    [known],
  );
  const strongest = Math.max(...rows.map((row) => lockModes.indexOf(row.mode)));
  const relations = rows
    .filter((row) => lockModes.indexOf(row.mode) === strongest)
    .map((row) => row.relation);
  assert.equal(
    step.forecast?.lock,
    lockModes[strongest],
    `${step.id} takes ${lockModes[strongest]} on ${relations.join(', ')}`,
  );
  const said = step.forecast!.relation!.replaceAll('"', '');
  assert.ok(
    relations.map((each) => each.replaceAll('"', '')).includes(said),
    `${step.id}: ${said} of ${relations.join(', ')}`,
  );
}
