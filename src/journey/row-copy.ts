import os from 'node:os';
import type { Layout, Migration } from '../layouts/layout';
import { migrationTitle } from '../layouts/migration-title';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { freeBytes } from '../ports/free-bytes';
import { partsOf } from '../rehearse/copy/column-name';
import { ruleOfNothing } from '../rehearse/copy/masking-plan';
import type { MaskingRules } from '../rehearse/copy/masking-rule';
import { namesIn } from '../rehearse/names-in';
import { inspectCopy, RowCopy } from '../rehearse/copy/copy-rows';
import type { DataCopy } from '../rehearse/copy/data-copy';
import { assertRoom } from '../rehearse/copy/room';
import { discreetShadow } from '../rehearse/copy/without-values';
import type { RunInShadow } from '../rehearse/rehearse';
import type { ReplayedScript } from '../rehearse/shadow-run';
import type { Shadow } from '../shadow/shadow';
import type { Database } from './database';
import { migrationFolders } from './migrations';
import type { SchemaBase } from './schema-base';
import { openWorkspaceShadow, type ShadowChoice } from './shadow';
import type { JourneyContext } from './workspace';

/** With the rows of a database a statement may take as long as it takes there. */
export const copyLimitMilliseconds = 60 * 60_000;

/** What is known of a copy before it is made. */
export interface PlannedCopy {
  /** The rules for columns that the database has. */
  masking: MaskingRules;
  /** Of all its tables with their indexes. */
  bytes: number;
}

/**
 * Sees that rows of a database may be copied, and asks where it is production: before anything is opened or read. Gives what
 * is known then. Throws `untrusted-workspace`, `invalid-input` for a masking rule that cannot be, `gate-not-held` where
 * production has columns that look personal without one, `confirmation-needed`.
 */
export async function planCopy(context: JourneyContext, database: Database): Promise<PlannedCopy> {
  const { trusted, configuration } = context.workspace;
  if (!trusted)
    throw new SwitchbackError(
      'untrusted-workspace',
      t(
        'Which values of {0} are masked is written in this workspace, which is not trusted: no rows are copied. Trust the workspace first.',
        database.sessions.label,
      ),
    );
  const { environment } = database.connection;
  const { ofNothing, bytes } = await inspectCopy(database.session, {
    rules: configuration.masking,
    isProduction: environment === 'production',
    signal: context.signal,
  });
  await assertOfOtherStates(context, ofNothing);
  const others = Object.entries(configuration.masking).filter(([written]) => !ofNothing.includes(written));
  const planned = { masking: Object.fromEntries(others), bytes };
  if (environment !== 'production') return planned;
  const expected = database.session.facts.database;
  const typed = await context.prompt.typeToConfirm({
    id: 'copy-rows',
    title: t('{0} is production, and rows of it are to be copied.', database.sessions.label),
    detail: t(
      'They are read in one transaction that cannot write, masked as the configuration says, and gone with the shadow database. Type the name of the database, {0}, to go on.',
      expected,
    ),
    accept: t('Copy Rows'),
    expected,
  });
  if (typed) return planned;
  throw new SwitchbackError(
    'confirmation-needed',
    t(
      'No rows of {0} were copied. Type the name of the database to have them copied.',
      database.sessions.label,
    ),
  );
}

/** A rule may be for a column that this database has not yet, or no more: then a migration names it. All else is a mistake. */
async function assertOfOtherStates(context: JourneyContext, written: readonly string[]): Promise<void> {
  if (written.length === 0) return;
  const missing = new Set(written);
  for (const { migrations } of await migrationFolders(context))
    for (const { upPath } of migrations) {
      context.signal.throwIfAborted();
      const names = namesIn((await context.files.readIfExists(upPath)) ?? '');
      for (const rule of missing) if (names.has(partsOf(rule)?.at(-1) ?? '')) missing.delete(rule);
      if (missing.size === 0) return;
    }
  throw ruleOfNothing([...missing][0]!);
}

/**
 * A shadow database for rows of somebody's: its errors do not quote them, and no state of it is kept. Throws `no-shadow` where they
 * find no room in it.
 */
export async function openCopyShadow(
  context: JourneyContext,
  choice: ShadowChoice | null,
  { connection, session }: Database,
  { copy, planned }: { copy: DataCopy; planned: PlannedCopy },
): Promise<Shadow> {
  const target = { connection, major: session.facts.major, session };
  const limits = { statementLimitMilliseconds: copyLimitMilliseconds, mayBeLarge: true };
  const shadow = await openWorkspaceShadow(context, choice, target, limits);
  try {
    if (copy.kind === 'full') assertRoom(shadow.kind, planned.bytes, await freeBytes(os.tmpdir()));
  } catch (error) {
    await shadow.dispose();
    throw error;
  }
  return discreetShadow(shadow);
}

/** The rows of a database for a shadow that has its schema, and the part of the shadow's history that brings them. */
export function copyOf(
  context: JourneyContext,
  database: Database,
  { copy, planned, base }: { copy: DataCopy; planned: PlannedCopy; base: SchemaBase },
): { rows: RowCopy; script: ReplayedScript } {
  const rows = new RowCopy({
    source: database.sessions,
    copy,
    rules: planned.masking,
    isProduction: database.connection.environment === 'production',
    left: base.own
      .filter((object) => object.startsWith('table '))
      .map((object) => object.slice('table '.length)),
    progress: context.progress,
  });
  const label = t('the rows of {0}', database.sessions.label);
  const fill: ReplayedScript['fill'] = (session, signal) => rows.fill(session, signal);
  return { rows, script: { sql: '', transaction: 'implicit', label, fill } };
}

/** Programs print what they like: of what they say when they fail nothing is passed on. */
export function discreetTool(layout: Layout, byTool: RunInShadow | undefined): RunInShadow | undefined {
  if (!byTool) return undefined;
  return (migration, direction) => {
    const run = byTool(migration, direction);
    return (
      run &&
      (async (signal) => {
        try {
          await run(signal);
        } catch (error) {
          throw isSwitchbackError(error, 'step-failed') ? withoutOutput(layout, migration) : error;
        }
      })
    );
  };
}

function withoutOutput({ title }: Layout, migration: Migration): SwitchbackError {
  return new SwitchbackError(
    'step-failed',
    t(
      '{0} failed with {1}. What it printed may hold values of the copied rows and is left out; rehearse it without them to see it.',
      title,
      migrationTitle(migration),
    ),
  );
}
