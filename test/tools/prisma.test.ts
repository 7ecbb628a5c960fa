import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { applyMigration, rollBackMigration } from '../../src/journey/apply-file';
import { generateMigration, generatingFolders } from '../../src/journey/generate-migration';
import { lintFiles } from '../../src/journey/lint';
import { readStatus } from '../../src/journey/migrations';
import type { JourneyContext } from '../../src/journey/workspace';
import { prisma } from '../../src/layouts/prisma';
import type { ProgramEnd } from '../../src/ports/programs';
import { openJourney, type Journey } from '../journey/journey';
import { tableShape } from './debian';
import { prismaEngine, prismaPrograms, writePrismaProject } from './prisma-project';
import { needs } from './programs';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const schema = (...fields: string[]): string =>
  `datasource db {\n  provider = "postgresql"\n  url = "postgresql://localhost/unused"\n}\n\nmodel orders {\n  ${['id Int @id', ...fields].join('\n  ')}\n}\n`;
/** That of the third migration. */
const index = '@@index([note], map: "orders_note")';
const one = '20240101000000_orders';
const two = '20240102000000_note';
const three = '20240103000000_index';
const ups: Record<string, string> = {
  [one]: 'CREATE TABLE "orders" ("id" INTEGER NOT NULL, CONSTRAINT "orders_pkey" PRIMARY KEY ("id"));\r\n',
  [two]: `ALTER TABLE "orders" ADD COLUMN "note" TEXT;\nUPDATE "orders" SET "note" = 'ä;b';\n`,
  [three]: 'CREATE INDEX CONCURRENTLY "orders_note" ON "orders" ("note");',
};

