import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Direction, MigrationState, MigrationStatus } from '../layouts/layout';
import { layoutById } from '../layouts/layouts';
import { applyMigration, rollBackMigration } from './apply-file';
import type { Database } from './database';
import { readStatus } from './migrations';
import { findMigrations, type FoundMigration } from './find-migration';
import { pathsOf, refuseMigrationsOfPlans } from './plans-of-migrations';
import type { AppliedOutcome } from './outcomes';
import type { JourneyContext } from './workspace';
import { migrationAddress } from '../layouts/migration-address';
import { migrationTitle } from '../layouts/migration-title';

/**
 * Applies what is pending up to and with one migration, in the tool's order. What is done stays done where a later
 * one fails. Throws as `applyMigration`, and `already-done` where nothing is pending.
 */
export async function applyUpTo(
  context: JourneyContext,
  database: Database,
  file: string,
): Promise<AppliedOutcome[]> {
  const { statuses, place } = await standing(context, database, file);
  const pending = statuses.slice(0, place + 1).filter((status) => status.state === 'pending');
  if (pending.length === 0) {
    throw new SwitchbackError(
      'already-done',
      t('Everything up to {0} is applied to {1} already.', statuses[place]!.version, database.sessions.label),
    );
  }
  await refuseMigrationsOfPlans(context, database, pathsOf(pending));
  const once = askingOnce(context);
  return inTurn(context, callsFor(pending, 'up'), (path) =>
    applyMigration(
      once,
      database,
      path,
      pending.map(({ version }) => version),
    ),
  );
}

/**
 * Applies what a file holds: its one migration, or of several those that are pending, in their order. Throws as
 * `applyMigration`, and `already-done` where none of several is pending.
 */
export async function applyFile(
  context: JourneyContext,
  database: Database,
  address: string,
): Promise<AppliedOutcome | AppliedOutcome[]> {
  const found = await findMigrations(context, address);
  if (found.length === 1) return applyMigration(context, database, address);
  const pending = await inState(context, database, found, 'pending');
  if (pending.length === 0) {
    throw new SwitchbackError(
      'already-done',
      t('All of {0} is applied to {1} already.', fileName(address), database.sessions.label),
    );
  }
  const once = askingOnce(context);
  return inTurn(context, pending, (each) => applyMigration(once, database, each));
}

/**
 * Takes back what a file holds: its one migration, or of several those that are applied, the last first, and nothing
 * where one of them has no way back. Throws as `rollBackMigration`, and `already-done` where none of several is applied.
 */
export async function rollBackFile(
  context: JourneyContext,
  database: Database,
  address: string,
): Promise<AppliedOutcome | AppliedOutcome[]> {
  const found = await findMigrations(context, address);
  if (found.length === 1) return rollBackMigration(context, database, address);
  const applied = (await inState(context, database, found, 'applied')).reverse();
  if (applied.length === 0) {
    throw new SwitchbackError(
      'already-done',
      t('Nothing of {0} is applied to {1}.', fileName(address), database.sessions.label),
    );
  }
  assertWayBack(applied);
  const once = askingOnce(context);
  return inTurn(context, applied, (each) => rollBackMigration(once, database, each));
}

function fileName(file: string): string {
  return path.basename(file);
}

/** Those of some migrations of one folder that are in a state. */
async function inState(
  context: JourneyContext,
  database: Database,
  found: readonly FoundMigration[],
  state: MigrationState,
): Promise<MigrationStatus[]> {
  const { statuses } = await standing(context, database, found[0]!.migration.upPath);
  const versions = new Set(found.map(({ migration }) => migration.version));
  return statuses.filter((status) => status.state === state && versions.has(status.version));
}

/** Throws `not-found` for the first that cannot be taken back. */
function assertWayBack(statuses: readonly MigrationStatus[]): void {
  const without = statuses.find(({ flags }) => flags.includes('no-down') || flags.includes('irreversible'));
  if (!without) return;
  throw new SwitchbackError(
    'not-found',
    without.flags.includes('irreversible')
      ? t('Migration {0} is irreversible by its author. Nothing was taken back.', without.version)
      : t('Migration {0} has no way back. Write one first; nothing was taken back.', without.version),
  );
}

