import type { Direction, History, Layout, Migration, MigrationStatus } from '../layouts/layout';
import { lockRetryDelay } from '../database/lock-retry';
import { migrationTitle } from '../layouts/migration-title';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { defaultPlanOptions } from '../plan/plan';
import type { Database } from './database';
import { commandFor, runTool } from './run-tool';
import type { JourneyContext } from './workspace';

/** How one migration in code is run on a database: by its tool. Undefined for one in SQL. */
export function byTool(
  context: JourneyContext,
  database: Database,
  layout: Layout,
  migration: Migration,
): ((direction: Direction) => Promise<void>) | undefined {
  const run = layout.tool?.run;
  if (!migration.isCode || !run) return undefined;
  return async (direction) => {
    if (database.connection.kind === 'embedded') {
      throw new SwitchbackError(
        'invalid-input',
        t(
          '{0} cannot reach the embedded database, which only Switchback talks to. Connect to a server to run migrations in code.',
          layout.title,
        ),
      );
    }
    const values = { name: migration.name, version: migration.version, file: migration.upPath };
    const command = await commandFor(context, layout, direction, values, () =>
      run.command(migration, direction, context.files),
    );
    // What is not in a transaction would be left half done by a time-out, and queues nobody while it waits.
    const script = await layout.script(migration, direction, context.files);
    const call = (options: string): Promise<unknown> => runTool(context, database, layout, command, options);
    if (script?.transaction === 'wrapped') await retried(context, migration, call);
    else await call('');
  };
}

const lockAttempts = 6;

/**
 * Calls a tool that gives way where a lock is not free, and again after a pause in which the queue behind it goes on.
 * What its one transaction did is gone then.
 */
async function retried(
  context: JourneyContext,
  migration: Migration,
  call: (options: string) => Promise<unknown>,
): Promise<void> {
  const options = `-c lock_timeout=${defaultPlanOptions.lockTimeoutMilliseconds}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call(options);
      return;
    } catch (error) {
      if (attempt === lockAttempts || !isLockTimeout(error)) throw error;
      const milliseconds = lockRetryDelay(attempt);
      context.progress.report({
        message: t(
          '{0} did not get its lock; attempt {1} in {2} ms',
          migrationTitle(migration),
          attempt + 1,
          milliseconds,
        ),
      });
      await context.clock.sleep(milliseconds, context.signal);
    }
  }
}

/** A tool says so in PostgreSQL's words, or by its code. */
function isLockTimeout(error: unknown): boolean {
  return (
    isSwitchbackError(error, 'step-failed') && /lock timeout|55P03|LockNotAvailable/.test(error.sentence)
  );
}

/** Asks before the tool runs more than was asked for. Throws `confirmation-needed` after a no, else as `runAlong`. */
export async function confirmRunAlong(
  context: JourneyContext,
  layout: Layout,
  others: readonly MigrationStatus[],
  { version, direction }: { version: string; direction: Direction },
): Promise<void> {
  if (others.length === 0) return;
  const names = others.map(migrationTitle).join(', ');
  const agreed = await context.prompt.confirm({
    id: 'run-along',
    title:
      direction === 'up'
        ? t('{0} applies {1} more with {2}.', layout.title, others.length, version)
        : t('{0} takes back {1} more with {2}.', layout.title, others.length, version),
    detail: t('These run too: {0}.', names),
    accept: direction === 'up' ? t('Apply All of Them') : t('Roll Back All of Them'),
  });
  if (agreed) return;
  throw new SwitchbackError(
    'confirmation-needed',
    t('Nothing was run: {0} cannot run {1} alone.', layout.title, version),
  );
}

/**
 * What one call of the tool runs beside the migration that is meant. Throws `invalid-input` where it would take back
 * another one than that.
 */
export function runAlong(
  layout: Layout,
  { statuses, history }: { statuses: readonly MigrationStatus[]; history: Pick<History, 'applied'> },
  migration: Migration,
  direction: Direction,
): MigrationStatus[] {
  const run = layout.tool?.run;
  if (!migration.isCode || !run) return [];
  const place = statuses.findIndex(({ version }) => version === migration.version);
  const others = (from: number, to: number, state: MigrationStatus['state']): MigrationStatus[] =>
    statuses.slice(from, to).filter((status, index) => status.state === state && from + index !== place);
  if (direction === 'up') {
    if (run.applies === 'one') return [];
    return others(0, run.applies === 'all' ? statuses.length : place, 'pending');
  }
  if (run.takesBack === 'from') return others(place + 1, statuses.length, 'applied');
  // Applied out of order, the last is not the one of the highest version.
  const last = history.applied.at(-1);
  if (run.takesBack === 'one' || !last || last.version === migration.version) return [];
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} takes back the last one alone, which is {1}. Roll that one back before {2}.',
      layout.title,
      migrationTitle({ version: last.version, name: last.name ?? '' }),
      migration.version,
    ),
  );
}
