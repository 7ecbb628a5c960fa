import { assess } from '../assess/assess';
import { assessTogether } from '../assess/assess-together';
import type { Assessment, PartAssessment } from '../assess/assessment';
import type { Change, SingleChange } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import { betweenParts } from '../plan/between-parts';
import { recipeFor } from '../plan/recipes/index';
import type { Database } from './database';
import { freeDiskBytes } from './disk';
import { researchChange } from './research';
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
  const parts: PartAssessment[] = [];
  for (const part of partsOf(change)) parts.push(await assessPart(context, database, part, freeBytes));
  const assessment = assessTogether(parts);
  return { ...assessment, blockers: [...assessment.blockers, ...betweenParts(parts)] };
}

async function assessPart(
  context: JourneyContext,
  database: Database,
  change: SingleChange,
  freeBytes: number | null,
): Promise<PartAssessment> {
  const { root, configuration } = context.workspace;
  const assessment = await assess({
    session: database.session,
    connection: database.connection,
    label: database.sessions.label,
    change,
    files: context.files,
    root,
    excludedFolders: [configuration.plansFolder, ...configuration.migrations],
    freeBytes,
    clock: context.clock,
    progress: context.progress,
    signal: context.signal,
  });
  const blockers = recipeFor(change).blockers(change, assessment);
  const research = await researchChange(context, change, assessment.server.major);
  return { ...assessment, blockers: [...assessment.blockers, ...blockers], research };
}
