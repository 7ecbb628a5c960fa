import type { Files } from '../ports/files';
import type { Session } from '../database/session';
import type { LayoutTool } from './layout-tool';
import type { ComposedFile, NewMigration, SealedFiles } from './new-migration';
import type { PlannedChange } from './planned-change';

export const layoutIds = [
  'alembic',
  'atlas',
  'db-migrate',
  'dbmate',
  'diesel',
  'django',
  'drizzle',
  'flyway',
  'golang-migrate',
  'goose',
  'graphile-migrate',
  'knex',
  'kysely',
  'liquibase',
  'mikro-orm',
  'node-pg-migrate',
  'plain',
  'postgrator',
  'prisma',
  'rails',
  'refinery',
  'sequelize',
  'sqitch',
  'sqlx',
  'supabase',
  'typeorm',
] as const;
export type LayoutId = (typeof layoutIds)[number];

/** Where one tool keeps migrations, how it orders them, tells up from down, and which history it writes. */
export interface Layout {
  id: LayoutId;
  /** The tool's own name, as users write it. */
  title: string;
  /**
   * The migrations folder that a SQL file would be in by its name and place alone, without a look at the disk; null for
   * one that is no migration of this tool. Most keep them flat, some give each a folder of its own.
   */
  folderOf(file: string): string | null;
  /** How sure this folder is this layout, with the evidence; null when it is not. */
  detect(folder: string, files: Files): Promise<LayoutEvidence | null>;
  /** The migrations of a folder in the tool's own order, without their text. */
  list(folder: string, files: Files): Promise<Migration[]>;
  /** Negative when the tool runs version `a` before `b`; also for versions that no file has. Never throws. */
  compare(a: string, b: string): number;
  /**
   * No version tells its place, only the list does (Sqitch's plan): `compare` finds all alike, and `versionOrder` goes by
   * the list, with versions that no file has before all others.
   */
  orderedByList?: true;
  /** The SQL of one direction with its place in its file; null when there is none. */
  script(migration: Migration, direction: Direction, files: Files): Promise<MigrationScript | null>;
  /**
   * The history table that the tool's own settings of this folder name, read as text and never run; null for its usual
   * one. Absent where nothing on disk can name another. Never throws: settings that cannot be read name nothing.
   */
  historyTable?(folder: string, files: Files): Promise<HistoryTable | null>;
  /**
   * What the history table says; `exists: false` when there is no table yet. Read only. `directory` is the
   * folder relative to the workspace, with `/`: what a row of ours names it by, on every machine. `table` is another
   * than the tool's usual one.
   */
  history(directory: string, session: Session, table?: HistoryTable | null): Promise<History>;
  /**
   * SQL for scripts that have no parser of history: once `table` is there, `sql` gives one row `version`, `dirty` for
   * the migration that counts. With a cumulative history that is the latest; else the one asked for, or no row.
   * $1 is the directory, $2 the version. null where scripts cannot keep the tool's history.
   */
  historyQuery: HistoryQuery | null;
  /** The checksum the tool records for the up of a migration, as its history table shows it; null where it records none. */
  recordedHash(up: MigrationScript): string | null;
  /** Whether the tool takes a file for the one of a recorded checksum; without it, where `recordedHash` equals it. */
  acceptsHash?(up: MigrationScript, recorded: string): boolean;
  /** What makes the tool run a script outside a transaction. */
  outsideTransaction: OutsideTransaction;
  /**
   * File names and text of a new migration with the next free version. A tool that keeps both directions in one file
   * gives that file as the up. One that knows no way back gives a file of ours that it never reads.
   */
  compose(request: NewMigration, existing: readonly Migration[]): ComposedFile[];
  /**
   * Composed files as they have to be written where that hangs on the texts in their folder (the hash of the migration
   * before), with the tool's own files that change with them. Absent where `compose` says it all.
   */
  seal?(composed: readonly ComposedFile[], files: Files): Promise<SealedFiles>;
  /** A hash of its text goes with each migration: an edit of one that is sealed breaks the tool's seal. */
  sealsTexts?: true;
  /**
   * Files of the tool's own with their new text for when files of a folder, by their paths, bear other names. Absent
   * where it keeps none. Throws `invalid-input` where they are not of the files as they are.
   */
  reseal?(folder: string, names: ReadonlyMap<string, string>, files: Files): Promise<SealedFiles['beside']>;
  /** How to apply or roll back one migration the way the tool would, history row included. For code: the row alone. */
  execution(migration: Migration, direction: Direction, context: ExecutionContext): LayoutExecution;
  /** The tool's own commands, where it has some that Switchback calls. */
  tool?: LayoutTool;
}

