import { layoutById } from '../layouts/layouts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { commandFor, runTool } from './run-tool';
import type { Database } from './database';
import { migrationFolders, type MigrationFolder } from './migrations';
import type { JourneyContext } from './workspace';

/** The workspace's migration folders whose tool has a generator of its own. */
export async function generatingFolders(context: JourneyContext): Promise<MigrationFolder[]> {
  const folders = await migrationFolders(context);
  const { toolCommands } = context.workspace.configuration;
  return folders.filter(
    ({ layout }) => layoutById(layout).tool?.generate !== undefined || toolCommands[layout]?.generate,
  );
}

/**
 * Has a folder's tool write a new migration, which may look at models and at the database for what to write. Gives the
 * absolute paths of the new migrations' files. Throws `not-found`, `untrusted-workspace`, `step-failed`.
 */
export async function generateMigration(
  context: JourneyContext,
  database: Database | null,
  folder: MigrationFolder,
  name: string,
): Promise<string[]> {
  const layout = layoutById(folder.layout);
  const values = { name, version: '', file: folder.folder };
  const command = await commandFor(context, layout, 'generate', values, async () => {
    const usual = await layout.tool?.generate?.(folder.folder, name, context.files);
    if (usual) return usual;
    throw new SwitchbackError('not-found', t('{0} has no generator that Switchback knows.', layout.title));
  });
  const before = new Set(folder.migrations.map(({ upPath }) => upPath));
  await runTool(context, database, layout, command);
  const after = await layout.list(folder.folder, context.files);
  const written = after.filter(({ upPath }) => !before.has(upPath));
  if (written.length > 0)
    return written.flatMap(({ upPath, downPath }) =>
      downPath === null || downPath === upPath ? [upPath] : [upPath, downPath],
    );
  throw new SwitchbackError(
    'step-failed',
    t(
      '{0} ended without an error and wrote no new migration into {1}: there may be nothing to migrate. See what it printed.',
      layout.title,
      folder.label,
    ),
  );
}
