import path from 'node:path';
import { compareCatalogs, type Difference } from '../catalog/compare';
import type { Catalog } from '../catalog/catalog';
import { followCatalog, type FollowedCatalog } from '../catalog/follow-catalog';
import { readCatalog } from '../catalog/read-catalog';
import type { Session } from '../database/session';
import type { Layout, Migration, MigrationScript } from '../layouts/layout';
import { searchPathOf } from '../layouts/preparation';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { defaultWatchdogMilliseconds } from '../rehearse/rehearse';
import { runScript } from '../rehearse/run-script';
import type { ReplayedScript } from '../rehearse/shadow-run';
import { readData, type ShadowData } from '../rehearse/table-data';
import { workingOrder } from '../rehearse/working-order';
import { inOrder } from '../reverse/reverse-step';
import { schemaScript } from '../reverse/schema-script';
import type { Shadow } from '../shadow/shadow';
import { loadParser } from '../sql/parser';
import { chosenFolder } from './applied-history';
import { layoutOf, migrationFolders, type MigrationFolder } from './migrations';
import { replay } from './replay';
import { openWorkspaceShadow, type ShadowChoice } from './shadow';
import { squashedHistory, type SquashedHistory } from './squashed-history';
import { withText } from './with-text';
import {
  countRows,
  insertsOf,
  mostRows,
  readSequences,
  rowDifferences,
  sequenceStatements,
  type SequenceValues,
} from './written-rows';
import type { JourneyContext } from './workspace';

/** Old migrations as one, with the proof that it makes what they make. */
export interface Squash {
  folder: string;
  label: string;
  tool: string;
  version: string;
  /** Relative to the workspace folder, with `/`, as all paths here: the file that the new text is for. */
  path: string;
  text: string;
  /** How many migrations it takes the place of. */
  squashed: number;
  /** Old files and folders, and where they go: out of the tool's sight, with nothing deleted. */
  moved: { from: string; to: string }[];
  /** Rows that the history writes; null where they are too many, and not in the new migration. */
  rows: number | null;
  shadow: { kind: Shadow['kind']; engine: Shadow['engine']; version: string };
  /** `before`: by the old migrations; `after`: by the new one. Empty: it is proven. */
  differences: Difference[];
  existing: SquashedHistory;
  notes: string[];
  written: boolean;
}

export interface SquashChoices {
  /** Absolute path, or as the workspace calls it; the only one unless said. */
  folder?: string | null;
  /** The last version to be squashed. */
  to: string;
  shadow?: ShadowChoice | null;
  /** Writes the new file and moves the old ones, once it is proven. */
  write?: boolean;
}

/**
 * Replaces the migrations up to a version by one, made from what they leave in a shadow database, and proves in a second one
 * that it makes the same. Writes only when asked to, and only what is proven. Throws `invalid-input` for a tool whose
 * migrations cannot be replaced so, `verification-failed` where the history cannot be replayed.
 */
export async function squashMigrations(context: JourneyContext, choices: SquashChoices): Promise<Squash> {
  const folder = chosenFolder(await migrationFolders(context), choices.folder ?? null);
  const layout = layoutOf(folder);
  const old = oldMigrations(folder, layout, choices.to);
  const last = old.at(-1)!;
  const shadow = await openWorkspaceShadow(context, choices.shadow ?? null, null);
  try {
    const { prepare, before } = await replay(context, layout, old, shadow);
    const made = await inShadow(context, shadow, prepare, before);
    const rows = countRows(made.data, made.own);
    const script = await scriptOf(context, shadow, prepare, made, rows <= mostRows ? made.inserts : []);
    const text = composed(layout, folder, old, script.sql, context.clock.now());
    const read = await readBack(context, layout, last, text);
    const replayed = {
      ...before.at(-1)!,
      sql: read.sql,
      transaction: read.transaction,
      ...searchPathOf(layout, last),
    };
    const again = await inShadow(context, shadow, prepare, [replayed]);
    const differences = [
      ...compareCatalogs(made.followed.catalog, again.followed.catalog, { ignoredObjects: made.own }),
      ...(rows <= mostRows ? rowDifferences(made, again, made.own) : []),
    ];
    const relative = (file: string): string => nameIn(context.workspace.root, file);
    const squash: Squash = {
      folder: folder.folder,
      label: folder.label,
      tool: layout.title,
      version: last.version,
      path: relative(last.upPath),
      text,
      squashed: old.length,
      moved: movedFiles(context, folder, old).map(({ from, to }) => ({
        from: relative(from),
        to: relative(to),
      })),
      rows: rows <= mostRows ? rows : null,
      shadow: { kind: shadow.kind, engine: shadow.engine, version: shadow.version },
      differences,
      existing: squashedHistory(context, layout, old, read),
      notes: [...script.notes, ...(await notesOf(before, rows))],
      written: false,
    };
    if (!choices.write || differences.length > 0) return squash;
    await write(context, folder, old, text);
    return { ...squash, written: true };
  } finally {
    await shadow.dispose();
  }
}

