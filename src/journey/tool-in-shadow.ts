import type { Session } from '../database/session';
import type { Direction, Layout, Migration, ParameterizedSql } from '../layouts/layout';
import { migrationTitle } from '../layouts/migration-title';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { RunInShadow } from '../rehearse/rehearse';
import type { Shadow } from '../shadow/shadow';
import { historyRows } from './history-rows';
import { commandFor, runTool } from './run-tool';
import { relativeToWorkspace } from './shadow';
import type { JourneyContext } from './workspace';

/**
 * How the migrations of a folder with programs in it are run in a shadow database: all of them by their tool, which
 * needs its own history of them. Undefined where all are SQL. Throws `invalid-input` where the tool cannot reach the
 * shadow; what it gives throws `verification-failed` where the tool worked on another database.
 */
export function toolInShadow(
  context: JourneyContext,
  layout: Layout,
  migrations: readonly Migration[],
  shadow: Shadow | null,
): RunInShadow | undefined {
  const code = migrations.find((migration) => migration.isCode);
  const run = layout.tool?.run;
  if (!code) return undefined;
  // On a server of the user's nobody could tell beforehand what else than the shadow a program reaches.
  if (!run || shadow?.kind !== 'local') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is code, which {1} alone can run, and only in a local PostgreSQL as shadow. Choose that one, with the programs of PostgreSQL on this machine.',
        migrationTitle(code),
        layout.title,
      ),
    );
  }
  return (migration, direction) => async (signal) => {
    const { connection, password } = shadow.reach()!;
    const values = { name: migration.name, version: migration.version, file: migration.upPath };
    const command = await commandFor(context, layout, direction, values, () =>
      run.command(migration, direction, context.files),
    );
    const call = async (): Promise<void> => {
      await runTool({ ...context, signal }, { connection, secret: async () => password }, layout, command);
    };
    const session = await shadow.open({ signal });
    const history = { context, layout, session };
    try {
      if (direction === 'down' || run.applies !== 'all') await call();
      else await withLaterRows(history, migration, call);
      await assertTold(history, migration, direction === 'up');
    } finally {
      await session.close();
    }
  };
}

interface ShadowHistory {
  context: JourneyContext;
  layout: Layout;
  session: Session;
}

/**
 * Calls a tool that runs all that is pending while its history in the shadow says of later migrations that they are
 * applied: then one alone is pending.
 */
async function withLaterRows(
  { context, layout, session }: ShadowHistory,
  { folder, version }: Migration,
  call: () => Promise<void>,
): Promise<void> {
  const migrations = await layout.list(folder, context.files);
  const later = migrations.slice(migrations.findIndex((migration) => migration.version === version) + 1);
  const rows: Record<Direction, ParameterizedSql[]> = { up: [], down: [] };
  for (const migration of later) {
    for (const direction of ['up', 'down'] as const)
      rows[direction].push(...(await historyRows(context, layout, migration, direction)));
  }
  const write = (statements: readonly ParameterizedSql[]): Promise<void> =>
    session.transaction(async () => {
      for (const { sql, parameters } of statements) await session.query(sql, parameters);
    });
  await write(rows.up);
  try {
    await call();
  } finally {
    await write(rows.down);
  }
}

/** A tool whose settings name another database has worked there, and must not go on. */
async function assertTold(
  { context, layout, session }: ShadowHistory,
  { folder, version }: Migration,
  isApplied: boolean,
): Promise<void> {
  const { applied } = await layout.history(relativeToWorkspace(context, folder), session);
  if (applied.some((row) => row.version === version) === isApplied) return;
  throw new SwitchbackError(
    'verification-failed',
    t(
      '{0} ended without an error, but its history in the shadow database does not tell of {1}. See whether its configuration names another database than the one of DATABASE_URL and the PG* variables.',
      layout.title,
      version,
    ),
  );
}
