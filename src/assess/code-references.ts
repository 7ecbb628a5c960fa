import { relative, sep } from 'node:path';
import { isSwitchbackError } from '../messages/error';
import type { Files } from '../ports/files';
import type { Progress } from '../ports/progress';
import { t } from '../messages/translate';
import type { CodeReference, CodeReferences } from './assessment';
import { accessAt } from './code-access';
import { presentColumn, type Change } from './change';
import { partsOf } from './several-changes';

export interface CodeSearch {
  files: Files;
  /** Absolute path of the workspace folder. */
  root: string;
  /** Folders that are left out, relative to the root, with `/`. */
  excludedFolders: readonly string[];
  table: string;
  column: string;
  /** At most so many references are kept. */
  limit?: number;
}

const extensions =
  'ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,sql,psql,py,rb,erb,java,kt,kts,scala,groovy,go,rs,cs,fs,vb,php,ex,exs,eex,clj,swift,dart,c,cc,cpp,h,hpp,pl,pm,lua,r,jl,prisma,graphql,gql,proto,yml,yaml,json,toml,xml,hbs,html,sh';
const skippedFile = /(?:\.min\.\w+|package-lock\.json|pnpm-lock\.yaml|composer\.lock)$/;
/** What was applied is history, not code that has to change. */
const migrationsFolder = /(?:^|\/)(?:migrations?|migrate)\//;
const longestFile = 1_000_000;
const longestText = 200;
const defaultLimit = 500;

/**
 * Where the workspace's code mentions the table or the column as whole words, as SQL writes them and in camel
 * case. A column alone counts only in files that mention the table. What .gitignore ignores, binary files and
 * files over a megabyte are left out.
 */
export async function findCodeReferences(
  search: CodeSearch,
  progress: Progress,
  signal: AbortSignal,
): Promise<CodeReferences> {
  const paths = (await search.files.find(search.root, `**/*.{${extensions}}`, signal)).filter((path) =>
    isSearched(search, path),
  );
  const limit = search.limit ?? defaultLimit;
  const found: CodeReferences = { references: [], filesSearched: 0, truncated: false };
  for (const [index, path] of paths.entries()) {
    signal.throwIfAborted();
    if (index % 50 === 0) {
      progress.report({
        message: t('Searching the code for {0}', search.table),
        share: index / paths.length,
      });
    }
    const text = await readSearchable(search.files, path);
    if (text === null) continue;
    found.filesSearched += 1;
    for (const reference of referencesIn(pathInside(search.root, path), text, search)) {
      if (found.references.length === limit) return { ...found, truncated: true };
      found.references.push(reference);
    }
  }
  return found;
}

export interface CodeReferenceCount {
  /** Places the change concerns. Of a column that is there, those that name it: the table keeps its name. */
  places: number;
  /** Files these are in. */
  files: number;
  /** Places that name only the table of such a column. */
  tableOnly: number;
}

/** The references a change concerns. */
export function concernedReferences(
  { references }: Pick<CodeReferences, 'references'>,
  change: Change,
): CodeReference[] {
  const isThere = partsOf(change).every((part) => presentColumn(part) !== null);
  return references.filter((each) => !isThere || each.mentions !== 'table');
}

/** How much code a change concerns. Every sentence that says a number takes it from here. */
export function countCodeReferences(
  code: Pick<CodeReferences, 'references'>,
  change: Change,
): CodeReferenceCount {
  const concerned = concernedReferences(code, change);
  return {
    places: concerned.length,
    files: new Set(concerned.map((each) => each.path)).size,
    tableOnly: code.references.length - concerned.length,
  };
}

/** `12 places in 3 files`. */
export function describeCount({ places, files }: Pick<CodeReferenceCount, 'places' | 'files'>): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  if (places === 1) return t('1 place in 1 file');
  return files === 1
    ? t('{0} places in 1 file', number(places))
    : t('{0} places in {1} files', number(places), number(files));
}

/** The references of one file's text. */
export function referencesIn(
  path: string,
  text: string,
  names: Pick<CodeSearch, 'table' | 'column'>,
): CodeReference[] {
  const table = wordPattern(names.table);
  const column = wordPattern(names.column);
  if (!table.test(text)) return [];
  const references: CodeReference[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    const tableAt = line.search(table);
    const columnAt = line.search(column);
    if (tableAt < 0 && columnAt < 0) continue;
    const mentions = tableAt < 0 ? 'column' : columnAt < 0 ? 'table' : 'both';
    const at = columnAt < 0 ? tableAt : columnAt;
    references.push({
      path,
      line: index + 1,
      column: at + 1,
      text: line.trim().slice(0, longestText),
      mentions,
      access: accessAt(lines, index, at),
    });
  }
  return references;
}

/** Relative to the workspace folder, with `/`: documents are read on other machines. */
function pathInside(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

function isSearched(search: CodeSearch, path: string): boolean {
  const inside = pathInside(search.root, path);
  if (skippedFile.test(inside) || migrationsFolder.test(inside)) return false;
  return !search.excludedFolders.some(
    (folder) => folder !== '' && inside.startsWith(`${folder.replace(/^\.\/|\/+$/g, '')}/`),
  );
}

async function readSearchable(files: Files, path: string): Promise<string | null> {
  try {
    const text = await files.read(path);
    return text.length > longestFile || text.includes('\0') ? null : text;
  } catch (error) {
    // Not UTF-8, or removed since it was listed: no code to search.
    if (isSwitchbackError(error, 'invalid-file') || isSwitchbackError(error, 'not-found')) return null;
    throw error;
  }
}

/** The name as a whole word, in any case where SQL folds it, or in camel case. */
export function wordPattern(name: string): RegExp {
  const camel = name.replace(/_+(\p{L}|\p{N})/gu, (_, letter: string) => letter.toUpperCase());
  const words = [...new Set([name, camel])].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(
    `(?<![\\p{L}\\p{N}_$])(?:${words.join('|')})(?![\\p{L}\\p{N}_$])`,
    /[A-Z]/.test(name) ? 'u' : 'iu',
  );
}
