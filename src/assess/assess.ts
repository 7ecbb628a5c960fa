import type { Connection } from '../database/connection';
import type { Session } from '../database/session';
import { t } from '../messages/translate';
import type { Clock } from '../ports/clock';
import type { Files } from '../ports/files';
import type { Progress } from '../ports/progress';
import { formatQualifiedName } from '../sql/identifier';
import { loadParser, type SqlParser } from '../sql/parser';
import type { PartAssessment } from './assessment';
import type { ChangeFindings } from './change-facts';
import { changeTypeOf, concernedColumn, presentColumn, type SingleChange } from './change';
import type { Look } from './changes/change-type';
import { checkColumns, checkNames, tableBlockers } from './check-input';
import { findCodeReferences } from './code-references';
import type { Dependencies } from './dependencies/dependencies';
import { findDependencies } from './dependencies/find-dependencies';
import { diskNeed } from './disk-need';
import { readTableLoad } from './load/read-table-load';
import { locksNeeded } from './locks-needed';
import { migrationTypeOf } from './migration-type';
import { riskOf } from './risk';
import { readServerFacts } from './server-facts';
import { readSubject } from './subject-facts';

export interface AssessRequest {
  session: Session;
  connection: Pick<Connection, 'environment'>;
  /** How messages name the database. */
  label: string;
  change: SingleChange;
  /** `recipe`: what recipes need, without the code, the load and what depends on it; all unless said. */
  scope?: 'all' | 'recipe';
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
export async function assess(request: AssessRequest): Promise<PartAssessment> {
  const { session, change, signal, progress } = request;
  checkNames(change);
  progress.report({ message: t('Reading {0}', formatQualifiedName(change.table)), share: 0.1 });
  const table = await readSubject(session, change);
  checkColumns(change, table);
  signal.throwIfAborted();
  const parser = await loadParser();
  const { blockers: found, ...facts } = await findingsOf(change, { session, parser, table, signal });
  const blockers = [...tableBlockers(change, table, session.facts.user), ...found];
  const newColumn = facts.newColumn ?? null;
  progress.report({ message: t('Reading the server'), share: 0.3 });
  const { lockSlotsAvailable, ...reading } = await readServerFacts(session, signal);
  const server = {
    ...reading,
    disk: diskNeed(change, table, facts, request.freeBytes),
    lockSlots: { available: lockSlotsAvailable, needed: locksNeeded(table, facts) },
  };
  const column = concernedColumn(change);
  const all = request.scope !== 'recipe';
  const load = all ? await readTableLoad(session, parser, { name: table.name, column }, signal) : null;
  const codeReferences = all
    ? await findCodeReferences({ ...request, table: table.name.name, column }, progress, signal)
    : { references: [], filesSearched: 0, truncated: false };
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
    load,
    dependencies: all ? await dependenciesOf(change, session, parser, signal) : null,
    codeReferences,
    migrationType: migrationTypeOf(change),
    risk: riskOf({ change, table, load, server, code: codeReferences, newColumn, environment }),
    ...facts,
    ...((await mayCreate(session, table.name.schema, signal)) ? {} : { mayCreate: false as const }),
    blockers,
  };
}

/** A schema that is not there is made by another change, or refused elsewhere. */
async function mayCreate(session: Session, schema: string, signal: AbortSignal): Promise<boolean> {
  const { rows } = await session.query<{ may: boolean | null }>(
    `SELECT pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS may FROM pg_catalog.pg_namespace n WHERE n.nspname = $1`,
    [schema],
    { signal },
  );
  return rows[0]?.may !== false;
}

/** Of a change of the table itself those of all its parts; nothing uses what is new. */
async function dependenciesOf(
  change: SingleChange,
  session: Session,
  parser: SqlParser,
  signal: AbortSignal,
): Promise<Dependencies | null> {
  const whole = changeTypeOf(change).concernsTable === true;
  const column = whole ? null : presentColumn(change);
  if (column === null && !whole) return null;
  return findDependencies(session, parser, { table: change.table, column }, signal);
}

/** What only this kind of change needs to know. */
export async function findingsOf(change: SingleChange, at: Look): Promise<ChangeFindings> {
  return (await changeTypeOf(change).look?.(change, at)) ?? { blockers: [] };
}
