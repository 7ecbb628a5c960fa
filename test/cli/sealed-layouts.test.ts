import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Logger, migrate, status, type Settings } from 'graphile-migrate';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { FolderStatus } from '../../src/journey/migrations';
import { atlasSum } from '../../src/layouts/atlas-sum';
import { chainedHash, committedText } from '../../src/layouts/graphile-migrate-file';
import { parseSqitchPlan } from '../../src/layouts/sqitch-plan';
import { nodeFiles } from '../../src/ports/node-files';
import { applyPhase, openTerminal, type Terminal } from './terminal';

const items = 'create table items (id bigint primary key, label text);\n';
const prices = 'alter table items add column price int;\n';

interface Folder {
  title: string;
  layout: string;
  files: Record<string, string>;
  up: string;
  /** Rejects where the tool would not take the folder and the database as they are. */
  agrees(terminal: Terminal, pending: number): Promise<void>;
}

const disk = nodeFiles();

const atlasFolder: Folder = {
  title: 'Atlas',
  layout: 'atlas',
  files: {
    'migrations/20240101000001_items.sql': items,
    'migrations/20240101000002_prices.sql': prices,
    'migrations/down/20240101000001_items.sql': 'drop table items;\n',
    'migrations/down/20240101000002_prices.sql': 'alter table items drop column price;\n',
    'migrations/atlas.sum': atlasSum([
      { name: '20240101000001_items.sql', text: items },
      { name: '20240101000002_prices.sql', text: prices },
    ]),
  },
  up: 'migrations/20240101000002_prices.sql',
  async agrees(terminal, pending) {
    const folder = path.join(terminal.folder, 'migrations');
    const names = (await disk.list(folder)).map(({ name }) => name).filter((name) => name.endsWith('.sql'));
    const texts = await Promise.all(
      names.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') })),
    );
    assert.equal(await readFile(path.join(folder, 'atlas.sum'), 'utf8'), atlasSum(texts));
    const { rows } = await terminal.session.query(
      'select version from atlas_schema_revisions.atlas_schema_revisions where applied = total and total > 0',
    );
    assert.equal(rows.length, names.length - pending);
  },
};

