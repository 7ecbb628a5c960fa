import type { Layout, Migration } from '../layouts/layout';
import { migrationTitle } from '../layouts/migration-title';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { RunInShadow } from '../rehearse/rehearse';
import type { Shadow } from '../shadow/shadow';
import { commandFor, runTool } from './run-tool';
import type { JourneyContext } from './workspace';

/**
 * How the migrations of a folder with programs in it are run in a shadow database: all of them by their tool, which
 * needs its own history of them. Undefined where all are SQL. Throws `invalid-input` where the tool cannot reach the
 * shadow, or runs all that is pending at once.
 */
export function toolInShadow(
  context: JourneyContext,
  layout: Layout,
  migrations: readonly Migration[],
  shadow: Shadow | null,
): RunInShadow | undefined {
  const code = migrations.find((migration) => migration.isCode);
  const run = layout.tool?.run;
  if (!code) return undefined;
  if (!run || run.applies === 'all') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is code, and {1} runs all that is pending at once: migrations of it are not rehearsed one by one.',
        migrationTitle(code),
        layout.title,
      ),
    );
  }
  // On a server of the user's nobody could tell beforehand what else than the shadow a program reaches.
  if (shadow?.kind !== 'local') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is code, which {1} alone can run, and only in a local PostgreSQL as shadow. Choose that one, with the programs of PostgreSQL on this machine.',
        migrationTitle(code),
        layout.title,
      ),
    );
  }
  return (migration, direction) => async (signal) => {
    const { connection, password } = shadow.reach()!;
    const values = { name: migration.name, version: migration.version, file: migration.upPath };
    const command = await commandFor(context, layout, direction, values, () =>
      run.command(migration, direction, context.files),
    );
    await runTool({ ...context, signal }, { connection, secret: async () => password }, layout, command);
  };
}
