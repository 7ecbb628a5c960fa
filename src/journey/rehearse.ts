import { rehearsedSteps } from '../implement/scaffold/rehearsed-steps';
import type { Migration } from '../layouts/layout';
import { preparationOf } from '../layouts/preparation';
import { runOnEmpty } from '../layouts/run-on-empty';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { RowCopy } from '../rehearse/copy/copy-rows';
import type { DataCopy } from '../rehearse/copy/data-copy';
import type { RehearseRequest } from '../rehearse/rehearse';
import { between, worthParts } from '../rehearse/rehearse-in-parts';
import { rehearseSteps } from '../rehearse/rehearse-steps';
import { isProven, type Rehearsal } from '../rehearse/rehearsal';
import type { Shadow } from '../shadow/shadow';
import { appliedHistory, type AppliedHistory } from './applied-history';
import type { Database } from './database';
import { layoutOf, migrationFolders, type MigrationFolder } from './migrations';
import { findMigrations } from './find-migration';
import { loadPlan } from './plans';
import { planBase } from './plan-base';
import { recordRehearsal } from './record-rehearsal';
import { historyHash } from './rehearsed-history';
import { openShadows, rehearseInShadows, wantsTwoShadows } from './rehearse-in-shadows';
import { replayBeforePlan } from './replay';
import { withReplayAdvice } from './replay-advice';
import { planCopy, copyLimitMilliseconds, copyOf, discreetTool, openCopyShadow } from './row-copy';
import { schemaBase } from './schema-base';
import { toolInShadow } from './tool-in-shadow';
import { isQuickest, rehearseQuickly } from './rehearse-quickly';
import { configuredShadow, openWorkspaceShadow, type ShadowChoice } from './shadow';
import type { JourneyContext } from './workspace';

export interface RehearseChoices {
  /** Migrations to rehearse, or a folder of them; others before the last one are only run. Empty: all of the first folder. */
  files?: readonly string[];
  from?: string | null;
  to?: string | null;
  shadow?: ShadowChoice | null;
  /** Start from the schema of this database, with the migrations that are pending on it; else the history is replayed. */
  base?: Database | null;
  /** Rows of `base`, masked as the configuration says, which the shadow gets beside the schema. */
  data?: DataCopy | null;
  /** False: empty tables are not filled with generated rows. True unless said. */
  rows?: boolean;
  /** Records what each statement locks, writes anew and scans. */
  measure?: boolean;
  /** Told of each migration as it begins and as it is over. */
  onRehearsing?: RehearseRequest['onRehearsing'];
  onRehearsed?: RehearseRequest['onRehearsed'];
}

/**
 * Up, down, up again for migrations of one folder, in a shadow database. Throws `usage` for files of several folders, and as
 * `planCopy` where rows are to be copied.
 */
export async function rehearseMigrations(
  context: JourneyContext,
  choices: RehearseChoices = {},
): Promise<Rehearsal> {
  const range = await rangeOf(context, choices);
  const { folder, from, to } = range;
  const migrations = choices.base ? [] : sequence(folder.migrations, from, to);
  const count = countOf(range, migrations);
  const asked = { chosen: choices.shadow ?? null, hasBase: Boolean(choices.base), migrations, count };
  if (!isQuickest(context, asked)) return rehearseRange(context, choices, range);
  return rehearseQuickly(context, choices, (shadow, told) =>
    rehearseRange(context, { ...choices, shadow, ...told }, range),
  );
}

type Range = Awaited<ReturnType<typeof rangeOf>>;

/** How many are rehearsed; no fewer where a version is written otherwise than its file's. */
function countOf({ chosen, from, to }: Range, migrations: readonly Migration[]): number {
  return chosen?.size ?? (between(migrations, from, to) ?? migrations).length;
}

