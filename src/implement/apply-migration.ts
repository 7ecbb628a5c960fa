import { acquirePlanLock } from '../database/advisory-lock';
import type { Environment } from '../database/connection';
import type { Session, SessionFactory } from '../database/session';
import { assertSchema } from '../database/switchback-schema';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Direction } from '../layouts/layout';
import type { Clock } from '../ports/clock';
import type { SqlParser } from '../sql/parser';
import { assertDatabaseConfirmed } from './confirmed-database';
import { assertMayRun } from './may-run';
import { markMigrationFile, runMigrationFile } from './migration-file';
import { readFileState, willRunAgain } from './file-state';
import type { OnRunEvent } from './run-event';
import type { ReleasedFile } from './run-context';

export interface ApplyMigrationRequest {
  file: ReleasedFile;
  sessions: SessionFactory;
  environment: Environment;
  /** The database's name as the user typed it; needed on production. */
  confirmedDatabase: string | null;
  by: string;
  lockTimeoutMilliseconds: number;
  parser: SqlParser;
  onEvent: OnRunEvent;
  clock: Clock;
  signal: AbortSignal;
}

export interface AppliedMigrationFile {
  version: string;
  name: string;
  milliseconds: number;
}

/**
 * Runs one migration file that belongs to no plan as its tool would, history row included, holding the tool's lock
 * and ours. Throws `already-done`, `invalid-input` when it is not its turn, `confirmation-needed` on production,
 * `no-consent` where the history would be ours and there is no schema for it, `locked-by-other`.
 */
export function applyMigration(request: ApplyMigrationRequest): Promise<AppliedMigrationFile> {
  return runDirection(request, 'up');
}

/** Takes one migration file back by its down, as its tool would. Throws as `applyMigration`. */
export function rollBackMigration(request: ApplyMigrationRequest): Promise<AppliedMigrationFile> {
  return runDirection(request, 'down');
}

/**
 * Records a migration as applied, or as not applied, and runs nothing of it: for one that was done or taken back by
 * hand, or that began and did not finish. Throws `already-done` where that is what the history says, else as
 * `applyMigration`.
 */
export function markMigration(
  request: ApplyMigrationRequest,
  as: 'applied' | 'not-applied',
): Promise<AppliedMigrationFile> {
  return runDirection(request, as === 'applied' ? 'up' : 'down', 'mark');
}

async function runDirection(
  request: ApplyMigrationRequest,
  direction: Direction,
  how: 'run' | 'mark' = 'run',
): Promise<AppliedMigrationFile> {
  return withFileSessions(request, (held, session, watch) => runOn(held, direction, how, session, watch));
}

/**
 * Does something to a migration file of the database in a session of its own, with one to look on, holding our lock.
 * Throws `confirmation-needed` on production, `no-consent`, `locked-by-other`.
 */
export async function withFileSessions<T>(
  request: ApplyMigrationRequest,
  work: (request: ApplyMigrationRequest, session: Session, watch: Session) => Promise<T>,
): Promise<T> {
  const { sessions, signal, file, by: owner } = request;
  const session = await sessions.open({ applicationName: 'switchback', signal });
  try {
    assertDatabaseConfirmed(request, session);
    if (file.layout.id === 'plain') await assertSchema(session);
    if (session.facts.engine === 'pglite') return await work(request, session, session);
    const lock = await acquirePlanLock({ sessions, planId: `migrations ${file.directory}`, owner, signal });
    try {
      const watch = await sessions.open({ applicationName: 'switchback watch', signal });
      try {
        return await work({ ...request, signal: AbortSignal.any([signal, lock.lost]) }, session, watch);
      } finally {
        await watch.close();
      }
    } finally {
      await lock.release();
    }
  } finally {
    await session.close();
  }
}

async function runOn(
  request: ApplyMigrationRequest,
  direction: Direction,
  how: 'run' | 'mark',
  session: Session,
  watch: Session,
): Promise<AppliedMigrationFile> {
  const { file } = request;
  const { version, name } = file.migration;
  const state = await readFileState(session, file);
  if (state === 'applied' && direction === 'up' && !(await willRunAgain(session, file))) {
    throw new SwitchbackError(
      'already-done',
      t(
        'Migration {0} has been applied to {1} already. There is nothing to do.',
        version,
        request.sessions.label,
      ),
    );
  }
  if (state === 'pending' && direction === 'down') {
    throw new SwitchbackError(
      'already-done',
      t(
        'Migration {0} is not applied to {1}; there is nothing to take back.',
        version,
        request.sessions.label,
      ),
    );
  }
  // What began and did not finish is marked by whoever looked at what it left; all else has its turn.
  if (how === 'run' || state !== 'dirty') await assertMayRun(session, file, direction);
  const run = { ...request, session, watch, stepId: version, alsoRecord: async () => undefined };
  if (how === 'run') return { version, name, milliseconds: await runMigrationFile(run, direction) };
  await markMigrationFile(run, direction);
  return { version, name, milliseconds: 0 };
}
