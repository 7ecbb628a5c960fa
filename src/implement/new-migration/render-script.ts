import type { Files } from '../../ports/files';
import { quoteLiteral } from '../../sql/identifier';
import { renderTemplate } from '../../templates/engine';
import type { TemplateFolders } from '../scaffold/migration-text';
import { lockTimeout } from './render-sql';
import type { ScriptMigration } from './script-migration';
import { wrapLines } from './wrap-lines';

/** `commonjs` and `module` are JavaScript, as the nearest package.json says. */
export type ScriptSyntax = 'typescript' | 'commonjs' | 'module';

/** The text of a module with `up(db)` and `down(db)` on pg. */
export function renderScript(
  migration: ScriptMigration,
  syntax: ScriptSyntax,
  files: Files,
  templates: TemplateFolders,
): Promise<string> {
  const wrapped = (texts: readonly string[]): string[] => texts.map((text) => wrapLines(text));
  return renderTemplate({
    name: `${migration.template}.${syntax === 'typescript' ? 'ts' : 'js'}.hbs`,
    context: {
      ...migration,
      title: wrapLines(migration.title),
      notes: wrapped(migration.notes),
      downNotes: wrapped(migration.downNotes),
      setLockTimeout: `set local lock_timeout = ${quoteLiteral(lockTimeout)}`,
      module: syntax === 'module',
    },
    shippedFolder: templates.shipped,
    overrideFolder: templates.override,
    files,
  });
}
