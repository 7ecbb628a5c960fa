import path from 'node:path';
import type { Files } from '../ports/files';
import type { HistoryTable } from './layout';
import { addressParameter, settingsFiles, variableNear } from './tool-settings';

export const usualTable: HistoryTable = { schema: null, name: '_prisma_migrations' };

/**
 * The table in the schema that the address of the datasource has as `schema`: the tool makes it, and migrations run in
 * it. Only that parameter is read of the address, which nothing shows. https://www.prisma.io/docs/orm/overview/databases/postgresql
 */
export async function prismaHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const address = await addressOf(folder, files);
  const schema = address === null ? null : addressParameter(address, 'schema');
  return schema === null ? null : { ...usualTable, schema, searchPath: [schema] };
}

/** What the datasource's `url` says, of a variable or as it is; DATABASE_URL where a newer tool's schema says nothing. */
async function addressOf(folder: string, files: Files): Promise<string | null> {
  const schemas = await settingsFiles(path.dirname(folder), ['schema.prisma'], files);
  const source = schemas[0] && /^[ \t]*datasource\s+\w+\s*\{([^}]*)/m.exec(schemas[0].text);
  // Migrations go by the direct address where there is one beside a pool's.
  for (const field of ['directUrl', 'url']) {
    const pattern = new RegExp(`^[ \\t]*${field}\\s*=\\s*(?:env\\(\\s*"(\\w+)"\\s*\\)|"([^"\\n]*)")`, 'm');
    const match = source && pattern.exec(source[1]!);
    if (match?.[2] !== undefined) return match[2];
    if (match?.[1] !== undefined) return variableNear(folder, match[1], files);
  }
  return variableNear(folder, 'DATABASE_URL', files);
}