describe(`the real Prisma ${needs('prisma')}`, function () {
  this.timeout(180_000);
  let journey: Journey;
  let context: JourneyContext;

  before(async function () {
    if (!existsSync(prismaEngine)) return this.skip();
    journey = await openJourney(18, '', {
      'prisma/schema.prisma': schema('note String?', index),
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    });
    context = { ...journey.context, programs: prismaPrograms(journey.root, journey.context.programs) };
    await writePrismaProject(journey.root, journey.test);
    await write(one);
  });
  after(() => journey?.close());

  const fileOf = (name: string, file = 'migration.sql'): string =>
    path.join(journey.root, 'prisma', 'migrations', name, file);
  const write = (name: string, text = ups[name]!): Promise<void> => context.files.write(fileOf(name), text);
  const tool = async (...args: string[]): Promise<{ code: number | null; said: string }> => {
    const { code, output, errors }: ProgramEnd = await context.programs.run({
      ...{ title: 'prisma', program: 'npx', folder: journey.root },
      ...{ args: ['--no-install', 'prisma', 'migrate', ...args], environment: {}, signal: context.signal },
    });
    return { code, said: output + errors };
  };
  const says = async (command: string, code: number, pattern: RegExp): Promise<void> => {
    const end = await tool(command);
    assert.match(end.said, pattern);
    assert.equal(end.code, code, end.said);
  };
  const states = async (): Promise<string[]> => {
    const [folder] = await readStatus(context, journey.database.session);
    assert.deepEqual([folder!.layout, folder!.problems], ['prisma', []]);
    return folder!.statuses.map(({ name, state, flags }) =>
      [name, state, ...flags.filter((flag) => flag !== 'no-down')].join(' '),
    );
  };
  /** The rows but for their ids and the moments at which they were written. */
  const rows = async (): Promise<unknown[]> =>
    (
      await journey.look.query(
        `select id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' as uuid, checksum, migration_name, logs, rolled_back_at,
             finished_at >= started_at as finished, applied_steps_count as steps
           from _prisma_migrations order by started_at`,
      )
    ).rows;
  const row = (name: string): unknown => ({
    ...{ uuid: true, checksum: sha256(ups[name]!), migration_name: name },
    ...{ logs: null, rolled_back_at: null, finished: true, steps: 1 },
  });

  it('applies the first, Switchback the next, it the one after; and the one taken back again', async () => {
    await says('deploy', 0, /All migrations have been successfully applied/);
    assert.deepEqual(await states(), ['orders applied']);
    await write(two);
    await write(three);
    await context.files.write(fileOf(three, 'down.sql'), 'drop index "orders_note";');
    await applyMigration(context, journey.database, fileOf(two));
    assert.deepEqual(await states(), ['orders applied', 'note applied', 'index pending']);
    await says('status', 1, /have? not yet been applied:\s+20240103000000_index\s+To apply/);
    await says('deploy', 0, /have been applied:\s+migrations\/\s+└─ 20240103000000_index\//);
    assert.deepEqual(await rows(), [row(one), row(two), row(three)]);
    assert.deepEqual(await states(), ['orders applied', 'note applied', 'index applied']);

    await rollBackMigration(context, journey.database, fileOf(three));
    assert.deepEqual(await states(), ['orders applied', 'note applied', 'index pending']);
    await says('status', 1, /not yet been applied:\s+20240103000000_index\s+To apply/);
    await says('deploy', 0, /have been applied:\s+migrations\/\s+└─ 20240103000000_index\//);
    assert.deepEqual(await rows(), [row(one), row(two), row(three)]);
    await says('status', 0, /Database schema is up to date/);
  });

  it('finds nothing to do where Switchback applied all, with a table and rows like its own', async () => {
    const theirs = [await tableShape(journey.look, '_prisma_migrations'), await rows()];
    await journey.look.script('drop table orders, _prisma_migrations');
    for (const name of [one, two, three]) await applyMigration(context, journey.database, fileOf(name));
    assert.deepEqual([await tableShape(journey.look, '_prisma_migrations'), await rows()], theirs);
    await says('status', 0, /Database schema is up to date/);
    await says('deploy', 0, /No pending migrations to apply/);
    assert.deepEqual(await rows(), theirs[1]);
  });

  it('marks what failed, which Switchback sees', async () => {
    const broken = '20240104000000_broken';
    await write(broken, 'ALTER TABLE "nowhere" ADD COLUMN "a" INTEGER;');
    await says('deploy', 1, /No such table: nowhere/);
    assert.deepEqual((await states()).at(-1), 'broken failed');
    await says('deploy', 1, /P3009/);
    await rm(path.dirname(fileOf(broken)), { recursive: true });
    await journey.look.script(`delete from _prisma_migrations where migration_name = '${broken}'`);
  });

  it('writes a migration from its models, which Switchback forecasts and applies', async () => {
    const models = path.join(journey.root, 'prisma', 'schema.prisma');
    const [folder] = await generatingFolders(context);
    assert.equal(folder!.title, prisma.title);
    // A warning, which it asks about where somebody can answer.
    await writeFile(models, schema('note String? @unique', index));
    await assert.rejects(generateMigration(context, journey.database, folder!, 'unique note'), {
      code: 'step-failed',
      message: /non-interactive/,
    });
    await writeFile(models, schema('note String?', 'total Int?', index));
    const [written] = await generateMigration(context, journey.database, folder!, 'Add "total"');
    assert.match(path.basename(path.dirname(written!)), /^\d{14}_add_total$/);
    assert.match(await readFile(written!, 'utf8'), /ALTER TABLE "orders" ADD COLUMN\s+"total" INTEGER;/);
    const [linted] = (await lintFiles(context, [written!], { database: journey.database })).files;
    assert.deepEqual(
      linted!.statements.map(({ locks, work }) => [locks[0]?.relation, locks[0]?.mode, work]),
      [['public.orders', 'AccessExclusiveLock', 'catalog']],
    );
    await applyMigration(context, journey.database, written!);
    assert.deepEqual((await states()).at(-1), 'add_total applied');
    await says('status', 0, /Database schema is up to date/);
    const same = await tool(
      'diff',
      '--exit-code',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema-datamodel',
      'prisma/schema.prisma',
    );
    assert.match(same.said, /No difference detected/);
    assert.equal(same.code, 0);
  });
});
