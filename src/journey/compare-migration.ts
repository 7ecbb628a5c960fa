import type { Session } from '../database/session';
import {
  accountsFor,
  changedPaths,
  readScriptTrace,
  type ChangedPaths,
  type StatementTrace,
} from '../implement/statement-trace';
import type { AppliedMigration, Layout, MigrationScript, MigrationStatus } from '../layouts/layout';
import { searchPathOf } from '../layouts/preparation';
import { migrationTitle } from '../layouts/migration-title';
import { isAddressOf } from '../layouts/migration-address';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { loadParser, type SqlParser } from '../sql/parser';
import { layoutOf, readStatus, type FolderStatus } from './migrations';
import type { JourneyContext } from './workspace';

/** What a database's history and catalog say against a folder of migrations. */
export interface FolderComparison {
  /** Absolute path. */
  folder: string;
  /** Relative to the workspace folder, with `/`. */
  label: string;
  /** The tool's name. */
  tool: string;
  historyTable: string;
  historyExists: boolean;
  migrations: ComparedMigration[];
}

export interface ComparedMigration {
  version: string;
  name: string;
  /** Absolute path of the up; null where the folder has no such file. */
  path: string | null;
  state: MigrationStatus['state'];
  flags: MigrationStatus['flags'];
  /** The history's row; null where it has none. */
  row: AppliedMigration | null;
  /** Whether the row is of this version, and not one that stands for all before it. */
  ownRow: boolean;
  checksum: ChecksumComparison;
  statements: ComparedStatement[];
  verdict: ComparisonVerdict;
}

/** The checksum in the history against the one its tool would record of the file as it is. */
export type ChecksumComparison =
  { kind: 'same' | 'differs'; recorded: string; now: string | null } | { kind: 'none' };

export interface ComparedStatement extends StatementTrace {
  /** The applied migration behind it that changed again what is not as it left it, in words. */
  changedBy: string | null;
}

/**
 * `agrees`: nothing speaks against the history. `effect-missing`: applied, and something of it is not there.
 * `effect-there`, `effect-in-part`: not applied, and what it does is there. `not-told`: the catalog cannot say.
 */
export type ComparisonVerdict =
  | 'agrees'
  | 'not-told'
  | 'effect-missing'
  | 'edited'
  | 'effect-there'
  | 'effect-in-part'
  | 'broke-off'
  | 'no-file';

/**
 * Compares one migration, by its up or down file, or a whole folder with the connected database. Reads only. Throws
 * `not-found` for a file or folder that is none of the workspace's, `invalid-input` where its history cannot be read.
 */
export async function compareMigrations(
  context: JourneyContext,
  session: Session,
  target: { file: string } | { folder: string },
): Promise<FolderComparison> {
  const folder = folderOf(await readStatus(context, session), target);
  const layout = layoutOf(folder);
  const history = await layout.history(folder.label, session);
  const parser = await loadParser();
  const wanted = folder.statuses.filter((status) => isWanted(status, target));
  const first = folder.statuses.indexOf(wanted[0]!);
  const scripts = await readScripts(context, layout, folder.statuses.slice(Math.max(0, first)));
  const own = new Set(history.applied.map(({ version }) => version));
  const later: LaterChange[] = [];
  const migrations: ComparedMigration[] = [];
  // From the last: what is behind a migration is known when its turn comes.
  for (const status of folder.statuses.slice(Math.max(0, first)).reverse()) {
    context.signal.throwIfAborted();
    const script = scripts.get(status.version) ?? null;
    if (wanted.includes(status)) {
      context.progress.report({ message: migrationTitle(status) });
      const ownRow = own.has(status.version);
      migrations.unshift(await compared({ session, parser, layout }, status, ownRow, script, later));
    }
    if (script && status.state === 'applied') {
      later.unshift({ title: migrationTitle(status), changes: changedPaths(parser, script.sql) });
    }
  }
  return {
    folder: folder.folder,
    label: folder.label,
    tool: folder.title,
    historyTable: history.table,
    historyExists: history.exists,
    migrations,
  };
}

