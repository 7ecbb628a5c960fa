import path from 'node:path';
import { t } from '../../messages/translate';
import { askQuestions } from '../multi-step-input';
import type { Services } from '../services';
import { askName } from './ask-migration-file';
import { changeOfDraft, emptyMigrationDraft, usualName } from './migration-draft';
import { migrationQuestions } from './migration-questions';
import { readKnownTables } from './migration-tables';
import { prepare, underFreeName, write } from './preparation';
import { showWritten } from './show-written';

/** Asks for a change and writes its migration with the way back. */
export async function createMigration(services: Services): Promise<void> {
  const preparation = await prepare(services);
  const { context } = preparation;
  const { migrationFolders } = await import('../../journey/migrations');
  const { migrationChecks } = await import('../../journey/migration-checks');
  const { newMigration } = await import('../../journey/new-migration');
  const folders = await migrationFolders(context);
  const known = await readKnownTables(services);
  const codeTool = folders.find(({ migrations }) => migrations.at(-1)?.isCode)?.title ?? null;
  const title = t('New Migration (Up and Down)');
  const draft = await askQuestions(
    title,
    migrationQuestions({ checks: await migrationChecks(), known, folders, codeTool }),
    { ...emptyMigrationDraft(), typedTable: known === null, folder: folders[0]?.label ?? '' },
  );
  await showWritten(
    await underFreeName(
      () =>
        write(services, preparation, title, (given, database) =>
          newMigration(given, database, {
            folder: path.join(context.workspace.root, draft.folder),
            name: draft.name ?? usualName(draft),
            language: draft.language,
            change: changeOfDraft(draft),
          }),
        ),
      () => askQuestions(title, [{ ask: askName }], draft),
    ),
  );
  services.model.refreshSoon();
}
