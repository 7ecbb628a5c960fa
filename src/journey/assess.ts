import { assess } from '../assess/assess';
import { assessTogether } from '../assess/assess-together';
import type { Assessment, PartAssessment } from '../assess/assessment';
import type { Change, SingleChange } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { betweenParts } from '../plan/between-parts';
import { recipeFor } from '../plan/recipes/index';
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
  const freeBytes = await freeDiskBytes(context);
  const assessment = await assessEach(change, async (part) => {
    const own = await assessPart(context, database, part, { scope: 'all', freeBytes });
    return { ...own, research: await researchChange(context, part, own.server.major) };
  });
  const rates = await readWorkRates(context, database);
  return rates === null ? assessment : { ...assessment, rates };
}

/** The same without the code, the load, what depends on it and research: what recipes need. Reads only. */
export async function assessBriefly(
  context: JourneyContext,
  database: Database,
  change: Change,
): Promise<Assessment> {
  return assessEach(change, (part) =>
    assessPart(context, database, part, { scope: 'recipe', freeBytes: null }),
  );
}

async function assessEach(
  change: Change,
  work: (part: SingleChange) => Promise<PartAssessment>,
): Promise<Assessment> {
  const parts: PartAssessment[] = [];
  for (const part of partsOf(change))
    parts.push(await work(part).catch((error: unknown) => notYet(change, error)));
  const assessment = assessTogether(parts);
  return { ...assessment, blockers: [...assessment.blockers, ...betweenParts(parts)] };
}

/** What one of several changes misses may be what another one makes. */
function notYet(change: Change, error: unknown): never {
  if (change.kind !== 'several' || !isSwitchbackError(error, 'not-found')) throw error;
  throw new SwitchbackError(
    'not-found',
    t(
      '{0} A plan reads the database as it is now: where one of its changes needs what another one makes, plan it when that is done.',
      error.sentence,
    ),
    { cause: error },
  );
}

async function assessPart(
  context: JourneyContext,
  database: Database,
  change: SingleChange,
  how: { scope: 'all' | 'recipe'; freeBytes: number | null },
): Promise<PartAssessment> {
  const { root, configuration } = context.workspace;
  const assessment = await assess({
    session: database.session,
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
