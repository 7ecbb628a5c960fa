import { compareCatalogs, type Difference } from '../catalog/compare';
import type { Catalog } from '../catalog/catalog';
import type { Layout, Migration, MigrationScript } from '../layouts/layout';
import { searchPathOf } from '../layouts/preparation';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { ReplayedScript } from '../rehearse/shadow-run';
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
import { movedFiles, nameIn, writeSquash } from './squash-files';
import { stateAfter, type ShadowState } from './squash-state';
import { countRows, mostRows, rowDifferences, sequenceStatements } from './written-rows';
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
    const made = await stateAfter(context, shadow, prepare, before);
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
    const again = await stateAfter(context, shadow, prepare, [replayed]);
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
    await writeSquash(context, folder, old, text);
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
    'seal' in layout ||
    'reseal' in layout ||
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
  else if (rows === 1)
    notes.push(
      t('1 row that the history writes is in it as it was made now: times, random values and keys too.'),
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
