import type { FoundConnection } from '../database/connection';
import { discoverConnections } from '../database/discover-connections';
import type { JourneyContext } from './workspace';

/** Connections found in the workspace (.env), the environment, ~/.pgpass and the service file. */
export async function findConnections(
  context: JourneyContext,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<FoundConnection[]> {
  return discoverConnections({ root: context.workspace.root, files: context.files, environment });
}