const graphileFolder: Folder = {
  title: 'graphile-migrate',
  layout: 'graphile-migrate',
  files: {
    '.gmrc': '{}',
    'migrations/current.sql': '-- Enter migration here\n',
    'migrations/committed/000001-items.sql': committedText(items, null, 'items'),
    'migrations/committed/000002-prices.sql': committedText(prices, chainedHash(items, null), 'prices'),
    'migrations/down/000001-items.sql': 'drop table items;\n',
    'migrations/down/000002-prices.sql': 'alter table items drop column price;\n',
  },
  up: 'migrations/committed/000002-prices.sql',
  async agrees({ folder, database: { connection, password } }, pending) {
    const server = `postgres://${connection.user}:${encodeURIComponent(password)}@${connection.host}:${connection.port}`;
    const settings: Settings = {
      connectionString: `${server}/${connection.database}`,
      shadowConnectionString: `${server}/not_used`,
      rootConnectionString: `${server}/postgres`,
      migrationsFolder: path.join(folder, 'migrations'),
      logger: new Logger(() => () => undefined),
    };
    try {
      const { remainingMigrations, hasCurrentMigration } = await status(settings);
      assert.equal(remainingMigrations!.length, pending);
      assert.equal(hasCurrentMigration, false);
      if (pending === 0) await migrate(settings);
    } finally {
      // The tool keeps its connections for a moment after its work, and ends the process where one is cut.
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  },
};

const sqitchFolder: Folder = {
  title: 'Sqitch',
  layout: 'sqitch',
  files: {
    'sqitch.conf': '[core]\n\tengine = pg\n[user]\n\tname = A tester\n\temail = tester@example.org\n',
    'sqitch.plan':
      '%project=shop\n\nitems 2024-01-01T00:00:01Z A <a@b> # Items\nprices [items] 2024-01-01T00:00:02Z A <a@b>\n@v1 2024-01-01T00:00:03Z A <a@b>\n',
    'deploy/items.sql': `BEGIN;\n${items}COMMIT;\n`,
    'deploy/prices.sql': `BEGIN;\n${prices}COMMIT;\n`,
    'revert/items.sql': 'BEGIN;\ndrop table items;\nCOMMIT;\n',
    'revert/prices.sql': 'BEGIN;\nalter table items drop column price;\nCOMMIT;\n',
  },
  up: 'deploy/prices.sql',
  // Where the tool itself can be had, test/tools/sqitch.test.ts asks it.
  async agrees({ folder, session }, pending) {
    const plan = parseSqitchPlan(await readFile(path.join(folder, 'sqitch.plan'), 'utf8'), 'sqitch.plan');
    const { rows } = await session.query<{ change_id: string }>(
      'select change_id from sqitch.changes order by committed_at',
    );
    assert.deepEqual(
      rows.map((row) => row.change_id),
      plan.changes.slice(0, plan.changes.length - pending).map(({ id }) => id),
    );
    for (const { change } of plan.changes) await readFile(path.join(folder, 'deploy', `${change}.sql`));
  },
};

for (const given of [atlasFolder, graphileFolder, sqitchFolder]) {
  const { title, layout, files, up } = given;
  describe(`a folder of ${title} in the terminal, whose new files hang on those before`, function () {
    this.timeout(120_000);
    let terminal: Terminal;

    before(async () => {
      terminal = await openTerminal(18, files);
    });
    after(() => terminal?.close());

    const folderStatus = async (): Promise<FolderStatus> => {
      const answer = await terminal.run('status', '--format', 'json');
      const { folders } = answer.json<{ folders: FolderStatus[] }>();
      assert.equal(folders.length, 1, JSON.stringify(folders.map((each) => [each.label, each.layout])));
      return folders[0]!;
    };
    const states = async (): Promise<string> =>
      (await folderStatus()).statuses.map(({ state, flags }) => [state, ...flags].join(' ')).join();

    it('goes up and back, and up again', async () => {
      assert.equal((await folderStatus()).layout, layout);
      assert.equal(await states(), 'pending,pending');
      await terminal.succeed('apply', up, '--to-here');
      assert.equal(await states(), 'applied,applied');
      await given.agrees(terminal, 0);
      await terminal.succeed('rollback', up);
      assert.equal(await states(), 'applied,pending');
      await given.agrees(terminal, 1);
      await terminal.succeed('apply', up);
      await given.agrees(terminal, 0);
    });

    it('is rehearsed with both directions', async () => {
      const answer = await terminal.run('rehearse', '--shadow', terminal.shadow, '--format', 'json');
      const { migrations } = answer.json<{ migrations: { verdict: string }[] }>();
      assert.deepEqual(
        migrations.map(({ verdict }) => verdict),
        ['exact', 'exact'],
      );
    });

    it('takes the files of a plan, one behind the other, and the tool goes on', async () => {
      const before = await readCatalog(terminal.session);
      const words = ['rename-column', '--table', 'items', '--from', 'label', '--to', 'title'];
      const { plan } = (await terminal.succeed('scaffold', ...words, '--format', 'json')).json<{
        plan: string;
      }>();
      await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
      assert.match(await states(), /^applied,applied(,applied)+$/);
      await given.agrees(terminal, 0);
      const released = (await folderStatus()).statuses.length - 2;
      await terminal.succeed('rollback', plan);
      assert.deepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
      assert.equal(await states(), ['applied,applied', ...Array<string>(released).fill('pending')].join());
      await given.agrees(terminal, released);
      // The files of another plan go behind those that are not applied.
      await terminal.succeed('scaffold', ...words, '--format', 'json');
      await given.agrees(terminal, 2 * released);
    });
  });
}
