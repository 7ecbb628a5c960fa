import type { Direction, Layout, Migration } from '../layouts/layout';
import { migrationTitle } from '../layouts/migration-title';
import { preparationOf } from '../layouts/preparation';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { defaultWatchdogMilliseconds, type RunInShadow } from '../rehearse/rehearse';
import type { Shadow } from '../shadow/shadow';
import { recordStatements } from '../shadow/statement-recorder';
import { loadParser } from '../sql/parser';
import type { Database } from './database';
import { bookkeepingOf } from './history-rows';
import { layoutOf, type MigrationFolder } from './migrations';
import { ownStatements } from './own-statements';
import { assertTrusted } from './run-tool';
import { openWorkspaceShadow } from './shadow';
import { toolInShadow } from './tool-in-shadow';
import type { JourneyContext } from './workspace';

/** What a tool sent for one direction of a migration, or why it did not get that far, as a sentence. */
export type CapturedSql = { sql: string; problem: null } | { sql: null; problem: string };

/** By direction; absent where the migration has no such one, or it was not asked for. */
export type CapturedMigration = Partial<Record<Direction, CapturedSql>>;

export interface CaptureRequest {
  folder: MigrationFolder;
  /** Migrations of the folder that are code. */
  wanted: readonly Migration[];
  directions: readonly Direction[];
  /** The connected database, whose version the shadow has where that is on this machine; it is not touched. */
  database: Database | null;
}

/**
 * The SQL that their tool sends for migrations, by version: it runs them in a local PostgreSQL of our own, after those
 * before them. Throws `no-shadow` where there is none, `verification-failed` where one of them cannot be applied there,
 * `untrusted-workspace`.
 */
export async function captureMigrations(
  context: JourneyContext,
  request: CaptureRequest,
): Promise<Map<string, CapturedMigration>> {
  assertTrusted(context, request.folder);
  const { connection, session } = request.database ?? {};
  const target = connection && session && { connection, major: session.facts.major, session };
  const shadow = await openWorkspaceShadow(context, 'local', target ?? null);
  try {
    return await captureIn(context, shadow, request);
  } finally {
    await shadow.dispose();
  }
}

async function captureIn(
  context: JourneyContext,
  shadow: Shadow,
  { folder, wanted, directions }: CaptureRequest,
): Promise<Map<string, CapturedMigration>> {
  const layout = layoutOf(folder);
  const isWanted = ({ version }: Migration): boolean => wanted.some((one) => one.version === version);
  const last = folder.migrations.findLastIndex(isWanted);
  const migrations = folder.migrations.slice(0, last + 1);
  const run = new CaptureRun(context, shadow, layout, migrations);
  await run.start();
  const captured = new Map<string, CapturedMigration>();
  for (const [index, migration] of migrations.entries()) {
    const next = migrations[index + 1];
    if (!isWanted(migration)) {
      // One call of such a tool applies those before it too.
      if (layout.tool?.run?.applies === 'one' || (next && isWanted(next))) await run.apply(migration);
      continue;
    }
    const parts: CapturedMigration = {};
    if (directions.includes('up')) parts.up = await run.record(migration, 'up');
    else await run.apply(migration);
    if (directions.includes('down') && (await layout.script(migration, 'down', context.files))) {
      parts.down = await run.record(migration, 'down').catch((error: unknown) => notSent(context, error));
      if (next && parts.down.problem === null) await run.apply(migration);
    }
    captured.set(migration.version, parts);
  }
  return captured;
}

/** What stands in the way of a way back says nothing of the others. */
function notSent(context: JourneyContext, error: unknown): CapturedSql {
  context.signal.throwIfAborted();
  if (!isSwitchbackError(error)) throw error;
  return { sql: null, problem: error.sentence };
}

class CaptureRun {
  readonly #context: JourneyContext;
  readonly #shadow: Shadow;
  readonly #layout: Layout;
  readonly #migrations: readonly Migration[];

  constructor(context: JourneyContext, shadow: Shadow, layout: Layout, migrations: readonly Migration[]) {
    this.#context = context;
    this.#shadow = shadow;
    this.#layout = layout;
    this.#migrations = migrations;
  }

  /** The tool's own tables come first: what makes them is not of the first migration. */
  async start(): Promise<void> {
    const first = this.#migrations[0];
    const session = await this.#shadow.reset(this.#context.signal);
    try {
      for (const sql of first ? preparationOf(this.#layout, first) : []) await session.script(sql);
    } finally {
      await session.close();
    }
  }

  async apply(migration: Migration): Promise<void> {
    this.#context.progress.report({ message: t('Replaying {0}', migrationTitle(migration)) });
    await this.#call(this.#shadow, migration, 'up');
  }

  async record(migration: Migration, direction: Direction): Promise<CapturedSql> {
    const recorder = await recordStatements(this.#shadow);
    try {
      await this.#call({ ...this.#shadow, reach: () => recorder.reach }, migration, direction);
      const program = await this.#context.files.read(migration.upPath);
      const bookkeeping = await bookkeepingOf(this.#context, this.#layout, migration);
      const traces = { bookkeeping, program };
      return { sql: ownStatements(await loadParser(), recorder.sent, traces), problem: null };
    } finally {
      await recorder.close();
    }
  }

  async #call(shadow: Shadow, migration: Migration, direction: Direction): Promise<void> {
    const tool: RunInShadow | undefined = toolInShadow(this.#context, this.#layout, this.#migrations, shadow);
    const watchdog = AbortSignal.timeout(defaultWatchdogMilliseconds);
    const { signal } = this.#context;
    try {
      await tool?.(migration, direction)?.(AbortSignal.any([signal, watchdog]));
    } catch (error) {
      signal.throwIfAborted();
      throw new SwitchbackError(
        'verification-failed',
        t(
          '{0} ({1}) cannot be run in the shadow database: {2}',
          migrationTitle(migration),
          direction,
          watchdog.aborted ? t('It ran too long and was stopped.') : sentenceOf(error),
        ),
        { cause: error },
      );
    }
  }
}

function sentenceOf(error: unknown): string {
  if (isSwitchbackError(error)) return error.sentence;
  throw error;
}
