import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { settingsFiles } from './tool-settings';
import { tomlTexts } from './toml-values';

const usualName = 'flyway_schema_history';
export const usualTable: HistoryTable = { schema: null, name: usualName };

/** Of Flyway's own command line, and of Spring Boot, which hands its properties on. */
const properties = ['flyway.conf', 'conf/flyway.conf', 'application.properties'];
const tables = ['flyway.user.toml', 'flyway.toml', 'conf/flyway.toml'];

/** A setting by its name, a list where it is one; null where it is not set. */
type Setting = (name: 'table' | 'defaultSchema' | 'schemas') => string[] | null;

/**
 * What `flyway.table`, `flyway.defaultSchema` and `flyway.schemas` say: the first of the schemas is the default one, in
 * which Flyway keeps its table and runs migrations. https://documentation.red-gate.com/fd/flyway-default-schema-setting-277579009.html
 */
export async function flywayHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const settings: Setting[] = [];
  for (const { path: file, text } of await settingsFiles(folder, [...tables, ...properties], files))
    settings.push(file.endsWith('.toml') ? fromToml(text) : fromProperties(text));
  const first = (name: Parameters<Setting>[0]): string | null => {
    for (const setting of settings) {
      const value = setting(name)?.[0];
      // What is filled in from the environment is not known here.
      if (value !== undefined) return value === '' || value.includes('${') ? null : value;
    }
    return null;
  };
  const schema = first('defaultSchema') ?? first('schemas');
  const name = first('table');
  if (schema === null && name === null) return null;
  const searchPath = schema === null ? {} : { searchPath: [schema, '$user', 'public'] };
  return { schema, name: name ?? usualName, ...searchPath };
}

function fromToml(text: string): Setting {
  const texts = tomlTexts(text);
  const environment = texts.get('flyway.environment')?.[0] ?? 'default';
  return (name) =>
    texts.get(`flyway.${name}`) ??
    (name === 'schemas' ? texts.get(`environments.${environment}.schemas`) : undefined) ??
    null;
}

function fromProperties(text: string): Setting {
  const values = new Map<string, string>();
  for (const match of text.matchAll(/^[ \t]*(?:spring\.)?flyway\.([\w-]+)[ \t]*[=:](.*)/gm))
    values.set(camelCase(match[1]!), match[2]!.trim());
  return (name) => {
    const value = values.get(name);
    if (value === undefined) return null;
    return name === 'schemas' ? value.split(',').map((schema) => schema.trim()) : [value];
  };
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
