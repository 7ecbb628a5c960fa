import { parse } from 'dotenv';
import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { addressParameters, settingsFiles } from './tool-settings';

/**
 * What `x-migrations-table` says in the address of a `.env`; null where none says it, or two say different ones. With
 * `x-migrations-table-quoted` it is a name in double quotes, with or without a schema (database/postgres/postgres.go).
 */
export async function golangHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  for (const { text } of await settingsFiles(folder, ['.env'], files)) {
    const variables = parse(text);
    const [name, ...more] = addressParameters(variables, 'x-migrations-table');
    if (name === undefined) continue;
    if (more.length > 0) return null;
    const quoted = addressParameters(variables, 'x-migrations-table-quoted').some(isTrue);
    return quoted ? quotedTable(name) : { schema: null, name };
  }
  return null;
}

/** As Go's strconv.ParseBool. */
function isTrue(text: string): boolean {
  return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text);
}

function quotedTable(text: string): HistoryTable | null {
  const [first, second] = [...text.matchAll(/"(.*?)"/g)].map((match) => match[1]!);
  if (first === undefined || first === '') return null;
  return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
}
