import { readTableFacts } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import type { Connection } from '../database/connection';
import type { Session } from '../database/session';
import { t } from '../messages/translate';
import type { Clock } from '../ports/clock';
import type { Files } from '../ports/files';
import type { Progress } from '../ports/progress';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import { loadParser } from '../sql/parser';
import type { Assessment, NewColumnFacts } from './assessment';
import { concernedColumn, type Change } from './change';
import { checkColumns, checkNames, tableBlockers } from './check-input';
import { findCodeReferences } from './code-references';
import { diskNeed } from './disk-need';
import { migrationTypeOf } from './migration-type';
import { givesValueEverywhere, readNewColumn } from './new-column';
import { riskOf } from './risk';
import { readServerFacts } from './server-facts';

export interface AssessRequest {
  session: Session;
  connection: Pick<Connection, 'environment'>;
  /** How messages name the database. */
  label: string;
  change: Change;
  files: Files;
  /** Absolute path of the workspace folder whose code is searched. */
  root: string;
  /** Folders, relative to it, that are no application code: migrations, plans. */
  excludedFolders: readonly string[];
  /** Free bytes of the database's disk; null where nobody said. */
  freeBytes: number | null;
  clock: Clock;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * What is there for one change. Reads only. Throws `not-found`, `already-done`, `invalid-name` or `invalid-input`
 * where the change cannot be meant; what merely stops a recipe is in `blockers`.
 */
export async function assess(request: AssessRequest): Promise<Assessment> {
  const { session, change, signal, progress } = request;
  checkNames(change);
  progress.report({ message: t('Reading {0}', formatQualifiedName(change.table)), share: 0.1 });
  const table = await readTableFacts(session, change.table);
  checkColumns(change, table);
  signal.throwIfAborted();
  const blockers = tableBlockers(table, session.facts.user);
  const newColumn = await newColumnOf(request, table, blockers);
  progress.report({ message: t('Reading the server'), share: 0.3 });
  const { lockSlotsAvailable, ...reading } = await readServerFacts(session, signal);
  const server = {
    ...reading,
    disk: diskNeed(change, table, newColumn, request.freeBytes),
    lockSlots: { available: lockSlotsAvailable, needed: locksNeeded(table) },
  };
  const codeReferences = await findCodeReferences(
    {
      ...request,
      table: table.name.name,
      column: concernedColumn(change),
    },
    progress,
    signal,
  );
  const { environment } = request.connection;
  return {
    change,
    takenAt: request.clock.now().toISOString(),
    database: {
      label: request.label,
      name: session.facts.database,
      environment,
      engine: session.facts.engine,
    },
    server,
    table,
    codeReferences,
    migrationType: migrationTypeOf(change),
    risk: riskOf({ change, table, server, code: codeReferences, newColumn, environment }),
    ...(newColumn === null ? {} : { newColumn }),
    blockers,
  };
}

async function newColumnOf(
  request: AssessRequest,
  table: TableFacts,
  blockers: string[],
): Promise<NewColumnFacts | null> {
  const { session, change, signal } = request;
  if (change.kind !== 'add-required-column') return null;
  const facts = await readNewColumn(session, await loadParser(), change, table, signal);
  if (change.fill.by === 'expression' && facts.volatility !== 'volatile') {
    if ((await givesValueEverywhere(session, change, signal)) === false) {
      blockers.push(
        t(
          'The expression gives no value (NULL) for some rows of {0}, and {1} is to be required. Wrap it in coalesce(..., a value).',
          formatQualifiedName(table.name),
          formatIdentifier(change.column),
        ),
      );
    }
  }
  return facts;
}

/** A statement on a partitioned table locks each partition, and its trigger or constraint once more. */
function locksNeeded(table: TableFacts): number {
  return (1 + (table.partitioning?.count ?? 0)) * 2;
}
