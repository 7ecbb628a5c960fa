import { irreversibleReason } from '../layouts/markers';
import { migrationTitle } from '../layouts/migration-title';
import { preparationOf, searchPathOf } from '../layouts/preparation';
import { runOnEmpty } from '../layouts/run-on-empty';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { generateDown, type GeneratedTrip } from '../rehearse/generate-down';
import { isProven, type MigrationRehearsal, type Rehearsal } from '../rehearse/rehearsal';
import { defaultWatchdogMilliseconds, rehearse } from '../rehearse/rehearse';
import { ShadowRun } from '../rehearse/shadow-run';
import { backupOf, type Backup } from '../reverse/backup';
import { rowsLostNote, valuesLostNote } from '../reverse/lost-notes';
import type { Shadow } from '../shadow/shadow';
import { splitStatements } from '../sql/split';
import { findMigration, requireScript, type FoundMigration } from './find-migration';
import { doesNothing } from './missing-rollback';
import { placeDown, type ProposedText } from './place-down';
import { replay } from './replay';
import { openWorkspaceShadow, type ShadowChoice } from './shadow';
import { withNewTexts } from './with-new-texts';
import type { JourneyContext } from './workspace';

/** A way back as it would be written, with what a shadow database says of it. Nothing is written yet. */
export interface ProposedRollback {
  version: string;
  name: string;
  /** The file of the way back. Where the tool keeps both directions in one, the migration itself. */
  file: string;
  /** As it is; null where there is no such file. */
  text: string | null;
  newText: string;
  /** The migration with a step before it that keeps what it takes away; null without. */
  up: ProposedText | null;
  /** What does not come back, in sentences; they stand in the file as comments. */
  notes: string[];
  /** Of the file as proposed. */
  rehearsal: MigrationRehearsal;
  /** It led back to the schema before, and nothing it leaves is hidden from that comparison. */
  proven: boolean;
  shadow: Rehearsal['shadow'];
}

export interface GenerateRollbackChoices {
  shadow?: ShadowChoice | null;
  /** Keep what would be lost in tables of the schema `switchback_backup`. */
  backup?: boolean;
}

/**
 * Writes the way back of a migration, in the form of its layout, and rehearses it. Throws `invalid-input` for code and where
 * the layout has no place for it, `verification-failed` where the migration itself fails, `not-found` for another file.
 */
export async function proposeRollback(
  context: JourneyContext,
  address: string,
  choices: GenerateRollbackChoices = {},
): Promise<ProposedRollback> {
  const found = await findMigration(context, address);
  await refuse(context, found);
  const shadow = await openWorkspaceShadow(context, choices.shadow ?? null, null);
  try {
    const trip = await generate(context, found, shadow);
    return await proposed(context, found, shadow, trip, choices.backup ?? false);
  } finally {
    await shadow.dispose();
  }
}

/** Writes what was proposed, and gives the paths. Throws `invalid-input` where a file changed since. */
export async function writeRollback(context: JourneyContext, rollback: ProposedRollback): Promise<string[]> {
  const texts = textsOf(rollback);
  for (const { file, text } of texts) {
    if ((await context.files.readIfExists(file)) === text) continue;
    throw new SwitchbackError(
      'invalid-input',
      t('{0} changed since its rollback was generated. Generate it again.', file),
    );
  }
  for (const { file, newText } of texts) await context.files.write(file, newText);
  return texts.map(({ file }) => file);
}

/** The files to be written. */
export function textsOf({ file, text, newText, up }: ProposedRollback): ProposedText[] {
  return up && up.file !== file ? [up, { file, text, newText }] : [{ file, text, newText }];
}

async function refuse(context: JourneyContext, { layout, migration }: FoundMigration): Promise<void> {
  if (migration.isCode)
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is a program of {1}: a way back in SQL would not be read there. Write its down in the code.',
        migration.upPath,
        layout.title,
      ),
    );
  const down = await layout.script(migration, 'down', context.files);
  if (down === null || doesNothing(down.sql)) return;
  if (irreversibleReason(down) !== null) return;
  throw new SwitchbackError(
    'already-done',
    t(
      '{0} has a way back already, and it is left as it is. Rehearse it, or remove it first.',
      migrationTitle(migration),
    ),
  );
}

interface Generated {
  trip: GeneratedTrip;
  before: Parameters<typeof generateDown>[2];
}