/** How a layout runs a script outside a transaction. */
export type OutsideTransaction =
  /** A comment at the top of the file says so; `alone` where it helps a file of one statement only. */
  | { by: 'header'; marker: string; alone?: true }
  /** A file beside it says so, which only a migration composed for it has. */
  | { by: 'companion' }
  /** A file that holds a single statement is not wrapped. */
  | { by: 'single-statement' }
  /** Its scripts never are in one. */
  | { by: 'always' }
  /** The code says so, which only a migration composed for it does. */
  | { by: 'code' }
  /** It cannot. */
  | { by: 'never' };

export type Direction = 'up' | 'down';

export interface LayoutEvidence {
  /** 0 to 1; the highest wins. */
  confidence: number;
  /** What was seen, in words, for the user. */
  evidence: string[];
}

/** One versioned step on disk: an up and, if there is one, a down. */
export interface Migration {
  /** The version as the tool records it. */
  version: string;
  name: string;
  folder: string;
  layout: LayoutId;
  upPath: string;
  /** null when there is no down file; the same as `upPath` where the tool keeps both in one. */
  downPath: string | null;
  /** What is wrong with its files (a second file of the same version), each a sentence. */
  problems?: string[];
  /** Those of `problems` that are about a further file of its version, with that file. */
  twins?: MigrationTwin[];
  /**
   * Versions that the same folder has as code (JavaScript, TypeScript, Go), which is not listed: the tool records them too,
   * and new versions come after them. The first migration of a folder says it for all.
   */
  codeVersions?: string[];
  /** It is a program: the SQL in it can be read, and the tool alone can run it. */
  isCode?: true;
  /** The checksum that a file of the tool's own lists for it (atlas.sum). */
  checksum?: string;
  /** What a plan of the tool's own says of it, which its history repeats (sqitch.plan). */
  planned?: PlannedChange;
  /** Where migrations form a graph (Alembic's revisions), those that it comes right after. */
  follows?: readonly FollowedMigration[];
  /** The tool runs it again: when its text is not the one that ran last, or each time. */
  repeats?: 'changed' | 'always';
  /** It has no place among the versions. */
  kind?: MigrationKind;
}

/**
 * Flyway's two kinds beside versions: a repeatable one runs after all that have a version, and its own only names it here;
 * a baseline runs on an empty history alone, in place of the versions up to its own.
 */
export type MigrationKind = 'repeatable' | 'baseline';

/** A migration that another one comes right after. */
export interface FollowedMigration {
  version: string;
  /** What else comes after it, near or far, and not after the other one too. */
  alsoBefore: readonly string[];
}

/** A further file of a version. */
export interface MigrationTwin {
  /** Absolute path; of the folder where each migration has one. */
  path: string;
  sentence: string;
}

export interface MigrationScript {
  path: string;
  direction: Direction;
  /** The SQL the tool sends. */
  sql: string;
  /** UTF-16 offset of `sql` in its file. */
  offset: number;
  /** Line ends of the file before `sql`; none where it is left out. */
  linesBefore?: number;
  /** Whether the tool wraps it: one transaction, one implicit one for the whole text, or none. */
  transaction: 'wrapped' | 'implicit' | 'none';
  /** SHA-256 of `sql`, hex. */
  contentHash: string;
  /** What `recordedHash` gives, where it hangs on more than `sql`. */
  checksum?: string | null;
  /** Its author says that no way leads back by a sign of the tool's own, and not by ours in the SQL. */
  irreversible?: true;
}

