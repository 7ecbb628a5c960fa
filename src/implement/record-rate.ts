import type { RangeVar } from '@pgsql/types';
import { loadRates, saveRate } from '../database/evidence-store';
import type { Session } from '../database/session';
import { schemaState } from '../database/switchback-schema';
import { forecastStatements } from '../safety/forecast/forecast-statements';
import { rowHolders } from '../safety/known-neighbours';
import { readKnownSchema } from '../safety/read-known-schema';
import type { QualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind } from '../sql/tree';

/** The one piece of work a script is about to do on a table, and how much of it there is. */
export interface WorkAhead {
  kind: 'scan' | 'rewrite' | 'index-build';
  relation: string;
  bytes: number;
  rows: number;
  /** It waits for other transactions in between, which only makes it look slower. */
  concurrent: boolean;
}

/** Less says more about the start of a statement than about the server. */
const leastBytes = 4_000_000;
const leastMilliseconds = 50;

/**
 * What a script of a single statement will have to read or write, from the catalog before it runs; null where nothing can
 * be learned from its time, or the schema `switchback`, which keeps it, is not there. Reads catalogs only.
 */
export async function workAhead(
  session: Session,
  parser: SqlParser,
  script: { sql: string; transaction: 'wrapped' | 'implicit' | 'none' },
): Promise<WorkAhead | null> {
  const { statements } = parser.parse(script.sql);
  const node = statements[0]?.node;
  const range = (asKind(node, 'AlterTableStmt') ?? asKind(node, 'IndexStmt'))?.relation;
  if (statements.length !== 1 || !range?.relname) return null;
  const state = await schemaState(session);
  if (state.kind === 'absent' || !state.usable) return null;
  const known = await readKnownSchema(session, parser, { relations: await places(session, range) });
  const [forecast] = forecastStatements({
    statements,
    direction: 'up',
    schema: known,
    transaction: script.transaction,
    serverMajor: session.facts.major,
  });
  const [work] = forecast!.works;
  if (
    !work ||
    forecast!.works.length !== 1 ||
    (work.kind !== 'scan' && work.kind !== 'rewrite' && work.kind !== 'index-build')
  )
    return null;
  const holders = rowHolders(known, work.relation).map((key) => known.relations.get(key));
  const total = (of: 'bytes' | 'rows'): number =>
    holders.reduce((sum, holder) => sum + (holder?.[of] ?? 0), 0);
  const concurrent = !forecast!.transactional;
  return { kind: work.kind, relation: work.relation, bytes: total('bytes'), rows: total('rows'), concurrent };
}

/** Where a name may lie: in its schema, or along the search path. */
async function places(session: Session, { schemaname, relname = '' }: RangeVar): Promise<QualifiedName[]> {
  if (schemaname) return [{ schema: schemaname, name: relname }];
  const { rows } = await session.query<{ path: string[] }>('select current_schemas(false)::text[] as path');
  return rows[0]!.path.map((schema) => ({ schema, name: relname }));
}

/** Keeps the speed of work that has been done in so many ms, where it was enough to tell; gives whether it did. */
export async function recordRate(session: Session, work: WorkAhead, milliseconds: number): Promise<boolean> {
  if (work.bytes < leastBytes || milliseconds < leastMilliseconds) return false;
  const seconds = milliseconds / 1000;
  const rate = {
    kind: work.kind,
    relation: work.relation,
    bytesPerSecond: work.bytes / seconds,
    rowsPerSecond: work.rows > 0 ? work.rows / seconds : null,
  };
  if (work.concurrent) {
    const known = (await loadRates(session)).filter(({ kind }) => kind === work.kind);
    if (known.some(({ rowsPerSecond }) => (rowsPerSecond ?? 0) > (rate.rowsPerSecond ?? 0))) return false;
  }
  await saveRate(session, rate);
  return true;
}