interface LaterChange {
  title: string;
  changes: ChangedPaths;
}

function folderOf(
  folders: readonly FolderStatus[],
  target: { file: string } | { folder: string },
): FolderStatus {
  const found = folders.find((folder) =>
    'folder' in target
      ? folder.folder === target.folder
      : folder.statuses.some((status) => isWanted(status, target)),
  );
  if (found) return found;
  throw new SwitchbackError(
    'not-found',
    t(
      '{0} is no migration of this workspace. Open a file of a migrations folder, or choose one in the Migrations view.',
      'folder' in target ? target.folder : target.file,
    ),
  );
}

function isWanted({ migration }: MigrationStatus, target: { file: string } | { folder: string }): boolean {
  if ('folder' in target) return true;
  return migration !== null && isAddressOf(target.file, migration);
}

async function readScripts(
  context: JourneyContext,
  layout: Layout,
  statuses: readonly MigrationStatus[],
): Promise<Map<string, MigrationScript>> {
  const scripts = new Map<string, MigrationScript>();
  for (const { migration, version } of statuses) {
    const script = migration && (await layout.script(migration, 'up', context.files));
    if (script) scripts.set(version, script);
  }
  return scripts;
}

async function compared(
  { session, parser, layout }: { session: Session; parser: SqlParser; layout: Layout },
  status: MigrationStatus,
  ownRow: boolean,
  script: MigrationScript | null,
  later: readonly LaterChange[],
): Promise<ComparedMigration> {
  const path = status.migration ? searchPathOf(layout, status.migration) : {};
  const trace = script && (await readScriptTrace(session, parser, script, path));
  const statements = (trace?.statements ?? []).map((statement) => ({
    ...statement,
    changedBy: changedBy(statement, later),
  }));
  const checksum = checksumOf(layout, status, script);
  return {
    version: status.version,
    name: status.name,
    path: status.migration?.upPath ?? null,
    state: status.state,
    flags: status.flags,
    row: status.applied,
    ownRow,
    checksum,
    statements,
    verdict: comparisonVerdict(status.state, checksum, statements),
  };
}

function changedBy(statement: StatementTrace, later: readonly LaterChange[]): string | null {
  const otherwise = statement.objects.filter((object) => !object.holds);
  const titles = otherwise.map((object) => later.find(({ changes }) => accountsFor(changes, object))?.title);
  return titles.every((title) => title !== undefined) ? (titles[0] ?? null) : null;
}

function checksumOf(
  layout: Layout,
  { applied, flags }: MigrationStatus,
  script: MigrationScript | null,
): ChecksumComparison {
  if (!applied?.contentHash) return { kind: 'none' };
  const now = script && layout.recordedHash(script);
  const isAnother = flags.includes('runs-again') && now !== applied.contentHash;
  return {
    kind: flags.includes('edited') || !script || isAnother ? 'differs' : 'same',
    recorded: applied.contentHash,
    now,
  };
}

/** What one migration's state, checksum and traces come to. */
export function comparisonVerdict(
  state: MigrationStatus['state'],
  checksum: ChecksumComparison,
  statements: readonly Pick<ComparedStatement, 'state' | 'changedBy'>[],
): ComparisonVerdict {
  const isThere = statements.some((one) => one.state === 'there');
  const lacks = statements.some(
    (one) => ['missing', 'partly', 'half-made'].includes(one.state) && one.changedBy === null,
  );
  switch (state) {
    case 'missing':
      return 'no-file';
    case 'failed':
      return 'broke-off';
    case 'skipped':
      return 'not-told';
    case 'applied':
      if (lacks) return 'effect-missing';
      if (checksum.kind === 'differs') return 'edited';
      return isThere || statements.some((one) => one.changedBy !== null) ? 'agrees' : 'not-told';
    case 'pending':
      if (isThere || statements.some((one) => one.state === 'partly' || one.state === 'half-made'))
        return lacks ? 'effect-in-part' : 'effect-there';
      return lacks ? 'agrees' : 'not-told';
  }
}
