import { randomUUID } from 'node:crypto';
import { migrationStatuses } from '../layouts/migration-status';
import type { WorkRates } from '../safety/forecast/work-rates';
import type { KnownSchema } from '../safety/known-schema';
import { readKnownSchema } from '../safety/read-known-schema';
import type { Database } from './database';
import type { KnownCatalog } from './lint-memory';
import type { LintRun } from './lint-script';
import { historyOrProblem, layoutOf, type MigrationFolder } from './migrations';
import { readWorkRates } from './work-rates';

/** What a database knows of one folder: where its own schema takes the place of the folded one. */
export interface FolderCatalog {
  /** Another one for each reading of the database. */
  id: string;
  /** Index of the first migration it has not had; the number of migrations when it had all. */
  firstPending: number;
  schema(): Promise<KnownSchema>;
}

/** What the database knows of a folder; read once while the memory is watched, else once per run. */
export async function folderCatalog(
  run: LintRun,
  folder: MigrationFolder,
  database: Database,
): Promise<FolderCatalog> {
  const known = catalogOf(run, database);
  let pending = known.pending.get(folder.folder);
  if (!pending) {
    pending = await pendingVersions(run, folder, database);
    known.pending.set(folder.folder, pending);
  }
  const versions = pending;
  const first = folder.migrations.findIndex((migration) => versions.has(migration.version));
  return {
    id: known.id,
    firstPending: first < 0 ? folder.migrations.length : first,
    schema: () => schemaOf(run, known),
  };
}

/** What a database has, for a file of no migration folder; null without one. */
export async function looseCatalog(
  run: LintRun,
  database: Database | null,
): Promise<{ id: string; schema: KnownSchema } | null> {
  if (!database) return null;
  const known = catalogOf(run, database);
  return { id: known.id, schema: await schemaOf(run, known) };
}

async function schemaOf({ parser, context }: LintRun, known: KnownCatalog): Promise<KnownSchema> {
  const { session } = known.database;
  return (known.schema ??= await readKnownSchema(session, parser, {
    relations: null,
    signal: context.signal,
  }));
}

/** Forgets what another database, or this one before the run, said. */
export function startCatalog(run: LintRun, database: Database | null): void {
  const { memory } = run;
  if (memory.watched && memory.catalog?.database === database) return;
  memory.catalog = database && { id: randomUUID(), database, schema: null, pending: new Map() };
}

/** The measured speed of the connected server, for how long locks are held. */
export async function catalogRates(run: LintRun, database: Database | null): Promise<WorkRates | undefined> {
  if (!database) return undefined;
  const known = catalogOf(run, database);
  known.rates ??= readWorkRates(run.context, database);
  return (await known.rates) ?? undefined;
}

function catalogOf({ memory }: LintRun, database: Database): KnownCatalog {
  return (memory.catalog ??= { id: randomUUID(), database, schema: null, pending: new Map() });
}

async function pendingVersions(
  { context }: LintRun,
  folder: MigrationFolder,
  database: Database,
): Promise<Set<string>> {
  const problems: string[] = [];
  const history = await historyOrProblem(layoutOf(folder), folder, database.session, problems);
  for (const message of problems) context.progress.report({ message });
  if (history === null) return new Set();
  const none = new Map<string, null>();
  const statuses = migrationStatuses({
    migrations: folder.migrations,
    history,
    layout: layoutOf(folder),
    up: none,
    down: none,
  });
  // A repeatable one may run again any time, on what is there then.
  const pending = statuses.filter(
    ({ state, migration }) =>
      state === 'pending' || (state === 'applied' && migration?.kind === 'repeatable'),
  );
  return new Set(pending.map(({ version }) => version));
}
