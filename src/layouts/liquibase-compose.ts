import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Migration } from './layout';
import type { ComposedFile, NewMigration, SealedFiles } from './new-migration';
import { isBelow, readChangelogs } from './liquibase-changelog';
import { keyOf, versionOf } from './liquibase-migrations';
import { fileWords, nextVersion } from './versions';

const numbered = /^(\D*)(\d{1,17})([._-]+)(?=.+\.sql$)/;
/** Comments that the tool reads as something else, or stops at. */
const reserved =
  /^[ \t]*(?:--[ \t]*(?:changeset|rollback|comments|validCheckSum|preconditions?|precondition-\S+|ignoreLines|ignore|property)\b|\/\*[ \t]*liquibase)/im;

/** A file of one changeset beside the last one, numbered as that is. */
export function composeChangeset(request: NewMigration, existing: readonly Migration[]): ComposedFile[] {
  const last = existing.at(-1);
  const folder = last ? path.dirname(last.upPath) : request.folder;
  const beside = existing.filter(({ upPath }) => path.dirname(upPath) === folder);
  const matches = beside.map(({ upPath }) => numbered.exec(path.basename(upPath)));
  const [, prefix = '', , separator = '-'] = matches.findLast((match) => match !== null) ?? [];
  const numbers = beside.flatMap(({ upPath }) => /\d{1,17}/.exec(path.basename(upPath))?.[0] ?? []);
  const words = fileWords(request.name).replaceAll('_', separator.startsWith('_') ? '_' : '-');
  const stem = `${prefix}${nextVersion(numbers, request.now, 3)}${separator}${words}`;
  const author = last ? keyOf(last.version).author : 'switchback';
  const file = path.join(folder, `${stem}.sql`);
  const version = versionOf({ path: `${recordedFolder(beside)}${stem}.sql`, id: stem, author });
  return [{ path: file, text: textOf(request, `${author}:${stem}`), direction: 'up', version }];
}

/** How the tool names the folder, by a file of it that is recorded with its own path. */
function recordedFolder(beside: readonly Migration[]): string {
  for (const { version, upPath } of beside) {
    const { path: recorded } = keyOf(version);
    if (path.posix.basename(recorded) === path.basename(upPath))
      return recorded.slice(0, -path.basename(upPath).length);
  }
  return '';
}

/** Throws `invalid-input` where a comment of the SQL is an instruction to the tool. */
function textOf({ name, up, down, transactional }: NewMigration, key: string): string {
  const found = [up, down ?? ''].map((sql) => reserved.exec(sql)).find((match) => match !== null);
  if (found) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The comment "{0}" in the SQL of "{1}" is an instruction to Liquibase. Reword it.',
        found[0].trim(),
        name,
      ),
    );
  }
  const attributes = [
    ...(transactional ? [] : ['runInTransaction:false']),
    // The tool splits at semicolons within dollar quotes too; outside a transaction it has to split.
    ...(transactional && /\$\w*\$/.test(up) ? ['splitStatements:false'] : []),
    ...(transactional && /\$\w*\$/.test(down ?? '') ? ['rollbackSplitStatements:false'] : []),
  ];
  const header = ['--liquibase formatted sql', '', ['--changeset', key, ...attributes].join(' ')];
  const lines = (down ?? '').split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const rollback = lines.map((line) => `--rollback ${line}`);
  return [...header, up.trimEnd(), ...(rollback.length > 0 ? ['', ...rollback] : []), ''].join('\n');
}

/** The changelog that names files one by one names the new ones too. */
export async function includeComposed(composed: readonly ComposedFile[], files: Files): Promise<SealedFiles> {
  const first = composed[0];
  const nothing = { files: [...composed], beside: [] };
  if (!first) return nothing;
  const { root, searchFolder, wholeFolders, items } = await readChangelogs(path.dirname(first.path), files);
  const isIncluded = (file: string): boolean =>
    items.some((item) => item.kind === 'file' && item.file === file) ||
    wholeFolders.some((folder) => isBelow(file, folder));
  const missing = composed.filter((each) => !isIncluded(each.path));
  if (root === null || missing.length === 0) return nothing;
  let text = await files.read(root);
  for (const { path: file } of missing) {
    const relative = path.relative(path.dirname(root), file).split(path.sep).join('/');
    const fromSearch = path.relative(searchFolder, file).split(path.sep).join('/');
    text = withInclude(root, text, relative.startsWith('..') ? null : relative, fromSearch);
  }
  return { files: [...composed], beside: [{ path: root, text }] };
}

/** `relative` to the changelog where the file is below it; else as it is found from the searched folder. */
function withInclude(root: string, text: string, relative: string | null, searched: string): string {
  const file = relative ?? searched;
  if (/\.xml$/i.test(root)) {
    const marked = relative === null ? '' : ' relativeToChangelogFile="true"';
    const escaped = file.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
    return text.replace(
      /(?<![ \t])([ \t]*)(<\/(?:\w+:)?databaseChangeLog>)/,
      `$1    <include file="${escaped}"${marked}/>\n$1$2`,
    );
  }
  if (/\.json$/i.test(root)) {
    const document = JSON.parse(text) as { databaseChangeLog: unknown[] };
    const include = relative === null ? { file } : { file, relativeToChangelogFile: true };
    document.databaseChangeLog.push({ include });
    return `${JSON.stringify(document, null, 2)}\n`;
  }
  const dash = /^([ \t]*)-[ \t]*include/m.exec(text)?.[1] ?? '  ';
  const marked = relative === null ? '' : `${dash}      relativeToChangelogFile: true\n`;
  return `${text.trimEnd()}\n${dash}- include:\n${dash}      file: ${JSON.stringify(file)}\n${marked}`;
}
