import path from 'node:path';
import type { Files } from '../ports/files';
import { nodeCommand, requireNearest } from './code/node-command';
import type { ToolCommand } from './layout-tool';
import { fileWords } from './versions';

/** What says where the project is: its package, its settings, or its models in the usual place. */
const signs = ['package.json', 'prisma.config.ts', 'prisma/schema.prisma'];
const usualSchemas = ['schema.prisma', path.join('prisma', 'schema.prisma')];

/**
 * `prisma migrate dev --create-only`, which writes what the models have and the migrations have not; its database of
 * shadows is its own affair. Throws `not-found` where no project is found.
 */
export async function generateWithPrisma(folder: string, name: string, files: Files): Promise<ToolCommand> {
  const found = await requireNearest(path.dirname(folder), signs, 'Prisma', files);
  const root = found.endsWith(`${path.sep}${usualSchemas[1]!}`)
    ? path.dirname(path.dirname(found))
    : path.dirname(found);
  // Models lie beside the folder of migrations; elsewhere than in the usual places the tool has to be told.
  const schema = path.relative(root, path.join(path.dirname(folder), 'schema.prisma'));
  const isTold = usualSchemas.includes(schema) || !(await files.exists(path.join(root, schema)));
  const told = isTold ? [] : ['--schema', schema];
  return nodeCommand(root, 'prisma', 'migrate', 'dev', '--create-only', '--name', fileWords(name), ...told);
}