async function rehearseRange(
  context: JourneyContext,
  choices: RehearseChoices,
  range: Range,
): Promise<Rehearsal> {
  const { folder, from, to, chosen } = range;
  const base = choices.base ?? null;
  const data = choices.data ?? null;
  if (data && !base)
    throw new SwitchbackError('usage', t('Rows are copied from a database: rehearse from its schema too.'));
  const history = base && (await appliedHistory(context, base.session, folder.folder));
  const migrations = history ? pendingOf(history, to) : sequence(folder.migrations, from, to);
  const planned = base && data ? await planCopy(context, base) : null;
  const choice = choices.shadow ?? configuredShadow(context);
  const count = countOf(range, migrations);
  const pace = count < worthParts ? 'quick' : 'lasting';
  const leavesPostgres = migrations.some(({ isCode }) => isCode);
  const open = (): Promise<Shadow> =>
    base && data && planned
      ? openCopyShadow(context, choices.shadow ?? null, base, { copy: data, planned })
      : openWorkspaceShadow(context, choices.shadow ?? null, base && targetOf(base), {
          pace,
          leavesPostgres,
        });
  const isTwofold = wantsTwoShadows({ choice, count, migrations, hasBase: base !== null });
  const { shadow, second } = await openShadows(open, isTwofold);
  try {
    const layout = layoutOf(folder);
    const made =
      base &&
      history &&
      (await schemaBase(context, base, shadow, {
        table: history.table,
        prepare: migrations[0] ? preparationOf(layout, migrations[0]) : [],
      }));
    const copy =
      made && base && data && planned ? copyOf(context, base, { copy: data, planned, base: made }) : null;
    const byTool = toolInShadow(context, layout, migrations, shadow);
    const request: RehearseRequest = {
      shadow,
      layout,
      byTool: copy ? discreetTool(layout, byTool) : byTool,
      migrations,
      // A folder that is named begins with what was applied.
      from: history && !migrations.some(({ version }) => version === from) ? null : from,
      to,
      base: [...(made ? [made.script] : []), ...(copy ? [copy.script] : [])],
      isRehearsed: ({ version }) => chosen === null || chosen.has(version),
      rows: choices.rows,
      measure: choices.measure,
      watchdogMilliseconds: copy ? copyLimitMilliseconds : undefined,
      onRehearsing: choices.onRehearsing,
      onRehearsed: choices.onRehearsed,
      files: context.files,
      progress: context.progress,
      signal: context.signal,
    };
    const rehearsed = rehearseInShadows(request, second);
    const rehearsal = await (base ? rehearsed : withReplayAdvice(rehearsed));
    return {
      ...rehearsal,
      ...(made && base && { base: { database: base.sessions.label, notes: made.notes } }),
      ...dataOf(copy),
    };
  } finally {
    await shadow.dispose();
  }
}

function dataOf(copy: { rows: RowCopy } | null): Pick<Rehearsal, 'data'> {
  const data = copy?.rows.copied;
  return data ? { data } : {};
}

function targetOf({ connection, session }: Database): Parameters<typeof openWorkspaceShadow>[2] {
  return { connection, major: session.facts.major, session };
}

/** What the database has not had yet. Throws `already-done` where nothing is left to rehearse, or what is named was applied. */
function pendingOf(history: AppliedHistory, to: string | null): Migration[] {
  const { statuses, label } = history.folder;
  const pending = statuses
    .filter(({ state }) => state === 'pending')
    .flatMap(({ migration }) => migration ?? []);
  const had = statuses.some(({ state, version }) => state !== 'pending' && version === to);
  if (pending.length > 0 && !had) return pending;
  throw new SwitchbackError(
    'already-done',
    t(
      'The database has had what is to be rehearsed: its schema is the state after it. Name pending migrations of {0}, or have the history replayed.',
      label,
    ),
  );
}

/**
 * The migrations that are run one after the other up to the last that is rehearsed: with the baseline that stands for those
 * before, or without any baseline where versions are rehearsed that it stands for.
 */
function sequence(
  migrations: readonly Migration[],
  from: string | null,
  to: string | null,
): readonly Migration[] {
  if (!migrations.some(({ kind }) => kind === 'baseline')) return migrations;
  const place = to === null ? migrations.length - 1 : migrations.findIndex(({ version }) => version === to);
  if (place < 0) return migrations;
  const short = [...runOnEmpty(migrations, place), migrations[place]!];
  const first = from ?? migrations[0]!.version;
  return short.some(({ version }) => version === first)
    ? short
    : migrations.filter(({ kind }) => kind !== 'baseline');
}

