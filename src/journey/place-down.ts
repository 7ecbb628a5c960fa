import path from 'node:path';
import type { Layout, Migration, MigrationScript } from '../layouts/layout';
import type { ComposedFile } from '../layouts/new-migration';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { splitStatements } from '../sql/split';
import { withNewTexts } from './with-new-texts';

/** A file with its text as it is (null: there is none) and as it would be. */
export interface ProposedText {
  file: string;
  text: string | null;
  newText: string;
}

export interface PlacedDown {
  layout: Layout;
  migration: Migration;
  /** All of its folder. */
  existing: readonly Migration[];
  files: Files;
  now: Date;
}

/**
 * The file that holds the way back of a migration, with `sql` as that: where the layout keeps it, in the form of a migration
 * that the layout composes anew. Throws `invalid-input` where the layout has no such place.
 */
export async function placeDown(place: PlacedDown, sql: string): Promise<ProposedText> {
  const { layout, migration, files } = place;
  const up = await layout.script(migration, 'up', files);
  const transactional = up === null || up.transaction !== 'none' || layout.outsideTransaction.by !== 'header';
  const request = {
    folder: migration.folder,
    name: migration.name || 'down',
    up: 'SELECT 1;\n',
    down: sql,
    transactional,
    now: place.now,
  };
  const composed = layout.compose(request, place.existing);
  const down = composed.find(({ direction }) => direction === 'down');
  const proposed = down ? await inOwnFile(place, composed, down) : await inOneFile(place, composed[0]!);
  await assertRead(place, proposed, up);
  return proposed;
}

async function inOwnFile(
  { migration, files }: PlacedDown,
  composed: readonly ComposedFile[],
  down: ComposedFile,
): Promise<ProposedText> {
  if (migration.downPath === migration.upPath) throw noPlace(migration);
  const up = composed.find(({ direction }) => direction === 'up')!;
  const file = migration.downPath ?? downPathLike(migration, up.path, down.path);
  if (file === null) throw noPlace(migration);
  const text = await files.readIfExists(file);
  return { file, text, newText: ownComments(text ?? '', down.text) + down.text };
}

/** What generators write where the way back is to stand: with one there, it says nothing. */
const placeholder = /^--\s*(?:add down migration script here|this file should undo anything in `up\.sql`)/i;

/**
 * What the author of a file that does nothing says at its top, but for what it says to Switchback, what a generator wrote, and
 * what the new text says itself.
 */
function ownComments(text: string, newText: string): string {
  const said = new Set(newText.split('\n').map((line) => line.trim()));
  const lines = text
    .slice(0, splitStatements(text)[0]?.start ?? text.length)
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => {
      const words = line.trim();
      const isOurs = /^--\s*switchback:/.test(words);
      return !isOurs && !placeholder.test(words) && (words === '' || !said.has(words));
    });
  const own = lines.join('\n').trim();
  return own === '' ? '' : `${own}\n`;
}

/** The path of a down that is to this up what a composed down is to its up. */
function downPathLike(
  { upPath, folder }: Migration,
  composedUp: string,
  composedDown: string,
): string | null {
  const [own, up, down] = [upPath, composedUp, composedDown].map((file) =>
    piecesOf(path.relative(folder, file)),
  );
  const at = up!.findIndex((piece, index) => piece !== down![index]);
  const more = down!.length - up!.length;
  const same = up!.every((piece, index) => index === at || piece === down![index]);
  if (more === 0 && same) {
    const fromEnd = own!.length - (up!.length - at);
    for (const place of [fromEnd, at])
      if (own![place] === up![at]) return path.join(folder, replaced(own!, place, down![at]!).join(''));
    const letter = /^([A-Z])\d/.exec(down![at]!)?.[1];
    if (letter && /^[A-Z]\d/.test(own![at] ?? ''))
      return path.join(folder, replaced(own!, at, letter + own![at]!.slice(1)).join(''));
    return null;
  }
  const subfolder = path.relative(path.dirname(composedUp), path.dirname(composedDown));
  return path.basename(composedUp) === path.basename(composedDown)
    ? path.join(path.dirname(upPath), subfolder, path.basename(upPath))
    : null;
}

/** Words and what is between them. */
function piecesOf(file: string): string[] {
  return file.split(/([./\\_-])/);
}

function replaced(pieces: readonly string[], place: number, piece: string): string[] {
  return pieces.map((each, index) => (index === place ? piece : each));
}

async function inOneFile(place: PlacedDown, composed: ComposedFile): Promise<ProposedText> {
  const { layout, migration, files } = place;
  if (migration.downPath !== null && migration.downPath !== migration.upPath) throw noPlace(migration);
  const sample = withNewTexts(files, new Map([[composed.path, composed.text]]));
  const fresh = (await layout.list(migration.folder, sample)).find(({ upPath }) => upPath === composed.path);
  const [up, down] = fresh
    ? [await layout.script(fresh, 'up', sample), await layout.script(fresh, 'down', sample)]
    : [null, null];
  if (!up || !down || down.path !== composed.path) throw noPlace(migration);
  const text = await files.read(migration.upPath);
  const present = await layout.script(migration, 'down', files);
  const body = composed.text.slice(down.offset, down.offset + down.sql.length);
  if (present) {
    const rest = text.slice(present.offset + present.sql.length);
    const gap = /\n$/.test(body) || rest === '' ? '' : '\n';
    const lead = text.slice(0, present.offset);
    const newline = lead.endsWith('\n') || body.startsWith('\n') ? '' : '\n';
    return { file: migration.upPath, text, newText: lead + newline + body + gap + rest };
  }
  const own = await layout.script(migration, 'up', files);
  const end = own && migration.version.includes('::') ? own.offset + own.sql.length : text.length;
  const section = composed.text.slice(up.offset + up.sql.length).replace(/^\s+/, '');
  const rest = text.slice(end).replace(/^(?:[ \t]*\r?\n)+/, '');
  const newText = `${text.slice(0, end).trimEnd()}\n\n${section}${rest.trim() === '' ? '' : '\n'}${rest}`;
  return { file: migration.upPath, text, newText };
}

/** What was written must be read as the way back, and the up as it was. */
async function assertRead(
  { layout, migration, files }: PlacedDown,
  { file, newText }: ProposedText,
  up: MigrationScript | null,
): Promise<void> {
  const after = withNewTexts(files, new Map([[file, newText]]));
  const found = (await layout.list(migration.folder, after)).find(
    ({ version, upPath }) => version === migration.version && upPath === migration.upPath,
  );
  const down = found ? await layout.script(found, 'down', after) : null;
  const same = found ? await layout.script(found, 'up', after) : null;
  if (down?.path !== file || same?.sql.trim() !== up?.sql.trim()) throw noPlace(migration);
}

function noPlace({ upPath }: Migration): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    t(
      'The tool of {0} keeps its ways back where none can be written for it. Write it by hand, or beside it as the tool wants it.',
      upPath,
    ),
  );
}
