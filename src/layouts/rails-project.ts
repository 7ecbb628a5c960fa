import path from 'node:path';
import type { Files } from '../ports/files';
import { nearestFile, requireNearest } from './code/node-command';
import { settingNamed } from './history-table';
import type { HistoryTable } from './layout';
import type { ToolCommand } from './layout-tool';

const program = path.join('bin', 'rails');

/** Whether a Rails application is around a folder. */
export async function isInRails(folder: string, files: Files): Promise<boolean> {
  return (await nearestFile(folder, [program, path.join('config', 'application.rb')], files)) !== null;
}

/** A call of the application's own `bin/rails`. Throws `not-found` where there is none. */
export async function railsCommand(
  folder: string,
  args: readonly string[],
  files: Files,
): Promise<ToolCommand> {
  const place = path.dirname(path.dirname(await requireNearest(folder, [program], 'Rails', files)));
  return { program: 'ruby', args: ['bin/rails', ...args], folder: place };
}

/** A task of the application: by `bin/rails`, else by Rake, in its bundle where it has one. Throws `not-found` without either. */
export async function railsTask(folder: string, args: readonly string[], files: Files): Promise<ToolCommand> {
  if (await nearestFile(folder, [program], files)) return railsCommand(folder, args, files);
  const place = path.dirname(
    await requireNearest(folder, ['Rakefile', 'rakefile', 'Rakefile.rb'], 'Rails', files),
  );
  return (await files.exists(path.join(place, 'Gemfile')))
    ? { program: 'bundle', args: ['exec', 'rake', ...args], folder: place }
    : { program: 'rake', args: [...args], folder: place };
}

/** The table that the application's configuration names by a text; null for the usual one. */
export async function railsTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const file = await nearestFile(folder, [path.join('config', 'application.rb')], files);
  const text = file === null ? null : await files.readIfExists(file).catch(() => null);
  const named = /^(?:(?!#).)*\bschema_migrations_table_name\s*=\s*["']([^"'\n]+)["']/m.exec(text ?? '')?.[1];
  return named === undefined ? null : settingNamed(named);
}