async function generate(context: JourneyContext, found: FoundMigration, shadow: Shadow): Promise<Generated> {
  const { folder, layout, migration } = found;
  const place = folder.migrations.findIndex(({ version }) => version === migration.version);
  const history = runOnEmpty(folder.migrations, Math.max(0, place));
  const { before: scripts } = await replay(context, layout, history, shadow);
  const limits = { watchdogMilliseconds: defaultWatchdogMilliseconds, signal: context.signal };
  const run = new ShadowRun(shadow, preparationOf(layout, migration), limits);
  try {
    await run.start(scripts, (script, index) =>
      context.progress.report({
        message: t('Replaying {0}', script.label),
        share: index / (scripts.length + 1),
      }),
    );
    const before = await run.snapshot();
    context.progress.report({ message: t('Writing the rollback of {0}', migrationTitle(migration)) });
    const up = await requireScript(context, found, 'up');
    const label = migrationTitle(migration);
    const script = { sql: up.sql, transaction: up.transaction, ...searchPathOf(layout, migration), label };
    const { version, name, upPath } = migration;
    const trip = await generateDown(
      run,
      { version, name, path: upPath, irreversible: null, up: script },
      before,
    );
    if (trip) return { trip, before };
  } finally {
    await run.close();
  }
  throw new SwitchbackError(
    'verification-failed',
    t(
      '{0} fails in the shadow database, so that nothing leads back from it. Rehearse it first.',
      migrationTitle(migration),
    ),
  );
}

async function proposed(
  context: JourneyContext,
  found: FoundMigration,
  shadow: Shadow,
  { trip, before }: Generated,
  wantsBackup: boolean,
): Promise<ProposedRollback> {
  const { folder, layout, migration } = found;
  const about: string[] = [];
  const backup = wantsBackup
    ? backupOf(trip.lost, before.catalog, migration.version.replace(/\W+/g, '_'), {
        note: (sentence) => void about.push(sentence),
      })
    : { keep: [], restore: [], kept: { tables: [], columns: [] } };
  const notes = [...withoutKept(trip.down.notes, backup), ...about];
  const up = await withBackup(context, found, backup);
  const files = up ? withNewTexts(context.files, new Map([[up.file, up.newText]])) : context.files;
  const statements = [...trip.down.statements, ...backup.restore];
  const place = { layout, migration, existing: folder.migrations, files, now: context.clock.now() };
  const down = await placeDown(place, downText(notes, statements));
  const original = up?.file === down.file ? up.text : down.text;
  const rehearsal = await rehearseProposed(context, found, shadow, [...(up ? [up] : []), down]);
  const single = rehearsal.migrations.find(({ version }) => version === migration.version)!;
  const emptied = statements.length === 0 && trip.down.rehearsal.verdict === 'empty-down';
  return {
    version: migration.version,
    name: migration.name,
    ...down,
    text: original,
    up,
    notes,
    rehearsal: emptied && isProven(single.verdict) ? { ...single, verdict: 'empty-down' } : single,
    proven: trip.down.proven && isProven(single.verdict),
    shadow: rehearsal.shadow,
  };
}

/** What is kept and put back is not said to be lost. */
function withoutKept(notes: readonly string[], { kept }: Backup): string[] {
  const untrue = new Set([
    ...kept.tables.map(rowsLostNote),
    ...kept.columns.map(({ table, column }) => valuesLostNote(table, column)),
  ]);
  return notes.filter((note) => !untrue.has(note));
}

/** Comments above, then a statement each. */
function downText(notes: readonly string[], statements: readonly string[]): string {
  const comments = notes.map((note) => `-- ${note.replace(/\s*[\r\n]+\s*/g, ' ')}\n`);
  return [...comments, ...statements.map((statement) => `${statement};\n`)].join('');
}

async function withBackup(
  context: JourneyContext,
  found: FoundMigration,
  { keep }: Backup,
): Promise<ProposedText | null> {
  if (keep.length === 0) return null;
  const up = await requireScript(context, found, 'up');
  const text = await context.files.read(up.path);
  const at = up.offset + (splitStatements(up.sql)[0]?.start ?? 0);
  const step = keep.map((statement) => `${statement};\n`).join('');
  return { file: up.path, text, newText: `${text.slice(0, at)}${step}\n${text.slice(at)}` };
}

async function rehearseProposed(
  context: JourneyContext,
  { layout, migration }: FoundMigration,
  shadow: Shadow,
  texts: readonly ProposedText[],
): Promise<Rehearsal> {
  const files = withNewTexts(context.files, new Map(texts.map(({ file, newText }) => [file, newText])));
  const listed = await layout.list(migration.folder, files);
  const place = listed.findIndex(({ version }) => version === migration.version);
  return await rehearse({
    shadow,
    layout,
    migrations: [...runOnEmpty(listed, place), listed[place]!],
    from: migration.version,
    to: migration.version,
    files,
    progress: context.progress,
    signal: context.signal,
  });
}
