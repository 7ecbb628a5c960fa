import * as files from '../implement/apply-migration';
import type { ReleasedFile } from '../implement/run-context';
import { t } from '../messages/translate';
import { defaultPlanOptions } from '../plan/plan';
import { loadParser } from '../sql/parser';
import type { Database } from './database';
import type { Direction } from '../layouts/layout';
import { migrationStatuses } from '../layouts/migration-status';
import { byTool, confirmRunAlong, runAlong } from './by-tool';
import { findMigration, type FoundMigration } from './find-migration';
import type { AppliedOutcome } from './outcomes';
import { confirmProduction, ensureConsent } from './plan-run';
import { pathsOf, refuseMigrationsOfPlans } from './plans-of-migrations';
import type { JourneyContext } from './workspace';
import { migrationTitle } from '../layouts/migration-title';

/**
 * Runs the up of one migration file as its tool would, history row included. `agreed`: versions that may run along with it,
 * where the tool of a migration in code runs several.
 */
export async function applyMigration(
  context: JourneyContext,
  database: Database,
  file: string,
  agreed: readonly string[] = [],
): Promise<AppliedOutcome> {
  return files.applyMigration(await runRequest(context, database, { file, agreed, direction: 'up' }));
}

/** Takes one applied migration back by its down, as its tool would. */
export async function rollBackMigration(
  context: JourneyContext,
  database: Database,
  file: string,
  agreed: readonly string[] = [],
): Promise<AppliedOutcome> {
  return files.rollBackMigration(await runRequest(context, database, { file, agreed, direction: 'down' }));
}

/** Records a migration as applied, or not, and runs nothing; asks first. Null when the answer was no. */
export async function markMigration(
  context: JourneyContext,
  database: Database,
  file: string,
  as: 'applied' | 'not-applied',
): Promise<AppliedOutcome | null> {
  const { migration, layout } = await findMigration(context, file);
  const agreed = await context.prompt.confirm({
    id: 'mark-applied',
    title:
      as === 'applied'
        ? t('Mark {0} as applied?', migrationTitle(migration))
        : t('Mark {0} as not applied?', migrationTitle(migration)),
    detail:
      as === 'applied'
        ? t(
            'Nothing of it runs on {0}. {1} will take it as done and go on with the next one.',
            database.sessions.label,
            layout.title,
          )
        : t('Nothing is taken back on {0}. {1} will run it again.', database.sessions.label, layout.title),
    accept: as === 'applied' ? t('Mark as Applied') : t('Mark as Not Applied'),
  });
  return agreed ? files.markMigration(await requestFor(context, database, file), as) : null;
}

/** What a run is given; asks before the tool of a migration in code runs others along with it. */
async function runRequest(
  context: JourneyContext,
  database: Database,
  { file, direction, agreed }: { file: string; direction: Direction; agreed: readonly string[] },
): Promise<files.ApplyMigrationRequest> {
  const { folder, migration, layout } = await findMigration(context, file);
  await refuseMigrationsOfPlans(context, database, [migration.upPath]);
  if (migration.isCode) {
    const history = await layout.history(folder.label, database.session);
    const none = new Map<string, null>();
    const statuses = migrationStatuses({
      migrations: folder.migrations,
      history,
      layout,
      up: none,
      down: none,
    });
    const others = runAlong(layout, { statuses, history }, migration, direction);
    await refuseMigrationsOfPlans(context, database, pathsOf(others));
    const unasked = others.filter(({ version }) => !agreed.includes(version));
    await confirmRunAlong(context, layout, unasked, { version: migration.version, direction });
  }
  return requestFor(context, database, file);
}

export async function requestFor(
  context: JourneyContext,
  database: Database,
  file: string,
): Promise<files.ApplyMigrationRequest> {
  const found = await findMigration(context, file);
  // The plain pair has no history table of its own: ours serves, in the schema the user agrees to.
  if (found.folder.layout === 'plain') await ensureConsent(context, database);
  return {
    file: {
      ...(await migrationFile(context, found)),
      byTool: byTool(context, database, found.layout, found.migration),
    },
    sessions: database.sessions,
    environment: database.connection.environment,
    confirmedDatabase: await confirmProduction(context, database),
    by: context.user,
    lockTimeoutMilliseconds: defaultPlanOptions.lockTimeoutMilliseconds,
    parser: await loadParser(),
    onEvent: (event) => {
      if (event.kind === 'note') context.progress.report({ message: event.message });
      if (event.kind === 'lock-wait') {
        const who = event.blockers.join(', ') || t('another session');
        context.progress.report({
          message: t('Gave way to {0}; attempt {1} failed, trying again', who, event.attempt),
        });
      }
    },
    clock: context.clock,
    signal: context.signal,
  };
}

export async function migrationFile(context: JourneyContext, found: FoundMigration): Promise<ReleasedFile> {
  const { layout, migration, folder } = found;
  return {
    layout,
    migration,
    siblings: folder.migrations,
    directory: folder.label,
    up: await layout.script(migration, 'up', context.files),
    down: await layout.script(migration, 'down', context.files),
  };
}
