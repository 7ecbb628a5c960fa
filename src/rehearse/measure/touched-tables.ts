import type { Session } from '../../database/session';
import type { Forecast } from '../../safety/forecast';
import type { Statement } from '../../sql/statement';
import { withReferencedTables } from '../seed/referenced-tables';
import { readRelations } from './relations';

/** Statements whose inside may touch any table. */
const opaqueKinds = new Set(['DoStmt', 'CallStmt', 'SelectStmt', 'ExecuteStmt']);

/**
 * Oids of the tables that a script touches as forecast, with their partitions, the tables their foreign keys point
 * at and those their views read; all tables where a statement's inside is not known.
 */
export async function touchedTables(
  session: Session,
  statements: readonly Statement[],
  forecasts: readonly Forecast[],
): Promise<string[]> {
  const relations = [...(await readRelations(session)).values()].filter((state) =>
    /^[rpvm]$/.test(state.kind),
  );
  const opaque = statements.some(({ kind }) => opaqueKinds.has(kind));
  const named = new Set(
    forecasts.flatMap(({ locks, works }) => [...locks, ...works].map((each) => each.relation)),
  );
  const start = relations.filter((state) => opaque || named.has(state.relation)).map((state) => state.oid);
  return withReferencedTables(session, start);
}
