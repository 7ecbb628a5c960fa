import path from 'node:path';
import type { SingleChange } from '../assess/change';
import { pastChanges } from '../assess/past-changes';
import type { PastMigration } from '../assess/research/research';
import { layoutById } from '../layouts/layouts';
import type { Migration, MigrationScript } from '../layouts/layout';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { applyToKnownSchema } from '../safety/known-schema-fold';
import { emptyKnownSchema, type KnownSchema } from '../safety/known-schema';
import { formatQualifiedName } from '../sql/identifier';
import { loadParser, type SqlParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import { fileCommit } from './file-commit';
import type { MigrationFolder } from './migrations';
import type { JourneyContext } from './workspace';

const mostFiles = 2000;
const mostShown = 10;

/** Migrations that made the same kind of change before. */
export interface SimilarMigrations {
  past: PastMigration[];
  /** What was not looked through, as a sentence; null where all was. */
  note: string | null;
}

/**
 * Migrations of these folders that made the same kind of change, found by their parse trees: those of the same table
 * first, newer ones before older ones. Reads files and git, and no database. Throws `cancelled`.
 */
export async function similarMigrations(
  context: JourneyContext,
  folders: readonly Pick<MigrationFolder, 'migrations'>[],
  change: SingleChange,
): Promise<SimilarMigrations> {
  const parser = await loadParser();
  const found: Found[] = [];
  let left = mostFiles;
  let skipped = 0;
  for (const { migrations } of folders) {
    const looked = left === 0 ? [] : migrations.slice(-left);
    left -= looked.length;
    skipped += migrations.length - looked.length;
    found.push(...(await foundIn(context, parser, looked, change)));
  }
  const chosen = found
    .sort((a, b) => Number(b.sameTable) - Number(a.sameTable) || a.age - b.age)
    .slice(0, mostShown);
  return {
    past: await Promise.all(chosen.map((each) => withCommit(context, each))),
    note: skipped === 0 ? null : t('Older migrations that were not looked through: {0}.', skipped),
  };
}

interface Found {
  /** Absolute path. */
  file: string;
  line: number;
  statement: string;
  sameTable: boolean;
  /** How many migrations of its folder come after it. */
  age: number;
}

/** Folds the schema along: only that tells which table an index is of, and what a script made for itself. */
async function foundIn(
  context: JourneyContext,
  parser: SqlParser,
  migrations: readonly Migration[],
  change: SingleChange,
): Promise<Found[]> {
  const found: Found[] = [];
  const schema = emptyKnownSchema();
  for (const [index, migration] of migrations.entries()) {
    context.signal.throwIfAborted();
    if (index % 50 === 0)
      context.progress.report({
        message: t('Reading earlier migrations: {0} of {1}', index, migrations.length),
      });
    const script = await scriptOf(context, migration);
    if (!script) continue;
    const age = migrations.length - index;
    for (const statement of parser.parse(script.sql).statements) {
      const like = sameKind(statement, schema, change);
      if (like) found.push({ ...place(script, statement), sameTable: isSameTable(like, change), age });
      applyToKnownSchema(schema, statement, true);
    }
    for (const relation of schema.relations.values()) relation.fresh = false;
  }
  return found;
}

/** null for one without SQL, and for a file that cannot be read: lint says why. */
async function scriptOf(context: JourneyContext, migration: Migration): Promise<MigrationScript | null> {
  try {
    return await layoutById(migration.layout).script(migration, 'up', context.files);
  } catch (error) {
    if (!isSwitchbackError(error) || error.code === 'cancelled') throw error;
    return null;
  }
}

function sameKind(statement: Statement, schema: KnownSchema, change: SingleChange): SingleChange | null {
  const alike = pastChanges(statement, schema).filter(({ kind }) => kind === change.kind);
  return alike.find((each) => isSameTable(each, change)) ?? alike[0] ?? null;
}

function isSameTable(past: SingleChange, change: SingleChange): boolean {
  return formatQualifiedName(past.table) === formatQualifiedName(change.table);
}

function place(
  script: MigrationScript,
  { start, text }: Statement,
): Pick<Found, 'file' | 'line' | 'statement'> {
  return { file: script.path, line: start.line + (script.linesBefore ?? 0), statement: text };
}

async function withCommit(
  context: JourneyContext,
  { file, line, statement, sameTable }: Found,
): Promise<PastMigration> {
  const commit = await fileCommit(context, file);
  return {
    path: path.relative(context.workspace.root, file).split(path.sep).join('/'),
    line,
    statement,
    sameTable,
    author: commit?.author ?? null,
    committedAt: commit?.committedAt ?? null,
  };
}
