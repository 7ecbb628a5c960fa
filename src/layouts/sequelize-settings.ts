import path from 'node:path';
import type { Files } from '../ports/files';
import { nearestFile, requireNearest } from './code/node-command';
import type { HistoryTable } from './layout';
import { jsonObject } from './tool-settings';

export const usualTable: HistoryTable = { schema: null, name: 'SequelizeMeta' };

const options = '.sequelizerc';
/** Where sequelize-cli looks for its configuration without being told (lib/helpers/config-helper.js). */
const configurations = ['config/config.json', 'config/config.js'];
/** The environment of the tool where nothing names another. */
const usualEnvironment = 'development';

/** The folder that sequelize-cli is called in. Throws `not-found` where neither options nor configuration are there. */
export async function sequelizeFolder(folder: string, files: Files): Promise<string> {
  const found = await requireNearest(folder, [options, ...configurations], 'Sequelize', files);
  return path.basename(found) === options ? path.dirname(found) : path.dirname(path.dirname(found));
}

/**
 * The table that the configuration names by `migrationStorageTableName` and `migrationStorageTableSchema`: that of the
 * environment `development`, or else what the environments that name one agree in.
 */
export async function sequelizeHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const file = await configurationFile(folder, files);
  const text = file === null ? null : await files.readIfExists(file).catch(() => null);
  if (text === null) return null;
  const value = (key: string): string | null => settingOf(text, key);
  const name = value('migrationStorageTableName');
  const schema = value('migrationStorageTableSchema');
  return name === null && schema === null ? null : { schema, name: name ?? usualTable.name };
}

async function configurationFile(folder: string, files: Files): Promise<string | null> {
  const found = await nearestFile(folder, [options, ...configurations], files).catch(() => null);
  if (found === null || path.basename(found) !== options) return found;
  const text = await files.readIfExists(found).catch(() => null);
  const named = text === null ? null : namedConfiguration(text);
  const root = path.dirname(found);
  return named === null ? nearestFile(root, configurations, files) : path.resolve(root, named);
}

/** `'config': path.resolve('db', 'config.js')`, or a text alone. */
function namedConfiguration(text: string): string | null {
  const value = /['"]?\bconfig['"]?\s*:\s*(?:path\.(?:resolve|join)\(([^)]*)|(['"][^'"\r\n]*['"]))/.exec(
    text,
  );
  const parts = [...(value?.[1] ?? value?.[2] ?? '').matchAll(/['"]([^'"\r\n]*)['"]/g)];
  return parts.length === 0 ? null : path.join(...parts.map((part) => part[1]!));
}

function settingOf(text: string, key: string): string | null {
  const json = jsonObject(text);
  if (json && usualEnvironment in json) return textAt(json[usualEnvironment], key);
  const values = json
    ? [json, ...Object.values(json)].flatMap((section) => textAt(section, key) ?? [])
    : [...text.matchAll(new RegExp(`\\b${key}['"]?\\s*:\\s*(['"])([^'"\\r\\n]+)\\1`, 'g'))].map(
        (match) => match[2]!,
      );
  return new Set(values).size === 1 ? values[0]! : null;
}

function textAt(section: unknown, key: string): string | null {
  if (typeof section !== 'object' || section === null) return null;
  const value = (section as Record<string, unknown>)[key];
  return typeof value === 'string' && value !== '' ? value : null;
}