export interface HistoryQuery {
  table: string;
  sql: string;
  cumulative: boolean;
  /** The same for another table. */
  at?(table: HistoryTable): { table: string; sql: string };
}

/** A history table by its name, which is another than the tool's usual one. */
export interface HistoryTable {
  /** null where the search path decides, as for a name without a schema. */
  schema: string | null;
  name: string;
  /** The search path that the tool gives its migrations. */
  searchPath?: readonly string[];
}

export interface History {
  exists: boolean;
  /** The table, as SQL names it. */
  table: string;
  applied: AppliedMigration[];
  /** The latest version, the first row, stands for all before it: golang-migrate keeps no other, drizzle asks no other. */
  cumulative: boolean;
  /** A row stands for all that its migration follows, near or far, and those have none (Alembic). */
  heads?: true;
  /** The tool refuses to go on where a migration before an applied one is not applied (node-pg-migrate). */
  inOrder?: boolean;
  /** Versions up to this one count as applied without a row of their own (Flyway's baseline). */
  baseline?: AppliedMigration;
}

export interface AppliedMigration {
  version: string;
  name: string | null;
  appliedAt: string | null;
  appliedBy: string | null;
  milliseconds: number | null;
  /** As `recordedHash` gives it; null where the tool keeps none, or kept none of this one. */
  contentHash: string | null;
  /** The tool marked it as begun and not finished (golang-migrate's dirty). */
  dirty: boolean;
  /** Where one history holds several projects (Sqitch), the one it is of: it is nothing to a folder of another. */
  project?: string;
  /** As the migration's. */
  kind?: MigrationKind;
}

/** `skipped`: the tool passes it over on this database, as one that a baseline stands for. */
export type MigrationState = 'applied' | 'pending' | 'failed' | 'missing' | 'skipped';
export type MigrationFlag = 'out-of-order' | 'edited' | 'runs-again' | 'no-down' | 'irreversible';

export interface MigrationStatus {
  version: string;
  name: string;
  /** null for a migration the database has and the folder has not. */
  migration: Migration | null;
  state: MigrationState;
  flags: MigrationFlag[];
  applied: AppliedMigration | null;
}

export interface ExecutionContext {
  /** The folder relative to the workspace, with `/`. */
  directory: string;
  /** The version before this one in the folder, which a down goes back to; null for the first. */
  previousVersion: string | null;
  by: string;
  /** The SQL being run, for tools that record it, or a checksum of their own of a way back. */
  sql: string;
  /** The SHA-256 of the SQL being run. */
  contentHash: string;
  /** The checksum the tool records for the migration's up; null where it records none. */
  recordedHash: string | null;
  /** A random UUID, for tools that name their rows by one. */
  id: string;
  /** The history table where it is another than the tool's usual one. */
  table?: HistoryTable | null;
}

/** SQL around a migration's own: run in this order, with `lock` held by the session throughout. */
export interface LayoutExecution {
  /** The tool's own advisory lock, taken and released by one statement each; null where it takes none. */
  lock: { take: string; release: string } | null;
  /** Makes the history table where it is missing; idempotent, outside the migration's transaction. */
  prepare: string[];
  /** One transaction, committed before the migration (golang-migrate: dirty set). */
  before: ParameterizedSql[];
  /** The search path the migration runs with; that of the session where it is absent. */
  searchPath?: readonly string[];
  /** Whether the migration and `record` share one transaction. */
  sameTransaction: boolean;
  /** The history row, in the migration's transaction or in one of its own after it. `milliseconds` is the time it took. */
  record: (milliseconds: number) => ParameterizedSql[];
}

export interface ParameterizedSql {
  sql: string;
  parameters: readonly unknown[];
}
