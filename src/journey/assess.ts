import { assess } from '../assess/assess';
import { assessedParts, assessTogether } from '../assess/assess-together';
import type { Assessment, PartAssessment } from '../assess/assessment';
import type { Change, SingleChange } from '../assess/change';
import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { betweenParts } from '../plan/between-parts';
import { recipeFor } from '../plan/recipes/index';
import { assessEach } from './assess-each';
import { assessFromMigrations, isBegunByHand } from './assess-from-migrations';
import { assessInTurn, needsOthersYet, type AssessPart, type WaitingChange } from './assess-in-turn';
import { assessStandIn } from './assess-stand-in';
import type { Database } from './database';
import { freeDiskBytes } from './disk';
import { researchChange } from './research';
import { readWorkRates } from './work-rates';
import type { JourneyContext } from './workspace';

/**
 * What is there, for one change or several: server, tables, dependents, code, risk, blockers, and what is known of such
 * changes. Reads only.
 */
export async function assessChange(
  context: JourneyContext,
  database: Database,
  change: Change,
): Promise<Assessment> {
  return withKnowledge(context, database, await assessFully(context, database, change));
}

/** The same in a session of a shadow that stands for the database as it was. */
export async function assessAsItWas(
  context: JourneyContext,
  database: Database,
  there: Session,
  change: Change,
): Promise<Assessment> {
  const how = { scope: 'all', freeBytes: await freeDiskBytes(context) } as const;
  const parts = await assessStandIn(context, database, { there, change }, (session, part) =>
    assessPart(context, database, session, part, how),
  );
  return withKnowledge(context, database, assessTogether(parts));
}

/** With what is known of such changes, and how fast this server works. */
async function withKnowledge(
  context: JourneyContext,
  database: Database,
  assessment: Assessment,
): Promise<Assessment> {
  const parts = await Promise.all(
    assessedParts(assessment).map(async (part) => ({
      ...part,
      research: await researchChange(context, part.change, part.server.major),
    })),
  );
  const { fromMigrations } = assessment;
  const rates = await readWorkRates(context, database);
  return {
    ...whole(parts),
    ...(fromMigrations === undefined ? {} : { fromMigrations }),
    ...(rates === null ? {} : { rates }),
  };
}

/** On the database as it is; where the change has been begun by hand, on the schema that the migrations make. */
async function assessFully(context: JourneyContext, database: Database, change: Change): Promise<Assessment> {
  const how = { scope: 'all', freeBytes: await freeDiskBytes(context) } as const;
  const assess: AssessPart = (session, part) => assessPart(context, database, session, part, how);
  try {
    const { found, waiting } = await assessEach(change, (part) => assess(database.session, part));
    return assessTogether([...found, ...(await laterParts(context, database, { found, waiting }))]);
  } catch (error) {
    if (!isSwitchbackError(error, 'already-done') || !(await isBegunByHand(context, error))) throw error;
    return assessFromMigrations(context, database, change, assess).catch((other: unknown) => {
      if (!isSwitchbackError(other, 'not-found')) throw other;
      throw new SwitchbackError('already-done', `${error.sentence} ${other.sentence}`, { cause: other });
    });
  }
}

/** The same without the code, the load, what depends on it and research: what recipes need. Reads only. */
export async function assessBriefly(
  context: JourneyContext,
  database: Database,
  change: Change,
): Promise<Assessment> {
  const { found, waiting } = await assessEach(change, (part) =>
    assessPart(context, database, database.session, part, { scope: 'recipe', freeBytes: null }),
  );
  if (waiting[0]) throw needsOthersYet(waiting[0]);
  return whole(found);
}

/** Those that need what others of the plan make; what stops the others is said before anything is tried. */
async function laterParts(
  context: JourneyContext,
  database: Database,
  { found, waiting }: { found: readonly PartAssessment[]; waiting: readonly WaitingChange[] },
): Promise<PartAssessment[]> {
  if (waiting.length === 0) return [];
  const stopped = found.flatMap(({ blockers }) => blockers);
  if (stopped.length > 0) throw new SwitchbackError('invalid-input', stopped.join(' '));
  return assessInTurn(context, database, {
    found,
    waiting,
    assess: (session, part) =>
      assessPart(context, database, session, part, { scope: 'recipe', freeBytes: null }),
  });
}

function whole(parts: readonly PartAssessment[]): Assessment {
  const assessment = assessTogether(parts);
  return { ...assessment, blockers: [...assessment.blockers, ...betweenParts(parts)] };
}

async function assessPart(
  context: JourneyContext,
  database: Database,
  session: Session,
  change: SingleChange,
  how: { scope: 'all' | 'recipe'; freeBytes: number | null },
): Promise<PartAssessment> {
  const { root, configuration } = context.workspace;
  const assessment = await assess({
    session,
    connection: database.connection,
    label: database.sessions.label,
    change,
    ...how,
    files: context.files,
    root,
    excludedFolders: [configuration.plansFolder, ...configuration.migrations],
    clock: context.clock,
    progress: context.progress,
    signal: context.signal,
  });
  const blockers = recipeFor(change).blockers(change, assessment);
  return { ...assessment, blockers: [...assessment.blockers, ...blockers] };
}
