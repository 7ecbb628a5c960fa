import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { atlasSum } from '../../src/layouts/atlas-sum';
import { applyMigration } from '../../src/journey/apply-file';
import { assessChange } from '../../src/journey/assess';
import { draftPlan } from '../../src/journey/plan';
import { loadPlan } from '../../src/journey/plans';
import { readStatus } from '../../src/journey/migrations';
import { renumberMigrations } from '../../src/journey/renumber';
import { scaffoldPlan } from '../../src/journey/scaffold';
import type { JourneyContext } from '../../src/journey/workspace';
import { SwitchbackError } from '../../src/messages/error';
import type { ConfirmQuestion } from '../../src/ports/prompt';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';
import { testMajors } from '../support/servers';
import { openTerminal } from '../cli/terminal';
import { assertSays, assertSentence, openJourney, type Journey } from './journey';

const root = path.resolve('/w');
const now = new Date('2026-03-04T05:06:07Z');

function journeyIn(files: Record<string, string>): {
  context: JourneyContext;
  asked: ConfirmQuestion[];
  names: () => string[];
} {
  const inside = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/w/${name}`, text]));
  const disk = memoryFiles(inside);
  const asked: ConfirmQuestion[] = [];
  const context = {
    ...testContext(root),
    files: disk,
    clock: { now: () => now, sleep: () => Promise.resolve() },
    prompt: {
      confirm: async (question: ConfirmQuestion) => asked.push(question) > 0,
      typeToConfirm: async () => true,
    },
  };
  const names = (): string[] =>
    disk.paths().map((file) => path.relative(root, file).split(path.sep).join('/'));
  return { context, asked, names };
}

const at = (name: string): string => path.join(root, ...name.split('/'));
const one = 'create table a (id int primary key);\n';
const empty = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, one]));
const goose = '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n';
const dbmate = '-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n';

/** For each layout: its files, the ones to move, and what is then called otherwise. */
const cases: { title: string; files: Record<string, string>; move: string[]; to: Record<string, string> }[] =
  [
    {
      title: 'golang-migrate: both directions, leading zeros kept',
      files: empty(
        'm/000001_a.up.sql',
        'm/000001_a.down.sql',
        'm/000002_b.up.sql',
        'm/000002_b.down.sql',
        'm/000002_own.up.sql',
        'm/000002_own.down.sql',
      ),
      move: ['m/000002_own.up.sql'],
      to: { 'm/000002_own.up.sql': 'm/000003_own.up.sql', 'm/000002_own.down.sql': 'm/000003_own.down.sql' },
    },
    {
      title: 'plain pairs: a rollback beside it, and one in a folder',
      files: empty(
        'migrations/001_a.sql',
        'migrations/001_a_rollback.sql',
        'migrations/001_own.sql',
        'migrations/001_own_rollback.sql',
        'migrations/002_c.sql',
        'migrations/rollback/002_c.sql',
        'migrations/002_d.sql',
        'migrations/rollback/002_d.sql',
      ),
      move: ['migrations/002_d.sql', 'migrations/001_own.sql'],
      to: {
        'migrations/001_own.sql': 'migrations/003_own.sql',
        'migrations/001_own_rollback.sql': 'migrations/003_own_rollback.sql',
        'migrations/002_d.sql': 'migrations/004_d.sql',
        'migrations/rollback/002_d.sql': 'migrations/rollback/004_d.sql',
      },
    },
    {
      title: 'goose',
      files: { 'm/00001_a.sql': goose, 'm/00001_own.sql': goose },
      move: ['m/00001_own.sql'],
      to: { 'm/00001_own.sql': 'm/00002_own.sql' },
    },
    {
      title: 'dbmate: by time',
      files: { 'm/20250101000000_a.sql': dbmate, 'm/20240101000000_own.sql': dbmate },
      move: ['m/20240101000000_own.sql'],
      to: { 'm/20240101000000_own.sql': 'm/20260304050607_own.sql' },
    },
    {
      title: 'diesel: the folder, with what else is in it',
      files: empty(
        'm/2025-01-01-000000_a/up.sql',
        'm/2025-01-01-000000_a/down.sql',
        'm/2025-01-01-000000_own/up.sql',
        'm/2025-01-01-000000_own/down.sql',
        'm/2025-01-01-000000_own/metadata.toml',
      ),
      move: ['m/2025-01-01-000000_own/up.sql'],
      to: {
        'm/2025-01-01-000000_own/up.sql': 'm/2026-03-04-050607_own/up.sql',
        'm/2025-01-01-000000_own/down.sql': 'm/2026-03-04-050607_own/down.sql',
        'm/2025-01-01-000000_own/metadata.toml': 'm/2026-03-04-050607_own/metadata.toml',
      },
    },
    {
      title: 'Flyway: the undo and the configuration beside it, dots and underscores kept',
      files: empty(
        'm/V1_2__a.sql',
        'm/U1_2__a.sql',
        'm/V1.2__own.sql',
        'm/V1.2__own.sql.conf',
        'm/V1_3__c.sql',
        'm/U1_3__c.sql',
      ),
      move: ['m/V1.2__own.sql'],
      to: { 'm/V1.2__own.sql': 'm/V1_4__own.sql', 'm/V1.2__own.sql.conf': 'm/V1_4__own.sql.conf' },
    },
    {
      title: 'refinery: our way back in its folder, and the prefix kept',
      files: {
        ...empty('m/V1__a.sql', 'm/U1__own.sql', 'm/down/U1__own.down.sql'),
        'Cargo.toml': '[dependencies]\nrefinery = "0.8"\n',
      },
      move: ['m/V1__a.sql', 'm/U1__own.sql'],
      to: {
        'm/U1__own.sql': 'm/U2__own.sql',
        'm/down/U1__own.down.sql': 'm/down/U2__own.down.sql',
        'm/V1__a.sql': 'm/V3__a.sql',
      },
    },
    {
      title: 'sqlx: our way back of a simple one',
      files: {
        ...empty('m/0001_a.sql', 'm/0001_own.sql', 'm/down/0001_own.sql'),
        'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n',
      },
      move: ['m/0001_own.sql'],
      to: { 'm/0001_own.sql': 'm/0002_own.sql', 'm/down/0001_own.sql': 'm/down/0002_own.sql' },
    },
    {
      title: 'Supabase',
      files: empty(
        'supabase/migrations/20250101000000_a.sql',
        'supabase/migrations/20250101000000_own.sql',
        'supabase/migrations/down/20250101000000_own.sql',
      ),
      move: ['supabase/migrations/20250101000000_own.sql'],
      to: {
        'supabase/migrations/20250101000000_own.sql': 'supabase/migrations/20260304050607_own.sql',
        'supabase/migrations/down/20250101000000_own.sql': 'supabase/migrations/down/20260304050607_own.sql',
      },
    },
    {
      title: 'Postgrator',
      files: empty('m/001.do.a.sql', 'm/001.undo.a.sql', 'm/001.do.own.sql', 'm/001.undo.own.sql'),
      move: ['m/001.undo.own.sql'],
      to: { 'm/001.do.own.sql': 'm/002.do.own.sql', 'm/001.undo.own.sql': 'm/002.undo.own.sql' },
    },
    {
      title: 'Prisma: the folder, in the order of names',
      files: {
        ...empty(
          'prisma/migrations/20240101000000_own/migration.sql',
          'prisma/migrations/20240101000000_own/down.sql',
          'prisma/migrations/20250101000000_a/migration.sql',
        ),
        'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      },
      move: ['prisma/migrations/20240101000000_own/migration.sql'],
      to: {
        'prisma/migrations/20240101000000_own/migration.sql':
          'prisma/migrations/20260304050607_own/migration.sql',
        'prisma/migrations/20240101000000_own/down.sql': 'prisma/migrations/20260304050607_own/down.sql',
      },
    },
    {
      title: 'node-pg-migrate: by milliseconds',
      files: {
        'm/1700000000001_a.sql': '-- Up Migration\nselect 1;\n-- Down Migration\nselect 2;\n',
        'm/1700000000000_own.sql': '-- Up Migration\nselect 1;\n-- Down Migration\nselect 2;\n',
      },
      move: ['m/1700000000000_own.sql'],
      to: { 'm/1700000000000_own.sql': `m/${now.getTime()}_own.sql` },
    },
  ];

const pairOf = (stem: string): Record<string, string> => ({
  [`${stem}.up.sql`]: one,
  [`${stem}.down.sql`]: 'drop table a;\n',
});

describe('renumbering pending migrations', function () {
  this.timeout(60_000);

  for (const { title, files, move, to } of cases) {
    it(title, async () => {
      const { context, asked, names } = journeyIn(files);
      const outcome = await renumberMigrations(context, null, move.map(at));
      assert.deepEqual(
        names(),
        Object.keys(files)
          .map((name) => to[name] ?? name)
          .sort(),
      );
      for (const { from, to: target } of outcome!.renamed)
        assert.ok(asked[0]!.detail.includes(`${path.relative(root, from)} -> ${path.basename(target)}`));
      assertSentence(asked[0]!.detail, 'No database is connected');
      const [folder] = await readStatus(context, null);
      assert.deepEqual(
        folder!.clashes.filter(({ kind }) => kind === 'same-version'),
        [],
      );
    });
  }

  it('Atlas: atlas.sum lists the new names, and is refused where it lists other texts', async () => {
    const list = ['20250101000000_a.sql', '20250101000000_own.sql'].map((name) => ({ name, text: one }));
    const files = {
      ...empty('m/20250101000000_a.sql', 'm/20250101000000_own.sql', 'm/down/20250101000000_own.sql'),
      'm/atlas.sum': atlasSum(list),
    };
    const { context, names } = journeyIn(files);
    await renumberMigrations(context, null, [at('m/20250101000000_own.sql')]);
    assert.deepEqual(names(), [
      'm/20250101000000_a.sql',
      'm/20260304050607_own.sql',
      'm/atlas.sum',
      'm/down/20260304050607_own.sql',
    ]);
    const renamed = [list[0]!, { name: '20260304050607_own.sql', text: one }];
    assert.equal(await context.files.read(at('m/atlas.sum')), atlasSum(renamed));
    const edited = journeyIn({ ...files, 'm/20250101000000_a.sql': 'select 1;\n' });
    await assertSays(
      renumberMigrations(edited.context, null, [at('m/20250101000000_own.sql')]),
      'invalid-input',
      'atlas.sum',
      'atlas migrate hash',
    );
    assert.ok(edited.names().includes('m/20250101000000_own.sql'));
  });

  it("refuses the files that other files chain to, with the tool's own way", async () => {
    const drizzle = journeyIn({
      'd/0000_a.sql': one,
      'd/meta/_journal.json': JSON.stringify({
        dialect: 'postgresql',
        entries: [{ idx: 0, when: 1, tag: '0000_a', breakpoints: true }],
      }),
    });
    await assertSays(
      renumberMigrations(drizzle.context, null, [at('d/0000_a.sql')]),
      'invalid-input',
      '0000_a.sql',
      'drizzle-kit drop',
    );
    const graphile = journeyIn({
      'g/committed/000001-a.sql': '--! Previous: -\n--! Hash: sha1:0\n\nselect 1;\n',
    });
    await assertSays(
      renumberMigrations(graphile.context, null, [at('g/committed/000001-a.sql')]),
      'invalid-input',
      'graphile-migrate uncommit',
    );
    assert.deepEqual([drizzle.asked, graphile.asked], [[], []]);
  });

  it('changes nothing on a no, and takes back what it had renamed when a rename fails', async () => {
    const files = cases[0]!.files;
    const before = Object.keys(files).sort();
    const { context, names } = journeyIn(files);
    const no = { ...context, prompt: { ...context.prompt, confirm: async () => false } };
    assert.equal(await renumberMigrations(no, null, [at('m/000002_own.up.sql')]), null);
    assert.deepEqual(names(), before);
    let renames = 0;
    const failing = {
      ...context,
      files: {
        ...context.files,
        rename: async (from: string, to: string) => {
          renames += 1;
          if (renames === 2) throw new SwitchbackError('invalid-file', 'The disk is full.');
          await context.files.rename(from, to);
        },
      },
    };
    await assertSays(
      renumberMigrations(failing, null, [at('m/000002_own.up.sql')]),
      'invalid-file',
      'The disk is full',
    );
    assert.equal(renames, 3);
    assert.deepEqual(names(), before);
  });

  it('says which migrations it passes, and takes the files of one folder', async () => {
    const files = empty(
      'm/1_a.up.sql',
      'm/1_a.down.sql',
      'm/2_b.up.sql',
      'm/2_b.down.sql',
      'n/1_c.up.sql',
      'n/1_c.down.sql',
    );
    const { context, asked, names } = journeyIn(files);
    await renumberMigrations(context, null, [at('m/1_a.down.sql')]);
    assertSentence(asked[0]!.detail, 'It will run after 2_b.up.sql');
    assert.ok(names().includes('m/3_a.down.sql'));
    await assertSays(
      renumberMigrations(context, null, [at('m/2_b.up.sql'), at('n/1_c.up.sql')]),
      'invalid-input',
      'm and n',
      'one folder at a time',
    );
    await assertSays(renumberMigrations(context, null, [at('m/9_z.up.sql')]), 'not-found', '9_z.up.sql');
    await assertSays(renumberMigrations(context, null, []), 'usage', 'Name the files');
  });
});

for (const major of testMajors) {
  describe(`versions that clash with a database (PostgreSQL ${major})`, function () {
    this.timeout(120_000);
    let journey: Journey;
    afterEach(() => journey?.close());
    const open = async (files: Record<string, string>, sql = ''): Promise<void> => {
      journey = await openJourney(major, sql, files);
    };
    const file = (name: string): string => path.join(journey.root, name);
    const apply = (name: string) => applyMigration(journey.context, journey.database, file(name));
    const renumber = (...names: string[]) =>
      renumberMigrations(journey.context, journey.database, names.map(file));
    const status = async () => (await readStatus(journey.context, journey.database.session))[0]!;

    it('tells of a migration that another branch applied, and numbers after it', async () => {
      await open(
        empty('m/000001_a.up.sql', 'm/000001_a.down.sql'),
        'create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (7, false)',
      );
      await journey.context.files.write(file('m/000008_own.up.sql'), 'create table own (id int);\n');
      const { clashes, statuses } = await status();
      assert.deepEqual(
        statuses.map(({ version, state }) => [version, state]),
        [
          ['1', 'applied'],
          ['7', 'missing'],
          ['8', 'pending'],
        ],
      );
      assert.deepEqual(
        clashes.map(({ kind }) => kind),
        ['elsewhere'],
      );
      assertSentence(
        clashes[0]!.sentence,
        'without a file on this branch: 7',
        journey.database.session.facts.database,
        'Another branch may have it',
      );
      // The folder alone would say 9; and one that is applied keeps its version.
      await journey.look.query('update schema_migrations set version = 12');
      await renumber('m/000008_own.up.sql').then(
        () => assert.fail('8 counts as applied'),
        () => undefined,
      );
      await journey.look.query('update schema_migrations set version = 7');
      await assertSays(renumber('m/000001_a.up.sql'), 'already-done', '000001_a.up.sql', 'a second time');
      await renumber('m/000008_own.up.sql');
      assert.ok((await readdir(file('m'))).includes('000009_own.up.sql'));
    });

    it('numbers after a version that only the database has', async () => {
      await open(empty('migrations/V1__a.sql', 'migrations/U1__a.sql', 'migrations/V2__own.sql'));
      await apply('migrations/V1__a.sql');
      await journey.look.query(
        "insert into flyway_schema_history select 2, '6', 'other', type, 'V6__other.sql', checksum, installed_by, installed_on, execution_time, success from flyway_schema_history",
      );
      const { clashes } = await status();
      assert.deepEqual(
        clashes.map(({ kind, renumber: files }) => [kind, files.map((name) => path.basename(name))]),
        [
          ['late', ['V2__own.sql']],
          ['elsewhere', []],
        ],
      );
      assertSentence(clashes[0]!.sentence, 'V2__own.sql: before 6', 'Flyway refuses', 'Renumber the file');
      await renumber('migrations/V2__own.sql');
      assert.ok((await readdir(file('migrations'))).includes('V7__own.sql'));
      assert.deepEqual(
        (await status()).clashes.map(({ kind }) => kind),
        ['elsewhere'],
      );
    });

    it('moves the one of two that has not run, where the history tells them apart', async () => {
      await open({ 'migrations/V1__a.sql': one, 'migrations/U1__a.sql': one });
      await apply('migrations/V1__a.sql');
      await journey.context.files.write(file('migrations/V1__own.sql'), 'create table own (id int);\n');
      const { clashes } = await status();
      assertSentence(clashes[0]!.sentence, 'V1__own.sql has the same version as V1__a.sql');
      await assertSays(renumber('migrations/V1__a.sql'), 'already-done', 'V1__a.sql');
      await renumber('migrations/V1__own.sql');
      assert.deepEqual((await readdir(file('migrations'))).sort(), ['U1__a.sql', 'V1__a.sql', 'V2__own.sql']);
      await apply('migrations/V2__own.sql');
      assert.deepEqual(
        (await status()).statuses.map(({ state }) => state),
        ['applied', 'applied'],
      );
    });

    it('asks with a warning where the history does not tell two of one version apart', async () => {
      await open(pairOf('m/000001_a'));
      await apply('m/000001_a.up.sql');
      await journey.context.files.write(file('m/000001_own.up.sql'), 'create table own (id int);\n');
      const asked: ConfirmQuestion[] = [];
      const confirm = async (question: ConfirmQuestion): Promise<boolean> => asked.push(question) > 0;
      journey.context.prompt = { ...journey.context.prompt, confirm };
      await renumber('m/000001_own.up.sql');
      assertSentence(
        asked[0]!.detail,
        'not which file it was',
        'agree only where 000001_own.up.sql has not run there',
      );
      await apply('m/000002_own.up.sql');
      assert.deepEqual((await status()).clashes, []);
    });

    it('passed over by a tool that goes on from the latest', async () => {
      await open(empty('migrations/001.do.a.sql', 'migrations/001.undo.a.sql', 'migrations/003.do.c.sql'));
      await journey.context.files.write(file('migrations/003.do.c.sql'), 'create table c (id int);\n');
      await apply('migrations/001.do.a.sql');
      await apply('migrations/003.do.c.sql');
      await journey.context.files.write(file('migrations/002.do.own.sql'), 'create table own (id int);\n');
      const { clashes } = await status();
      assertSentence(clashes[0]!.sentence, '002.do.own.sql: before 3', 'Postgrator passes over');
      await renumber('migrations/002.do.own.sql');
      await apply('migrations/004.do.own.sql');
      assert.deepEqual((await status()).clashes, []);
    });

    it('a released file of a plan: plan.md names the new one, and the plan goes on; git sees renames', async () => {
      await open(
        { 'migrations/000001_a.up.sql': 'select 1;\n', 'migrations/000001_a.down.sql': 'select 1;\n' },
        'create table customers (id bigint generated always as identity primary key, name text not null); create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (1, false)',
      );
      const { context, database, root: folder } = journey;
      const git = (...words: string[]): string =>
        execFileSync('git', ['-c', 'user.name=tests', '-c', 'user.email=tests@localhost', ...words], {
          cwd: folder,
          encoding: 'utf8',
        });
      const change = {
        kind: 'rename-column',
        table: { schema: 'public', name: 'customers' },
        from: 'name',
        to: 'full_name',
      } as const;
      const { planFolder } = await scaffoldPlan(
        context,
        await draftPlan(context, await assessChange(context, database, change)),
      );
      git('init', '--quiet');
      git('add', '.');
      git('commit', '--quiet', '-m', 'before');
      const [release] = (await loadPlan(context, planFolder)).releases;
      const own = path.basename(release!.up.path);
      await context.files.write(file('migrations/000002_other.up.sql'), 'create table other (id int);\n');
      await renumber(release!.up.path);
      const { releases } = await loadPlan(context, planFolder);
      const moved = releases[0]!;
      assert.notEqual(moved.up.path, release!.up.path);
      assert.equal(moved.up.path, release!.up.path.replace('000002', '000003').replace(/000002/, '000003'));
      assert.equal(moved.version, '000003');
      assert.equal(moved.up.sha256, release!.up.sha256);
      assert.match(await readFile(path.join(planFolder, 'released.tsv'), 'utf8'), /\t000003\t/);
      git('add', '.');
      assert.match(git('status', '--short'), new RegExp(`^R.* migrations/${own} -> migrations/000003`, 'm'));
    });
  });
}

it('switchback renumber: shows what it would do, then does it', async function () {
  this.timeout(60_000);
  const terminal = await openTerminal(18, {
    'm/000001_a.up.sql': one,
    'm/000001_a.down.sql': 'drop table a;\n',
    'm/000001_own.up.sql': 'create table own (id int);\n',
  });
  try {
    const status = await terminal.run('status');
    assert.equal(status.exitCode, 1);
    assert.match(status.out, /000001_own\.up\.sql has the same version as 000001_a\.up\.sql/);
    const asked = await terminal.run('renumber', 'm/000001_own.up.sql');
    assert.equal(asked.exitCode, 1);
    assert.match(asked.told.join('\n'), /m\/000001_own\.up\.sql -> 000002_own\.up\.sql.*--yes renumber/);
    const done = await terminal.succeed(
      'renumber',
      'm/000001_own.up.sql',
      '--yes',
      'renumber',
      '--format',
      'json',
    );
    assert.equal(done.json<{ renamed: unknown[] }>().renamed.length, 1);
    await terminal.succeed('status');
  } finally {
    await terminal.close();
  }
});
