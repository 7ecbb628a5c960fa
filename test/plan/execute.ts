import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import { withLockRetry } from '../../src/database/lock-retry';
import { wholeWriteSql } from '../../src/implement/backfill-write';
import { defaultPlanOptions, type SqlStep, type Step } from '../../src/plan/plan';
import { systemClock } from '../../src/ports/clock';
import { silentProgress } from '../../src/ports/progress';
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
      await session.query(wholeWriteSql(step.backfill));
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
  const { rows: known } = await session.query<KnownRelation>(
    `SELECT c.oid::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS relation
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%'`,
  );
  await underLimit(session, async () => {
    await session.script(step.forward);
    await assertLock(session, step, known);
  });
}

/** As the product does it: who would wait longer lets the application go on, and tries again. */
function underLimit(session: Session, work: () => Promise<void>): Promise<void> {
  return withLockRetry({
    session,
    watcher: null,
    what: 'the step',
    work,
    lockTimeoutMilliseconds: defaultPlanOptions.lockTimeoutMilliseconds,
    firstDelayMilliseconds: 20,
    clock: systemClock(),
    progress: silentProgress(),
  });
}

/** A table or view with its name before the step, which may rename or drop it. */
interface KnownRelation {
  oid: string;
  relation: string;
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
  if (step.kind === 'migration') await underLimit(session, () => session.script(sql));
  else for (const statement of splitForTest(sql)) await session.query(statement);
}

async function verifyStep(session: Session, step: Step): Promise<void> {
  assert.equal(await verificationHolds(session, step), true, `${step.id}: ${step.verification?.sql}`);
}

/** The lock the step forecasts is the strongest it took on any table or view that was there before. */
async function assertLock(session: Session, step: Step, known: readonly KnownRelation[]): Promise<void> {
  const { rows } = await session.query<{ oid: string; now: string | null; mode: LockMode }>(
    `SELECT l.relation::oid::text AS oid, l.mode, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS now
       FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE l.pid = pg_backend_pid() AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  const before = new Map(known.map(({ oid, relation }) => [oid, relation]));
  const locks = rows.filter(({ oid }) => before.has(oid));
  const strongest = Math.max(-1, ...locks.map((lock) => lockModes.indexOf(lock.mode)));
  const relations = locks
    .filter((lock) => lockModes.indexOf(lock.mode) === strongest)
    .flatMap(({ oid, now }) => [before.get(oid)!, now ?? '']);
  const said = step.forecast;
  assert.equal(
    said?.lock ?? null,
    lockModes[strongest] ?? null,
    `${step.id} takes ${lockModes[strongest]} on ${relations.join(', ')}`,
  );
  if (strongest === -1) return;
  const bare = (name: string): string => name.replaceAll('"', '');
  assert.ok(
    relations.map(bare).includes(bare(said!.relation!)),
    `${step.id}: ${said!.relation} of ${relations.join(', ')}`,
  );
}
