import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { ComposedFile } from './new-migration';

export interface JournalEntry {
  /** The file's name without `.sql`. */
  tag: string;
  /** Milliseconds since 1970: the version. */
  when: number;
}

/** Where drizzle-kit keeps the journal of a folder. */
export function journalPath(folder: string): string {
  return path.join(folder, 'meta', '_journal.json');
}

/** The dialect and the entries of a journal's text. Throws `invalid-file` where the tool could make nothing of it. */
export function parseJournal(
  text: string,
  file: string,
): { dialect: string | null; entries: JournalEntry[] } {
  const journal = journalObject(text, file);
  const entries = journal.entries.map((entry: unknown) => {
    if (isEntry(entry)) return { tag: entry.tag, when: entry.when };
    throw unusable(file, t('an entry has no "tag" that names a file, or no "when" in milliseconds'));
  });
  return { dialect: typeof journal.dialect === 'string' ? journal.dialect : null, entries };
}

/** The journal with an entry for each composed up that it does not name yet, as drizzle-kit writes it. Throws `invalid-file` as `parseJournal` does. */
export async function journalWith(
  composed: readonly ComposedFile[],
  folder: string,
  files: Files,
): Promise<{ path: string; text: string }> {
  const file = journalPath(folder);
  const text = await files.readIfExists(file);
  const journal = text === null ? emptyJournal() : journalObject(text, file);
  for (const up of composed.filter(({ direction }) => direction === 'up')) {
    const tag = path.basename(up.path, '.sql');
    if (journal.entries.some((entry) => (entry as Partial<JournalEntry> | null)?.tag === tag)) continue;
    const last = journal.entries.at(-1) as { idx?: unknown; version?: unknown } | undefined;
    journal.entries.push({
      idx: typeof last?.idx === 'number' ? last.idx + 1 : journal.entries.length,
      version: last?.version ?? journal.version ?? journalVersion,
      when: Number(up.version),
      tag,
      breakpoints: true,
    });
  }
  const indent = /^([ \t]+)"/m.exec(text ?? '')?.[1] ?? '  ';
  const written = JSON.stringify(journal, null, indent);
  return { path: file, text: text?.endsWith('\n') ? `${written}\n` : written };
}

/** Of drizzle-kit's snapshots for PostgreSQL. */
const journalVersion = '7';

interface Journal {
  version?: unknown;
  dialect?: unknown;
  entries: unknown[];
}

function emptyJournal(): Journal {
  return { version: journalVersion, dialect: 'postgresql', entries: [] };
}

function journalObject(text: string, file: string): Journal {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw unusable(file, cause instanceof Error ? cause.message : String(cause));
  }
  const entries = (parsed as Partial<Journal> | null)?.entries;
  if (Array.isArray(entries)) return parsed as Journal;
  throw unusable(file, t('it has no list "entries"'));
}

function isEntry(entry: unknown): entry is JournalEntry {
  const { tag, when } = (entry ?? {}) as Partial<JournalEntry>;
  return (
    typeof tag === 'string' && tag !== '' && !/[\\/]/.test(tag) && Number.isSafeInteger(when) && when! >= 0
  );
}

function unusable(file: string, reason: string): SwitchbackError {
  return new SwitchbackError(
    'invalid-file',
    t('The journal {0} cannot be read: {1}. Restore it from version control.', file, reason),
  );
}
