import path from 'node:path';
import type { Connection } from '../database/connection';
import { readServerIdentity } from '../database/server-identity';
import type { Session } from '../database/session';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { openShadow, type ShadowChoice, type ShadowOptions } from '../shadow/open-shadow';
import type { ShadowTarget } from '../shadow/server-shadow';
import type { Shadow } from '../shadow/shadow';
import type { JourneyContext } from './workspace';

export type { ShadowChoice };

/** The shadow database of who chose none: a real server, unless the configuration says otherwise. */
export function configuredShadow({ workspace: { configuration } }: JourneyContext): 'embedded' | 'local' {
  return configuration.shadow === 'auto' ? 'local' : configuration.shadow;
}

/**
 * Opens the shadow database that was chosen, else the configured one; without server programs on this
 * machine the embedded one serves, and progress says so. The connection of `target` is never used as a shadow.
 */
export async function openWorkspaceShadow(
  context: JourneyContext,
  choice: ShadowChoice | null,
  target: { connection: Connection | null; major: number; session?: Session } | null,
  limits: Pick<ShadowOptions, 'statementLimitMilliseconds' | 'pace' | 'leavesPostgres' | 'mayBeLarge'> = {},
): Promise<Shadow> {
  const { assets, configuration, root } = context.workspace;
  const wanted = choice ?? configuredShadow(context);
  const options = {
    assets: { distFolder: assets.dist, cacheFolder: assets.cache, spare: assets.spare },
    binaries: { packageFolders: [root, assets.dist] },
    major: target?.major,
    preferredMajor: configuration.serverMajor,
    target: await targetOf(wanted, target),
    databaseName: target?.connection?.database,
    ...limits,
    signal: context.signal,
  };
  context.progress.report({ message: t('Opening a shadow database') });
  try {
    return await openShadow(wanted, options);
  } catch (error) {
    if (choice !== null || wanted !== 'local' || !isSwitchbackError(error, 'no-shadow')) throw error;
    context.progress.report({
      message: t(
        'No PostgreSQL programs were found on this machine; the embedded database serves as shadow.',
      ),
    });
    return openShadow('embedded', options);
  }
}

/** Only a server that the user names can be the target's. */
async function targetOf(
  choice: ShadowChoice,
  target: { connection: Connection | null; session?: Session } | null,
): Promise<ShadowTarget | undefined> {
  if (!target?.connection) return undefined;
  if (typeof choice === 'string' || !target.session) return target.connection;
  return { ...target.connection, serverIdentity: await readServerIdentity(target.session) };
}

/** A folder relative to the workspace, with `/`: what history rows and plans name it by. */
export function relativeToWorkspace(context: JourneyContext, folder: string): string {
  return path.relative(context.workspace.root, folder).split(path.sep).join('/') || '.';
}
