import path from 'node:path';
import type { Direction, Layout, Migration, MigrationScript } from '../layouts/layout';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { defaultWatchdogMilliseconds } from '../rehearse/rehearse';
import { statementsInFile } from '../rehearse/measure/in-file';
import { measureScript } from '../rehearse/measure/measure-script';
import type { MeasuredFile, MeasuredScript } from '../rehearse/measure/measured-forecast';
import { replayedState } from '../rehearse/measure/measure-state';
import type { Shadow } from '../shadow/shadow';
import { loadParser } from '../sql/parser';
import type { Database } from './database';
import { preparationOf } from '../layouts/preparation';
import { runOnEmpty } from '../layouts/run-on-empty';
import { directionByName } from './lint-script';
import { layoutOf, migrationFolders, type MigrationFolder } from './migrations';
import { replay, type Replay } from './replay';
import { openWorkspaceShadow, type ShadowChoice } from './shadow';
import { withText } from './with-text';
import type { JourneyContext } from './workspace';

export type { MeasuredFile };

export interface MeasureOptions {
  /** Which shadow database; the configured one unless said. */
  shadow?: ShadowChoice | null;
  /** The connected database, which gives the server's version and is never used as a shadow. */
  database?: Database | null;
  /** The version to measure on where no database is given and the shadow lets one choose. */
  serverMajor?: number;
}

/**
 * Measures each statement of a file in a shadow database that has been brought to the state before it. `text` is the
 * file as it stands in the editor. Throws what opening the shadow throws, and `cancelled`; what else stands in
 * the way is the result's `problem`.
 */
export async function measureFile(
  context: JourneyContext,
  file: string,
  options: MeasureOptions & { text?: string } = {},
): Promise<MeasuredFile> {
  const { text } = options;
  const files = text === undefined ? context.files : withText(context.files, file, text);
  return (await measureFiles({ ...context, files }, [file], options))[0]!;
}

/** The same for several files, one after the other in one shadow database. */
export async function measureFiles(
  context: JourneyContext,
  files: readonly string[],
  options: MeasureOptions = {},
): Promise<MeasuredFile[]> {
  if (files.length === 0) return [];
  const { database = null, serverMajor } = options;
  const major = database?.session.facts.major ?? serverMajor;
  const target =
    major === undefined
      ? null
      : { connection: database?.connection ?? null, major, session: database?.session };
  const folders = await migrationFolders(context);
  const shadow = await openWorkspaceShadow(context, options.shadow ?? null, target);
  try {
    const measured: MeasuredFile[] = [];
    for (const file of files) measured.push(await measureOne(context, folders, shadow, file));
    return measured;
  } finally {
    await shadow.dispose();
  }
}

async function measureOne(
  context: JourneyContext,
  folders: readonly MigrationFolder[],
  shadow: Shadow,
  file: string,
): Promise<MeasuredFile> {
  context.progress.report({ message: t('Measuring {0}', path.basename(file)) });
  try {
    const found = await findScript(context, folders, file);
    const parser = await loadParser();
    const { statements } = parser.parse(found.sql);
    const { signal, progress } = context;
    const limits = { watchdogMilliseconds: defaultWatchdogMilliseconds, signal };
    const state = replayedState(shadow, found.replay, limits, (script) =>
      progress.report({ message: t('Replaying {0}', script.label) }),
    );
    const { direction, transaction } = found;
    const measured = await measureScript({
      state,
      statements,
      direction,
      transaction,
      parser,
      progress,
      signal,
    });
    const notes = found.loose
      ? [t('It belongs to no migrations folder: it was measured in an empty database.'), ...measured.notes]
      : measured.notes;
    return { path: file, problem: null, ...inFile({ ...measured, notes }, found) };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!isSwitchbackError(error, 'verification-failed') && !isSwitchbackError(error, 'invalid-file'))
      throw error;
    return {
      path: file,
      problem: error.sentence,
      statements: [],
      shadow: await shadowFacts(shadow),
      notes: [],
    };
  }
}

async function shadowFacts({ kind, engine, version }: Shadow): Promise<MeasuredScript['shadow']> {
  return { kind, engine, version, major: Number.parseInt(version, 10) };
}

interface FoundScript {
  sql: string;
  offset: number;
  fileText: string;
  direction: Direction;
  transaction: 'wrapped' | 'implicit' | 'none';
  replay: Replay;
  /** It is no migration. */
  loose: boolean;
}

/** The ups of several migrations of one file as one script, what is between them blank. */
async function allUps(
  context: JourneyContext,
  layout: Layout,
  migrations: readonly Migration[],
  fileText: string,
): Promise<Pick<MigrationScript, 'sql' | 'offset' | 'transaction'> | null> {
  const read = await Promise.all(migrations.map((each) => layout.script(each, 'up', context.files)));
  const ups = read.filter((up) => up !== null).sort((one, other) => one.offset - other.offset);
  if (!ups[0]) return null;
  const { offset } = ups[0];
  const sql = ups.reduce((text, up) => {
    const between = fileText.slice(offset + text.length, up.offset).replace(/[^\r\n]/g, ' ');
    // What ends its last statement without a semicolon goes on in the next migration.
    const ended = text === '' || text.endsWith(';') ? between : between.replace(/^[^]/, ';');
    return text + ended + up.sql;
  }, '');
  return { sql, offset, transaction: ups.some((up) => up.transaction === 'none') ? 'none' : 'wrapped' };
}

/** A down is measured in the state after its up. */
async function findScript(
  context: JourneyContext,
  folders: readonly MigrationFolder[],
  file: string,
): Promise<FoundScript> {
  const fileText = await context.files.read(file);
  for (const folder of folders) {
    const place = folder.migrations.findIndex(({ upPath, downPath }) => upPath === file || downPath === file);
    const migration = folder.migrations[place];
    if (!migration) continue;
    const direction = migration.upPath === file ? 'up' : 'down';
    const layout = layoutOf(folder);
    const here = folder.migrations.filter(({ upPath }) => upPath === file);
    const script =
      here.length > 1
        ? await allUps(context, layout, here, fileText)
        : await layout.script(migration, direction, context.files);
    const before = runOnEmpty(folder.migrations, place);
    if (direction === 'down') before.push(migration);
    return {
      sql: script?.sql ?? '',
      offset: script?.offset ?? 0,
      fileText,
      direction,
      transaction: script?.transaction ?? 'none',
      replay: {
        ...(await replay(context, layout, before)),
        prepare: preparationOf(layout, migration),
      },
      loose: false,
    };
  }
  return {
    sql: fileText,
    offset: 0,
    fileText,
    direction: directionByName(file),
    transaction: 'none',
    replay: { prepare: [], before: [] },
    loose: true,
  };
}

/** Moves every place from the script to its file. */
function inFile(measured: MeasuredScript, { offset, fileText }: FoundScript): MeasuredScript {
  return { ...measured, statements: statementsInFile(measured.statements, { offset, fileText }) };
}