/** The applied migrations behind one, the last first. Throws `already-done` where there are none. */
async function appliedAfter(
  context: JourneyContext,
  database: Database,
  file: string,
): Promise<MigrationStatus[]> {
  const { statuses, place } = await standing(context, database, file);
  // Repeatable ones stay: no tool takes them back.
  const after = statuses
    .slice(place + 1)
    .filter(({ state, migration }) => state === 'applied' && migration?.kind !== 'repeatable');
  if (after.length > 0) return after.reverse();
  throw new SwitchbackError(
    'already-done',
    t(
      'Nothing behind {0} is applied to {1}. To take back that one, roll it back alone.',
      statuses[place]!.version,
      database.sessions.label,
    ),
  );
}

/**
 * Takes back what is applied behind one migration, the last first; that one stays. Asks first, and takes nothing back
 * where one of them has no way back. Null when the answer was no. Throws `already-done`, `not-found`, else as
 * `rollBackMigration`.
 */
export async function rollBackTo(
  context: JourneyContext,
  database: Database,
  file: string,
): Promise<AppliedOutcome[] | null> {
  const after = await appliedAfter(context, database, file);
  assertWayBack(after);
  await refuseMigrationsOfPlans(context, database, pathsOf(after));
  const agreed = await context.prompt.confirm({
    id: 'roll-back',
    title: after.length === 1 ? t('Roll back one migration?') : t('Roll back {0} migrations?', after.length),
    detail: t(
      'On {0} the way back of each is run, in this order: {1}.',
      database.sessions.label,
      after.map(migrationTitle).join(', '),
    ),
    accept: t('Roll Back'),
  });
  if (!agreed) return null;
  const once = askingOnce(context);
  return inTurn(context, callsFor(after, 'down'), (path) =>
    rollBackMigration(
      once,
      database,
      path,
      after.map(({ version }) => version),
    ),
  );
}

async function standing(
  context: JourneyContext,
  database: Database,
  file: string,
): Promise<{ statuses: MigrationStatus[]; place: number }> {
  // Of a file that holds several, all of them.
  const { folder, migration } = (await findMigrations(context, file)).at(-1)!;
  const all = await readStatus(context, database.session);
  const { statuses, problems } = all.find((each) => each.folder === folder.folder)!;
  if (problems.length > 0) throw new SwitchbackError('invalid-file', problems[0]!);
  return { statuses, place: statuses.findIndex(({ version }) => version === migration.version) };
}

/** The migrations to run one by one: a tool that runs those on the way too is called for the last alone. */
function callsFor(statuses: readonly MigrationStatus[], direction: Direction): readonly MigrationStatus[] {
  const last = statuses.at(-1)?.migration;
  const run = last?.isCode ? layoutById(last.layout).tool?.run : undefined;
  const atOnce = direction === 'up' ? run && run.applies !== 'one' : run?.takesBack === 'from';
  return atOnce ? statuses.slice(-1) : statuses;
}

/** Who typed the name of a production database need not type it again for each migration of one action. */
function askingOnce(context: JourneyContext): JourneyContext {
  const { prompt } = context;
  const agreed = new Set<string>();
  return {
    ...context,
    prompt: {
      confirm: (question) => prompt.confirm(question),
      typeToConfirm: async (question) => {
        if (!agreed.has(question.expected) && (await prompt.typeToConfirm(question)))
          agreed.add(question.expected);
        return agreed.has(question.expected);
      },
    },
  };
}

async function inTurn(
  context: JourneyContext,
  statuses: readonly MigrationStatus[],
  run: (path: string) => Promise<AppliedOutcome>,
): Promise<AppliedOutcome[]> {
  const done: AppliedOutcome[] = [];
  for (const { migration, version, name } of statuses) {
    context.signal.throwIfAborted();
    context.progress.report({ message: migrationTitle({ version, name }) });
    done.push(await run(migrationAddress(migration!)));
  }
  return done;
}
