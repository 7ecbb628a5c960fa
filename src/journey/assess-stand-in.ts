import type { PartAssessment } from '../assess/assessment';
import type { Change } from '../assess/change';
import { readServerFacts } from '../assess/server-facts';
import type { Session } from '../database/session';
import { assessEach } from './assess-each';
import { assessThere, type AssessPart } from './assess-in-turn';
import type { Database } from './database';
import { freeDiskBytes } from './disk';
import { takeSearchPath, withPresentFacts, type KnownFacts } from './present-facts';
import type { JourneyContext } from './workspace';

/**
 * What is there for a change in a shadow that stands for a database. Numbers of rows and bytes are those of the database itself;
 * its load says nothing of another state.
 */
export async function assessStandIn(
  context: JourneyContext,
  database: Database,
  { there, change }: { there: Session; change: Change },
  assess: AssessPart,
): Promise<PartAssessment[]> {
  const { session } = database;
  await takeSearchPath(session, there);
  const known = await knownFacts(context, database);
  const { found, waiting } = await assessEach(change, async (each) => {
    const { part } = await withPresentFacts(session, await assess(there, each), known);
    return { ...part, load: null };
  });
  if (waiting.length === 0) return found;
  return [...found, ...(await assessThere(session, there, { found, waiting, assess }, context.signal))];
}

async function knownFacts(context: JourneyContext, database: Database): Promise<KnownFacts> {
  const { connection, session, sessions } = database;
  const { lockSlotsAvailable, ...server } = await readServerFacts(session, context.signal);
  const freeBytes = await freeDiskBytes(context);
  return {
    takenAt: context.clock.now().toISOString(),
    database: {
      label: sessions.label,
      name: session.facts.database,
      environment: connection.environment,
      engine: session.facts.engine,
    },
    server: {
      ...server,
      disk: { heapBytes: 0, indexBytes: 0, walBytes: 0, freeBytes },
      lockSlots: { available: lockSlotsAvailable, needed: 0 },
    },
  };
}
