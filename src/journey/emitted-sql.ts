import type { Direction } from '../layouts/layout';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { commandFor, runTool } from './run-tool';
import type { Database } from './database';
import { findMigration } from './migrations';
import type { JourneyContext } from './workspace';

/** The SQL that a migration in code sends, and who says so. */
export interface EmittedSql {
  sql: string;
  /** `tool`: all of it. `text`: what can be read in the program, without what builders make. */
  by: 'tool' | 'text';
  title: string;
}

/**
 * What a migration sends in one direction: printed by its tool where that can, else what can be read in the file.
 * Throws `not-found` where it has no such direction, and as `runTool`.
 */
export async function emittedSql(
  context: JourneyContext,
  database: Database | null,
  file: string,
  direction: Direction,
): Promise<EmittedSql> {
  const { layout, migration } = await findMigration(context, file);
  const title = layout.title;
  const configured = context.workspace.configuration.toolCommands[layout.id]?.emit;
  if (migration.isCode && (layout.tool?.emit || configured)) {
    const values = { name: migration.name, version: migration.version, file };
    const command = await commandFor(context, layout, 'emit', values, () =>
      layout.tool!.emit!(migration, direction, context.files),
    );
    const { output } = await runTool(context, database, layout, command);
    return { sql: output, by: 'tool', title };
  }
  const script = await layout.script(migration, direction, context.files);
  if (script) return { sql: script.sql.replace(/^[ \t]+/gm, ''), by: 'text', title };
  throw new SwitchbackError('not-found', t('Migration {0} has no {1} script.', migration.version, direction));
}