/** The migrations up to a version. Throws `invalid-input` where one file cannot take their place, `not-found`. */
function oldMigrations({ migrations, label }: MigrationFolder, layout: Layout, to: string): Migration[] {
  const place = migrations.findIndex(
    ({ version }) => version === to || version === to.replace(/^0+(?=\d)/, ''),
  );
  if (place < 0)
    throw new SwitchbackError(
      'not-found',
      t('There is no migration {0}. Name a version of this folder.', to),
    );
  const old = migrations.slice(0, place + 1);
  const paths = new Set(migrations.map(({ upPath }) => upPath));
  const cannot =
    layout.seal ||
    layout.reseal ||
    layout.sealsTexts ||
    layout.orderedByList ||
    paths.size < migrations.length ||
    migrations.some(({ isCode, follows, codeVersions }) => isCode || follows || codeVersions) ||
    old.some(({ kind, repeats }) => kind || repeats);
  if (cannot)
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} has migrations that {1} keeps a list, a chain or a program of: one file cannot take their place. Use its own way to squash them.',
        label,
        layout.title,
      ),
    );
  if (old.length < 2)
    throw new SwitchbackError(
      'already-done',
      t('Only one migration comes up to {0}: there is nothing to squash. Name a later version.', to),
    );
  return old;
}

interface ShadowState {
  followed: FollowedCatalog;
  /** The schema before the first migration. */
  prepared: Catalog;
  /** What the tool keeps for itself. */
  own: string[];
  data: ShadowData;
  sequences: SequenceValues;
  inserts: string[];
}

/** The state of an emptied shadow after scripts. Throws `verification-failed` naming the one that fails. */
async function inShadow(
  context: JourneyContext,
  shadow: Shadow,
  prepare: readonly string[],
  scripts: readonly ReplayedScript[],
): Promise<ShadowState> {
  const { signal } = context;
  const session = await shadow.reset(signal);
  try {
    const bare = await readCatalog(session);
    for (const sql of prepare) await session.script(sql);
    const prepared = await readCatalog(session);
    const own = Object.keys(prepared.objects).filter((object) => !(object in bare.objects));
    for (const [index, script] of scripts.entries()) {
      context.progress.report({ message: t('Replaying {0}', script.label), share: index / scripts.length });
      await runOrThrow(context, session, shadow, script);
    }
    const followed = await followCatalog(session, null, { signal });
    const data = await readData(session, followed.relations, signal);
    const sequences = await readSequences(session, followed.catalog, own);
    const isFew = countRows(data, own) <= mostRows;
    const inserts = isFew ? await insertsOf(session, followed, data, own) : [];
    return { followed, prepared, own, data, sequences, inserts };
  } finally {
    await session.close();
  }
}

async function runOrThrow(
  context: JourneyContext,
  session: Session,
  shadow: Shadow,
  script: ReplayedScript,
): Promise<void> {
  const outcome = await runScript(session, script, {
    ground: shadow.kind,
    watchdogMilliseconds: defaultWatchdogMilliseconds,
    signal: context.signal,
  });
  if (outcome.kind === 'ok') return;
  throw new SwitchbackError(
    'verification-failed',
    t(
      '{0} fails in the shadow database: {1} Correct it, or use a server as shadow.',
      script.label,
      outcome.error,
    ),
  );
}

/** What reads or checks rows comes after them. */
const afterRows =
  /^ALTER TABLE \S.* FOREIGN KEY |^CREATE (?:MATERIALIZED VIEW|VIEW|(?:CONSTRAINT )?TRIGGER|RULE|EVENT TRIGGER) /;

