import { t } from '../../messages/translate';
import type { Files } from '../../ports/files';
import { renderTemplate } from '../../templates/engine';
import type { MigrationText, TemplateFolders } from '../scaffold/migration-text';
import type { MigrationSql } from './migration-sql';
import { wrapLines } from './wrap-lines';

/** How long a statement may wait for its lock before it gives up, as PostgreSQL reads it. */
export const lockTimeout = '500ms';

/** The up and down file of a new migration, without the layout's own markers. */
export async function renderSql(
  migration: MigrationSql,
  files: Files,
  templates: TemplateFolders,
): Promise<MigrationText> {
  const render = (name: string, title: string, notes: string[], statements: string[]): Promise<string> =>
    renderTemplate({
      name,
      context: {
        title: wrapLines(title),
        notes: notes.map((note) => wrapLines(note)),
        lockTimeout: migration.transactional ? lockTimeout : null,
        statements,
      },
      shippedFolder: templates.shipped,
      overrideFolder: templates.override,
      files,
    });
  return {
    up: await render('new-up.sql.hbs', migration.title, migration.notes, migration.up),
    down: await render(
      'new-down.sql.hbs',
      t('Takes back: {0}', migration.title),
      migration.downNotes,
      migration.down,
    ),
  };
}
