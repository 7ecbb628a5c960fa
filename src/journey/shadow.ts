import path from 'node:path';
import type { Connection } from '../database/connection';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { openShadow, type ShadowChoice } from '../shadow/open-shadow';
import type { Shadow } from '../shadow/shadow';
import type { JourneyContext } from './workspace';

export type { ShadowChoice };

/**
 * Opens the shadow database that was chosen, else the configured one; without server programs on this
 * machine the embedded one serves, and progress says so. The connection of `target` is never used as a shadow.
 */
export async function openWorkspaceShadow(
  context: JourneyContext,
  choice: ShadowChoice | null,
  target: { connection: Connection | null; major: number } | null,
): Promise<Shadow> {
  const { assets, configuration, root } = context.workspace;
  const options = {
    assets: { distFolder: assets.dist, cacheFolder: assets.cache },
    binaries: { packageFolders: [root, assets.dist] },
    major: target?.major,
    target: target?.connection ?? undefined,
    databaseName: target?.connection?.database,
    signal: context.signal,
  };
  const wanted = choice ?? configuration.shadow;
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

/** A folder relative to the workspace, with `/`: what history rows and plans name it by. */
export function relativeToWorkspace(context: JourneyContext, folder: string): string {
  return path.relative(context.workspace.root, folder).split(path.sep).join('/') || '.';
}
