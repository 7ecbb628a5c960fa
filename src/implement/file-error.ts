import path from 'node:path';
import type { MigrationScript } from '../layouts/layout';
import { isSwitchbackError, SwitchbackError, type ErrorCode } from '../messages/error';
import { t } from '../messages/translate';
import type { ReleasedFile } from './run-context';

/** What the SQL of a file can be refused for; what happened to the connection or a lock is said elsewhere. */
const ofTheFile = new Set<ErrorCode>(['syntax-error', 'not-found', 'no-privilege', 'database-error']);

/**
 * A failure while a migration file ran, naming the file, and the line where the server tells it. `undone`: the file
 * ran in one transaction, so that nothing of it is left. Anything else is given back as it is.
 */
export function inFile(
  error: unknown,
  file: Pick<ReleasedFile, 'directory' | 'migration'>,
  script: MigrationScript,
  undone: boolean,
): unknown {
  if (!isSwitchbackError(error) || !ofTheFile.has(error.code)) return error;
  const { message, position } = error.details;
  if (typeof message !== 'string') return error;
  const name = fileName(file, script);
  const line = (at: number): number => lineAt(script.sql, at) + (script.linesBefore ?? 0);
  const place = typeof position === 'number' ? t('{0}, line {1}', name, line(position)) : name;
  const left = undone
    ? t('Nothing of it was kept.')
    : t('What it committed before that line is there; see what is, before you go on.');
  const sentence =
    error.code === 'syntax-error'
      ? t('{0}: {1}. {2} Correct the file and apply it again.', place, message, left)
      : t('{0}: {1} {2}', place, error.sentence, left);
  return new SwitchbackError(error.code, sentence, { cause: error, details: error.details });
}

/** The file as people name it: below the migrations folder, relative to the workspace. */
export function fileName(
  { directory, migration }: Pick<ReleasedFile, 'directory' | 'migration'>,
  { path: file }: Pick<MigrationScript, 'path'>,
): string {
  return [directory, ...path.relative(migration.folder, file).split(path.sep)].join('/');
}

/** The line, from 1, of a server's position: characters, from 1. */
function lineAt(sql: string, position: number): number {
  return (
    Array.from(sql)
      .slice(0, position - 1)
      .filter((character) => character === '\n').length + 1
  );
}
