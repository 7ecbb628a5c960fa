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
    const code = text.replace(/^[ \t]*(?:#|\/\/).*$|\/\*[^]*?(?:\*\/|$(?![^]))/gm, '');
    const values = [...code.matchAll(/^[ \t]*revisions_schema[ \t]*=(.*)/gm)];
    const [schema, ...more] = new Set(values.map(textValue));
    if (schema === undefined) continue;
    return schema === null || more.length > 0 ? null : { schema, name: revisionsName };
  }
  return null;
}

/** What is behind the sign, where it is a text alone, with or without a comment behind it. */
function textValue([, written]: RegExpExecArray): string | null {
  const value = written!.split(/#|\/\//, 1)[0]!.trim();
  return /^"([^"$\\]+)"$/.exec(value)?.[1] ?? null;
}