/** One script for all that a history made, in an order that works in an emptied shadow. */
async function scriptOf(
  context: JourneyContext,
  shadow: Shadow,
  prepare: readonly string[],
  { followed, prepared, own, sequences }: ShadowState,
  inserts: readonly string[],
): Promise<{ sql: string; notes: string[] }> {
  const { steps, notes } = schemaScript(without(prepared, own), without(followed.catalog, own), 'all');
  const statements = inOrder(steps);
  const place = statements.findIndex((sql) => afterRows.test(sql));
  const split = place < 0 ? statements.length : place;
  const session = await shadow.reset(context.signal);
  try {
    for (const sql of prepare) await session.script(sql);
    const first = await workingOrder(session, statements.slice(0, split), context.signal);
    const rows = await workingOrder(session, inserts, context.signal);
    const rest = await workingOrder(session, statements.slice(split), context.signal);
    const all = [
      'SET check_function_bodies = off',
      ...first,
      ...rows,
      ...rest,
      ...sequenceStatements(sequences),
      'RESET check_function_bodies',
    ];
    return { sql: all.map((sql) => `${sql};\n`).join('\n'), notes };
  } finally {
    await session.close();
  }
}

function without({ major, objects }: Catalog, own: readonly string[]): Catalog {
  return {
    major,
    objects: Object.fromEntries(Object.entries(objects).filter(([object]) => !own.includes(object))),
  };
}

/** The new file in the tool's own form. */
function composed(
  layout: Layout,
  { folder }: MigrationFolder,
  old: readonly Migration[],
  sql: string,
  now: Date,
): string {
  const [first, last] = [old[0]!, old.at(-1)!];
  const head = `-- ${t('What {0} migrations from {1} to {2} made, as one.', old.length, first.version, last.version)}\n\n`;
  const request = { folder, name: last.name, up: head + sql, down: null, transactional: true, now };
  return layout.compose(request, old).find(({ direction }) => direction === 'up')!.text;
}

async function readBack(
  context: JourneyContext,
  layout: Layout,
  last: Migration,
  text: string,
): Promise<MigrationScript> {
  const script = await layout.script(last, 'up', withText(context.files, last.upPath, text));
  if (script) return script;
  throw new SwitchbackError(
    'verification-failed',
    t('{0} cannot be written as one migration of {1}.', last.upPath, layout.title),
  );
}

async function notesOf(scripts: readonly ReplayedScript[], rows: number): Promise<string[]> {
  const notes: string[] = [];
  if (rows > mostRows)
    notes.push(
      t(
        'The history writes {0} rows, more than the {1} that one migration is given: they are not in it, and were not compared.',
        rows,
        mostRows,
      ),
    );
  else if (rows > 0)
    notes.push(
      t(
        '{0} rows that the history writes are in it as they were made now: times, random values and keys too.',
        rows,
      ),
    );
  const parser = await loadParser();
  const ofServer = scripts.filter(({ sql }) =>
    parser.parse(sql).statements.some(({ kind }) => /^(?:Create|Alter|Drop)Role/.test(kind)),
  );
  if (ofServer.length > 0)
    notes.push(
      t(
        'Roles are of the whole server and are not in it: make them as these did: {0}.',
        ofServer.map(({ label }) => label).join(', '),
      ),
    );
  return notes;
}

/** Where old files go: below `.switchback`, where no tool looks. A migration with a folder of its own goes with that. */
function movedFiles(
  { workspace: { root } }: JourneyContext,
  { folder }: MigrationFolder,
  old: readonly Migration[],
): { from: string; to: string }[] {
  const last = old.at(-1)!;
  const archive = path.join(root, '.switchback', 'squashed', last.version);
  const hasOwn = (migration: Migration): boolean => path.dirname(migration.upPath) !== folder;
  const froms = old.flatMap((migration) => {
    if (migration !== last && hasOwn(migration) && isAlone(migration, old))
      return [path.dirname(migration.upPath)];
    const { upPath, downPath } = migration;
    return downPath === null || downPath === upPath ? [upPath] : [upPath, downPath];
  });
  return froms.map((from) => ({ from, to: path.join(archive, nameIn(root, from)) }));
}

function isAlone({ upPath }: Migration, all: readonly Migration[]): boolean {
  return all.filter((other) => path.dirname(other.upPath) === path.dirname(upPath)).length === 1;
}

async function write(
  context: JourneyContext,
  folder: MigrationFolder,
  old: readonly Migration[],
  text: string,
): Promise<void> {
  for (const { from, to } of movedFiles(context, folder, old)) await context.files.rename(from, to);
  await context.files.write(old.at(-1)!.upPath, text);
}

function nameIn(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}
