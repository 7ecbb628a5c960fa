import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProgramEnd, Programs } from '../../src/ports/programs';
import type { TestDatabase } from '../support/servers';

/** Where `npm run test:tools` installs Prisma. */
export const prismaPackages = path.join(
  process.env['SWITCHBACK_TOOLS'] ?? path.resolve('.switchback-test', 'tools'),
  ...['prisma', 'node_modules'],
);
export const prismaEngine = path.join(prismaPackages, 'prisma', 'build', 'schema_engine_bg.wasm');

/**
 * Prisma's engine as WebAssembly reaches a database through an adapter of the project's. The published one has three
 * gaps, which are filled here: it does not know the types of PostgreSQL's catalogs, it cuts scripts at semicolons where
 * the engine as a program sends one simple query, and it drops the database of shadows while it is connected to it.
 */
const configuration = `import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { defineConfig } from 'prisma/config';

const [char, name, text] = [18, 19, 25];
const address = JSON.parse(readFileSync('database.json', 'utf8'));

function complete(adapter) {
  const { queryRaw } = Object.getPrototypeOf(adapter);
  const performIO = adapter.performIO.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await performIO(query);
    const types = result.fields.map((field) => field.dataTypeID);
    for (const field of result.fields) if (field.dataTypeID === char || field.dataTypeID === name) field.dataTypeID = text;
    const read = await queryRaw.call({ performIO: async () => result }, query);
    for (const [index, type] of types.entries())
      if (type === char) read.columnTypes[index] = ColumnTypeEnum.Character;
    return read;
  };
  adapter.executeScript = async (sql) => {
    await adapter.underlyingDriver().query(sql).catch((error) => adapter.onError(error));
  };
  return adapter;
}

const connect = async (database = address.database) =>
  complete(await new PrismaPg({ ...address, database, idleTimeoutMillis: 200 }).connect());

async function connectToShadowDb() {
  const database = \`shadow_\${randomUUID()}\`;
  const main = await connect();
  await main.executeScript(\`create database "\${database}"\`);
  const shadow = await connect(database);
  const end = shadow.dispose.bind(shadow);
  shadow.dispose = async () => {
    await end();
    await main.executeScript(\`drop database "\${database}"\`);
    await main.dispose();
  };
  return shadow;
}

export default defineConfig({
  experimental: { adapter: true },
  engine: 'js',
  schema: 'prisma/schema.prisma',
  adapter: async () => ({ provider: 'postgres', adapterName: '@prisma/adapter-pg', connect: () => connect(), connectToShadowDb }),
});
`;

/** Makes a workspace one of Prisma's, whose own settings lead to this database. */
export async function writePrismaProject(
  root: string,
  { connection, password }: TestDatabase,
): Promise<void> {
  const { host, port, user, database } = connection;
  await symlink(prismaPackages, path.join(root, 'node_modules'));
  await writeFile(path.join(root, 'package.json'), '{ "private": true }');
  await writeFile(path.join(root, 'prisma.config.ts'), configuration);
  await writeFile(path.join(root, 'database.json'), JSON.stringify({ host, port, user, password, database }));
  // What the command line would download unless an engine is named, and does not use beside an adapter.
  await writeFile(path.join(root, 'engine'), '');
}

/**
 * Programs in such a project. With its engine as WebAssembly, Prisma 6.19 stops it twice after `--create-only`, and ends
 * with an error although all is done: this error alone is forgiven.
 */
export function prismaPrograms(root: string, programs: Programs): Programs {
  const engine = path.join(root, 'engine');
  return {
    run: async (run) => {
      const environment = {
        ...run.environment,
        PRISMA_QUERY_ENGINE_LIBRARY: engine,
        PRISMA_SCHEMA_ENGINE_BINARY: engine,
        CHECKPOINT_DISABLE: '1',
        NO_COLOR: '1',
      };
      const end = await programs.run({ ...run, environment });
      return isStoppedTwice(end) ? { ...end, code: 0 } : end;
    },
  };
}

function isStoppedTwice({ code, errors }: ProgramEnd): boolean {
  return code === 1 && errors.trimEnd().endsWith('Error: null pointer passed to rust');
}
