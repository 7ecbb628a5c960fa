import { assess } from '../assess/assess';
import type { Assessment } from '../assess/assessment';
import type { Change } from '../assess/change';
import { recipeFor } from '../plan/recipes/index';
import type { Database } from './database';
import { freeDiskBytes } from './disk';
import { researchChange } from './research';
import type { JourneyContext } from './workspace';

/** What is there, for one change: server, table, dependents, code, risk, blockers, and what is known of such changes. Reads only. */
export async function assessChange(
  context: JourneyContext,
  database: Database,
  change: Change,
): Promise<Assessment> {
  const { root, configuration } = context.workspace;
  const assessment = await assess({
    session: database.session,
    connection: database.connection,
    label: database.sessions.label,
    change,
    files: context.files,
    root,
    excludedFolders: [configuration.plansFolder, ...configuration.migrations],
    freeBytes: await freeDiskBytes(context),
    clock: context.clock,
    progress: context.progress,
    signal: context.signal,
  });
  const blockers = recipeFor(change).blockers(change, assessment);
  const research = await researchChange(context, change, assessment.server.major);
  return { ...assessment, blockers: [...assessment.blockers, ...blockers], research };
}
