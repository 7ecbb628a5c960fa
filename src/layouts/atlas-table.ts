import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { settingsFiles } from './tool-settings';

export const revisionsName = 'atlas_schema_revisions';

/**
 * What `revisions_schema` says in atlas.hcl; null where environments say different ones, or it is worked out.
 * https://atlasgo.io/atlas-schema/projects#configure-migration-repository
 */
export async function atlasHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  for (const { text } of await settingsFiles(folder, ['atlas.hcl'], files)) {
    const code = text.replace(/^\s*(?:#|\/\/).*$|\/\*[^]*?\*\//gm, '');
    const values = [...code.matchAll(/^\s*revisions_schema\s*=\s*(.*?)\s*(?:(?:#|\/\/).*)?$/gm)];
    const [schema, ...more] = new Set(values.map((match) => /^"([^"$\\]+)"$/.exec(match[1]!)?.[1] ?? null));
    if (schema === undefined) continue;
    return schema === null || more.length > 0 ? null : { schema, name: revisionsName };
  }
  return null;
}
