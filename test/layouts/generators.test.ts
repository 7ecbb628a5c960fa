import assert from 'node:assert/strict';
import path from 'node:path';
import { drizzle } from '../../src/layouts/drizzle';
import type { Layout } from '../../src/layouts/layout';
import { prisma } from '../../src/layouts/prisma';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve('/w/app');

/** The folder and the arguments of a layout's generator, in a project of these files. */
async function command(layout: Layout, folder: string, ...names: string[]): Promise<[string, string]> {
  const files = memoryFiles(
    Object.fromEntries(names.map((name) => [path.resolve(root, ...name.split('/')), ''])),
  );
  const found = await layout.tool!.generate!(path.join(root, ...folder.split('/')), 'Add "full name"', files);
  assert.equal(found.program, 'npx');
  assert.equal(found.args[0], '--no-install');
  return [found.folder, found.args.slice(1).join(' ')];
}

describe("Tools' own generators", () => {
  it('Prisma: where the package is, with the models told where they are not in their usual place', async () => {
    const usual = 'prisma migrate dev --create-only --name add_full_name';
    const inPrisma = 'prisma/migrations';
    for (const names of [
      ['package.json', 'prisma/schema.prisma'],
      ['prisma/schema.prisma'],
      ['package.json'],
      ['prisma.config.ts', 'db/elsewhere.prisma'],
    ])
      assert.deepEqual(await command(prisma, inPrisma, ...names), [root, usual], names.join());
    assert.deepEqual(await command(prisma, 'db/migrations', 'package.json', 'db/schema.prisma'), [
      root,
      `${usual} --schema ${path.join('db', 'schema.prisma')}`,
    ]);
    await assert.rejects(command(prisma, inPrisma), { code: 'not-found', message: /toolCommands/ });
  });

  it('Drizzle: where its configuration is', async () => {
    const usual = 'drizzle-kit generate --name add_full_name';
    assert.deepEqual(await command(drizzle, 'src/drizzle', 'drizzle.config.ts'), [root, usual]);
    assert.deepEqual(await command(drizzle, 'src/drizzle', 'drizzle.config.ts', 'src/drizzle.config.js'), [
      path.join(root, 'src'),
      `${usual} --config drizzle.config.js`,
    ]);
    await assert.rejects(command(drizzle, 'src/drizzle', 'package.json'), { code: 'not-found' });
  });
});
