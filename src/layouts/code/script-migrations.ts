import path from 'node:path';
import { t } from '../../messages/translate';
import type { Files } from '../../ports/files';
import { splitStatements } from '../../sql/split';
import { addTwins } from '../migration-problems';
import type { LayoutId, Migration } from '../layout';
import type { CodeValues, ComposedFile, NewMigration } from '../new-migration';

/** Programs that may be migrations: not the declarations of others. */
const program = /(?<!\.d)\.[cm]?[jt]s$/i;

/** The name of a file of TypeScript or JavaScript without its ending; null for another. */
export function programStem(name: string): string | null {
  return program.test(name) ? name.replace(program, '') : null;
}

/** How one tool names the files of its migrations. */
export interface CodeNaming {
  layout: LayoutId;
  /** The version that the tool records for a file, and its words; null for a file that is none of its migrations. */
  read: (stem: string) => { version: string; name: string } | null;
  compare: (a: string, b: string) => number;
}

/**
 * The migrations among the files of a folder, each written as one program with both directions. A second file of a
 * version (the same one compiled) is named in the problems of the first.
 */
export function codeMigrations(folder: string, names: readonly string[], naming: CodeNaming): Migration[] {
  const byVersion = new Map<string, Migration>();
  for (const file of names) {
    const stem = programStem(file);
    const read = stem === null ? null : naming.read(stem);
    if (!read) continue;
    const twin = byVersion.get(read.version);
    if (twin) {
      const sentence = t(
        '{0} has the version {1} of {2}. Delete one of them.',
        file,
        read.version,
        path.basename(twin.upPath),
      );
      addTwins(twin, [{ path: path.join(folder, file), sentence }]);
      continue;
    }
    const upPath = `${folder}${path.sep}${file}`;
    byVersion.set(read.version, {
      version: read.version,
      name: read.name,
      folder,
      layout: naming.layout,
      upPath,
      downPath: upPath,
      isCode: true,
    });
  }
  return [...byVersion.values()].sort((one, other) => naming.compare(one.version, other.version));
}

/** What a new program is called and filled with beside the statements. */
export interface CodeNames {
  version: string;
  /** Its name without the ending. */
  stem: string;
  /** The ending in a folder without programs; TypeScript's without it. */
  ending?: 'js' | 'ts';
  className?: string;
  previous?: string | null;
  app?: string;
  /** How a statement is written where the tool fills something in. */
  written?: (statement: string) => string;
}

/**
 * A new migration as one program, in the language of those that are there. `tool` names its template. Its text is empty
 * where the request cannot fill templates.
 */
export function composeProgram(
  tool: string,
  request: NewMigration,
  existing: readonly Migration[],
  names: CodeNames,
): ComposedFile {
  const ending = endingOf(existing) ?? names.ending ?? 'ts';
  const template = `${tool}.${ending.endsWith('ts') ? 'ts' : 'js'}`;
  const file = path.join(request.folder, `${names.stem}.${ending}`);
  const text = request.fill?.(template, codeValues(request, names), file) ?? '';
  return { path: file, text, direction: 'up', version: names.version };
}

/** What the template of a migration in code is filled with. */
export function codeValues(request: NewMigration, names: CodeNames): CodeValues {
  const written = names.written ?? ((statement) => statement);
  return {
    title: commentAbove(request.up) ?? request.name,
    className: names.className ?? '',
    version: names.version,
    previous: names.previous ?? null,
    ...(names.app === undefined ? {} : { app: names.app }),
    up: statementsOf(request.up).map(written),
    down: request.down === null ? null : statementsOf(request.down).map(written),
    transactional: request.transactional,
    now: request.now,
  };
}

/** The comment that a script begins with, without its signs: it says what a plan's file is part of. */
function commentAbove(sql: string): string | null {
  const lines = sql.trimStart().split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const comment = lines.slice(0, end < 0 ? undefined : end).map((line) => line.replace(/^--\s?/, ''));
  return comment.length > 0 ? comment.join('\n') : null;
}

/** The statements of a script, one each: a tool that sends several at once wraps them in a transaction of their own. */
export function statementsOf(sql: string): string[] {
  return splitStatements(sql).map((piece) => sql.slice(piece.start, piece.end).trim());
}

function endingOf(existing: readonly Migration[]): string | null {
  const last = existing.findLast((migration) => program.test(migration.upPath));
  return last ? /[cm]?[jt]s$/i.exec(last.upPath)![0] : null;
}

/** The first of the migrations that one of these signs of the tool is in, as written; null where none is looked at. */
export async function signOfTool(
  migrations: readonly Migration[],
  sign: RegExp,
  files: Files,
): Promise<{ file: string; sign: string } | null> {
  for (const { upPath } of migrations.slice(0, 3)) {
    const found = sign.exec((await files.readIfExists(upPath).catch(() => null)) ?? '');
    if (found) return { file: path.basename(upPath), sign: found[0].trim() };
  }
  return null;
}
