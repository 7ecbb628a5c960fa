import path from 'node:path';
import type { Files } from '../ports/files';
import { nearestFile, requireNearest } from './code/node-command';
import { pythonOf } from './code/interpreter';
import type { HistoryTable } from './layout';
import type { ToolCommand } from './layout-tool';

/** The text of the `env.py` beside a folder of revisions; null where there is none to read. */
async function environmentText(folder: string, files: Files): Promise<string | null> {
  const file = await nearestFile(folder, ['env.py'], files);
  return file === null ? null : files.readIfExists(file).catch(() => null);
}

/** The table that `context.configure` names, where it names one by a text; null for the usual one. */
export async function alembicTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const text = await environmentText(folder, files);
  const named = (option: string): string | null =>
    new RegExp(`^(?:(?!#).)*\\b${option}\\s*=\\s*(?:"([^"\\n]+)"|'([^'\\n]+)')`, 'm')
      .exec(text ?? '')
      ?.slice(1)
      .find((part) => part !== undefined) ?? null;
  const name = named('version_table');
  const schema = named('version_table_schema');
  return name === null && schema === null ? null : { schema, name: name ?? 'alembic_version' };
}

/**
 * A call of Alembic where its configuration lies; through Flask where its environment needs an application of Flask.
 * Throws `not-found` without a configuration.
 */
export async function alembicCommand(
  folder: string,
  args: readonly string[],
  files: Files,
): Promise<ToolCommand> {
  const configuration = await requireNearest(folder, ['alembic.ini'], 'Alembic', files);
  const text = await environmentText(folder, files);
  const place = path.dirname(configuration);
  const isFlask = /\bflask\b/.test(text ?? '') && /\bcurrent_app\b/.test(text ?? '');
  // Flask-Migrate keeps the configuration in its folder, and is called above it.
  const above = isFlask ? path.dirname(place) : place;
  const program = await pythonOf(above, files);
  const call = isFlask ? ['-m', 'flask', 'db', ...args] : ['-m', 'alembic', ...args];
  return { program, args: call, folder: above };
}
