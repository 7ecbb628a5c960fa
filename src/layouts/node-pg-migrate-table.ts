import path from 'node:path';
import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { jsonObject, settingsFiles } from './tool-settings';

/** The defaults of --migrations-table and --schema. */
export const usualTable: HistoryTable = { schema: 'public', name: 'pgmigrations' };

interface Settings {
  table?: string;
  migrationsSchema?: string;
  schemas?: string[];
}

/**
 * What the tool is told of its table: by its options in the scripts of package.json, by the file of its --config-file,
 * or by the section `db` of config/default.json and its like (bin/node-pg-migrate). An option wins over a file.
 */
export async function nodePgHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const [project] = await settingsFiles(folder, ['package.json'], files);
  if (!project) return null;
  const line = commandsOf(jsonObject(project.text)).find((command) => fromOptions(command) !== null) ?? '';
  const options = fromOptions(line) ?? {};
  const section = optionOf(line, ['config-value']) ?? 'db';
  const root = path.dirname(project.path);
  const named = optionOf(line, ['f', 'config-file']);
  let settings: Settings = {};
  for (const file of ['config/default.json', 'config/local.json'])
    settings = { ...settings, ...fromJson(await jsonAt(path.join(root, file), files), section, false) };
  if (named !== null)
    settings = { ...settings, ...fromJson(await jsonAt(path.resolve(root, named), files), section, true) };
  return tableOf({ ...settings, ...options });
}

function tableOf({ table, migrationsSchema, schemas }: Settings): HistoryTable | null {
  const schema = migrationsSchema ?? schemas?.[0];
  if (table === undefined && schema === undefined) return null;
  return {
    schema: schema ?? usualTable.schema,
    name: table ?? usualTable.name,
    ...(schemas && schemas.length > 0 ? { searchPath: schemas } : {}),
  };
}

const withValue =
  /^(?:-[dtsf]|--(?:database-url-var|migrations-table|schema|migrations-schema|config-file|config-value|envPath|tsconfig-paths|ignore-pattern|lock-value))$/;
const alone =
  /^--(?:create-schema|create-migrations-schema|decamelize|no-check-order|no-single-transaction|no-lock|no-reject-unauthorized)$/;

/** The options of the scripts' first command that say where the tool finds its database, its table and its files. */
export function nodePgOptions(project: Record<string, unknown> | null): string[] {
  const [command = ''] = commandsOf(project);
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3]!,
  );
  return words.flatMap((word, place) => {
    const value = words[place + 1];
    if (word.includes('$')) return [];
    if (alone.test(word)) return [word];
    if (withValue.test(word)) return value === undefined || value.includes('$') ? [] : [word, value];
    return withValue.test(word.split('=', 1)[0]!) ? [word] : [];
  });
}

/** The commands of package.json's scripts that run the tool. */
function commandsOf(project: Record<string, unknown> | null): string[] {
  const scripts = Object.values((project?.scripts as Record<string, unknown> | undefined) ?? {});
  return scripts
    .filter((script): script is string => typeof script === 'string')
    .flatMap((script) => script.split(/&&|\|\||;/))
    .filter((command) => /\bnode-pg-migrate\b/.test(command));
}

/** What a command says of the table, or of the file that does; null where it says nothing. */
function fromOptions(command: string): Settings | null {
  const table = optionOf(command, ['t', 'migrations-table']);
  const migrationsSchema = optionOf(command, ['migrations-schema']);
  const schema = optionOf(command, ['s', 'schema']);
  const named = optionOf(command, ['f', 'config-file', 'config-value']);
  if (table === null && migrationsSchema === null && schema === null && named === null) return null;
  return {
    ...(table === null ? {} : { table }),
    ...(migrationsSchema === null ? {} : { migrationsSchema }),
    ...(schema === null ? {} : { schemas: [schema] }),
  };
}

function optionOf(command: string, names: readonly string[]): string | null {
  const pattern = `\\s(?:${names.map((name) => (name.length === 1 ? `-${name}` : `--${name}`)).join('|')})`;
  const value = new RegExp(`${pattern}(?:\\s+|=)(?:"([^"]*)"|'([^']*)'|([^\\s"'$]+))`).exec(command);
  return value?.[1] ?? value?.[2] ?? value?.[3] ?? null;
}

async function jsonAt(file: string, files: Files): Promise<Record<string, unknown> | null> {
  const text = await files.readIfExists(file).catch(() => null);
  return text === null ? null : jsonObject(text);
}

/** The tool's own keys, in the section or, of a file that it is given, at the top where there is no such section. */
function fromJson(json: Record<string, unknown> | null, section: string, alsoTop: boolean): Settings {
  const part = json?.[section] ?? (alsoTop ? json : null);
  if (typeof part !== 'object' || part === null) return {};
  const values = part as Record<string, unknown>;
  const text = (key: string): string | null =>
    typeof values[key] === 'string' && values[key] !== '' ? values[key] : null;
  const table = text('migrations-table');
  const migrationsSchema = text('migrations-schema');
  const schemas = [values.schema]
    .flat()
    .filter((each) => typeof each === 'string' && each !== '') as string[];
  return {
    ...(table === null ? {} : { table }),
    ...(migrationsSchema === null ? {} : { migrationsSchema }),
    ...(schemas.length === 0 ? {} : { schemas }),
  };
}
