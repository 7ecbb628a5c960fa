import path from 'node:path';
import { datedId } from '../documents/dated-id';
import { migrationScriptSet, type ChosenMigration } from '../implement/scripts/migration-script-set';
import { isProgram, scriptFiles } from '../implement/scripts/script-files';
import { layoutById } from '../layouts/layouts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { loadParser } from '../sql/parser';
import { migrationFolders, type MigrationFolder } from './migrations';
import { askBeforeOverwriting } from './overwrite';
import { templateFolders } from './release';
import type { JourneyContext } from './workspace';

export interface NewScriptSetAnswers {
  title: string;
  /** Absolute paths of the up files of one folder. */
  migrations: readonly string[];
  /** Where the scripts go, relative to the workspace, with `/`. */
  folder: string;
}

/**
 * Writes bash and psql scripts that run chosen migrations of the workspace, and take them back. Gives the absolute
 * paths, README.md first. Throws `invalid-input` where nothing is chosen or two folders are mixed, and `cancelled`
 * where scripts are there and are to stay.
 */
export async function newScriptSet(context: JourneyContext, answers: NewScriptSetAnswers): Promise<string[]> {
  const { root, configuration } = context.workspace;
  const source = await folderOf(context, answers.migrations);
  const chosen = await chosenMigrations(context, source, answers.migrations);
  const folder = path.join(root, ...answers.folder.split('/'));
  const set = migrationScriptSet(
    {
      id: datedId(answers.title, context.clock.now().toISOString()),
      title: answers.title.trim(),
      layout: source.layout,
      historyTable: source.namedTable,
      migrationsFolder: source.label,
      scriptsFolder: answers.folder,
      root,
      serverMajor: configuration.serverMajor,
      migrations: chosen,
    },
    await loadParser(),
  );
  const generated = await scriptFiles(set, folder, context.files, templateFolders(context));
  await askBeforeOverwriting(context, generated, {
    title: t('{0} has scripts already.', answers.folder),
    kept: t('The scripts in {0} were left as they are. Choose another folder.', answers.folder),
  });
  for (const { path: file, text } of generated) {
    await context.files.write(file, text, { executable: isProgram(file) });
  }
  const paths = generated.map((file) => file.path);
  const readme = path.join(folder, 'README.md');
  return [readme, ...paths.filter((file) => file !== readme)];
}

async function folderOf(context: JourneyContext, migrations: readonly string[]): Promise<MigrationFolder> {
  const folders = await migrationFolders(context);
  const holding = folders.filter((folder) =>
    folder.migrations.some((migration) => migrations.includes(migration.upPath)),
  );
  if (holding.length === 1) return holding[0]!;
  throw new SwitchbackError(
    'invalid-input',
    holding.length === 0
      ? t('No migration is chosen. Choose at least one of the workspace.')
      : t('The migrations chosen lie in {0} folders. Choose those of one folder.', holding.length),
  );
}

async function chosenMigrations(
  { files }: JourneyContext,
  source: MigrationFolder,
  paths: readonly string[],
): Promise<ChosenMigration[]> {
  const layout = layoutById(source.layout);
  const chosen: ChosenMigration[] = [];
  for (const migration of source.migrations.filter(({ upPath }) => paths.includes(upPath))) {
    const up = await layout.script(migration, 'up', files);
    if (up) chosen.push({ migration, up, down: await layout.script(migration, 'down', files) });
  }
  return chosen;
}