interface RehearsedRange {
  folder: MigrationFolder;
  from: string | null;
  to: string | null;
  /** Versions that were named one by one; null for all between. */
  chosen: ReadonlySet<string> | null;
}

async function rangeOf(context: JourneyContext, choices: RehearseChoices): Promise<RehearsedRange> {
  const folders = await migrationFolders(context);
  const named = await Promise.all((choices.files ?? []).map((file) => namedBy(context, folders, file)));
  const folder = named[0]?.folder ?? folders[0];
  if (!folder)
    throw new SwitchbackError(
      'not-found',
      t('This workspace has no migrations folder that Switchback knows.'),
    );
  if (named.some((item) => item.folder.folder !== folder.folder)) {
    throw new SwitchbackError(
      'usage',
      t('These files are of several folders. Rehearse one folder at a time.'),
    );
  }
  const { from = null, to = null } = choices;
  if (named.length === 0) return { folder, from, to, chosen: null };
  const chosen = new Set(named.flatMap(({ migrations }) => migrations.map(({ version }) => version)));
  const inOrder = folder.migrations.filter(({ version }) => chosen.has(version));
  return {
    folder,
    from: from ?? inOrder[0]?.version ?? null,
    to: to ?? inOrder.at(-1)?.version ?? null,
    chosen,
  };
}

async function namedBy(
  context: JourneyContext,
  folders: readonly MigrationFolder[],
  address: string,
): Promise<{ folder: MigrationFolder; migrations: readonly Migration[] }> {
  const whole = folders.find(({ folder }) => folder === address);
  if (whole) return { folder: whole, migrations: whole.migrations };
  const found = await findMigrations(context, address);
  return { folder: found[0].folder, migrations: found.map(({ migration }) => migration) };
}

export interface RehearsePlanChoices {
  shadow?: ShadowChoice | null;
  /** Start from the database's schema and these of its rows, masked as the configuration says; else the history is replayed. */
  data?: DataCopy | null;
  /** False: empty tables are not filled with generated rows. True unless said. */
  rows?: boolean;
}

/**
 * Rehearses a plan: all steps forward, back in reverse up to the point of no return, forward again. Kept as
 * evidence for the gate where the schema `switchback` is there. With rows of the database it throws as `planCopy` and
 * `planBase` do.
 */
export async function rehearsePlan(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  choices: RehearsePlanChoices = {},
): Promise<Rehearsal> {
  const loaded = await loadPlan(context, planFolder);
  const history = await historyHash(context, loaded);
  const data = choices.data ?? null;
  const planned = data ? await planCopy(context, database) : null;
  const shadow = await (data && planned
    ? openCopyShadow(context, choices.shadow ?? null, database, { copy: data, planned })
    : openWorkspaceShadow(context, choices.shadow ?? null, targetOf(database)));
  try {
    const state = data ? await planBase(context, database, loaded, shadow) : null;
    const copy =
      state && data && planned ? copyOf(context, database, { copy: data, planned, base: state.base }) : null;
    const { prepare, before } = state?.rest ?? (await replayBeforePlan(context, loaded, shadow));
    const rehearsed = await rehearseSteps({
      shadow,
      prepare,
      before: [...(state && copy ? [state.base.script, copy.script] : []), ...before],
      steps: rehearsedSteps(loaded.plan, planFolder),
      rows: choices.rows,
      watchdogMilliseconds: copy ? copyLimitMilliseconds : undefined,
      progress: context.progress,
      signal: context.signal,
    });
    const base = state && { database: database.sessions.label, notes: state.base.notes };
    const rehearsal = { ...rehearsed, ...(base && { base }), ...dataOf(copy) };
    await recordRehearsal(context, database, loaded, {
      history,
      rehearsal,
      passed: rehearsalPassed(rehearsal),
    });
    return rehearsal;
  } finally {
    await shadow.dispose();
  }
}

/** Whether every rollback that is called one was proved. */
export function rehearsalPassed(rehearsal: Rehearsal): boolean {
  return rehearsal.migrations.every((item) => isProven(item.verdict) || item.verdict === 'irreversible');
}
