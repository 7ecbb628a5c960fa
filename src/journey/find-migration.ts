import path from 'node:path';
import type { Direction, Layout, Migration, MigrationScript } from '../layouts/layout';
import { isAddressOf, migrationAddress } from '../layouts/migration-address';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { layoutOf, migrationFolders, type MigrationFolder } from './migrations';
import type { JourneyContext } from './workspace';

/** A migration found by the path of its up or down file. */
export interface FoundMigration {
  folder: MigrationFolder;
  layout: Layout;
  migration: Migration;
  direction: Direction;
}

/**
 * The migration that an address names. Throws `not-found` where it is none of the workspace, `invalid-input` for the path
 * of a file that holds several.
 */
export async function findMigration(context: JourneyContext, address: string): Promise<FoundMigration> {
  const [found, ...more] = await findMigrations(context, address);
  if (more.length === 0) return found;
  const { root } = context.workspace;
  const named = [found, ...more].map(({ migration }) => path.relative(root, migrationAddress(migration)));
  throw new SwitchbackError(
    'invalid-input',
    t('{0} holds several migrations. Name one of them: {1}.', path.relative(root, address), named.join(', ')),
  );
}

/** The migrations that an address names, in their order: all of a file, or one. Throws `not-found` where there is none. */
export async function findMigrations(
  context: JourneyContext,
  address: string,
): Promise<[FoundMigration, ...FoundMigration[]]> {
  for (const folder of await migrationFolders(context)) {
    const named = folder.migrations.filter((migration) => isAddressOf(address, migration));
    const [first, ...rest] = named.map((migration): FoundMigration => {
      const direction = migration.downPath === address && migration.upPath !== address ? 'down' : 'up';
      return { folder, layout: layoutOf(folder), migration, direction };
    });
    if (first) return [first, ...rest];
  }
  throw new SwitchbackError(
    'not-found',
    t(
      '{0} is not a migration of this workspace. Open a file of a migrations folder, or name the folder in .switchback/config.json.',
      address,
    ),
  );
}

/** The text of one direction. Throws `not-found` when there is no such file. */
export async function requireScript(
  context: JourneyContext,
  found: FoundMigration,
  direction: Direction,
): Promise<MigrationScript> {
  const script = await found.layout.script(found.migration, direction, context.files);
  if (script) return script;
  throw new SwitchbackError(
    'not-found',
    t(
      'Migration {0} has no {1} script. Write one beside {2}.',
      found.migration.version,
      direction,
      found.migration.upPath,
    ),
  );
}
