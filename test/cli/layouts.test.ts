import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { FolderStatus } from '../../src/journey/migrations';
import type { LayoutId } from '../../src/layouts/layout';
import { layouts } from '../../src/layouts/layouts';
import { testMajors } from '../support/servers';
import { applyPhase, openTerminal, type Terminal } from './terminal';

const items = 'create table items (id bigint primary key, label text);\n';
const noItems = 'drop table items;\n';
const prices = 'alter table items add column price int;\n';
const noPrices = 'alter table items drop column price;\n';

/** What of a migration of db-migrate is a program: the tests of its layout run one. */
const reader = "exports.up = (db) => db.runSql('');\n";

interface Folder {
  files: Record<string, string>;
  /** The file of the second migration, and of its way back. */
  up: string;
  down: string;
  /** Asks the tool's own history for the second one; a row where it counts as applied. */
  history: string;
}

/** The same two migrations as each tool keeps them. */
const folders: Partial<Record<LayoutId, Folder>> = {
  'db-migrate': {
    files: {
      'database.json': '{ "dev": { "driver": "pg", "database": "items" } }\n',
      'migrations/20240101000001-items.js': reader,
      'migrations/sqls/20240101000001-items-up.sql': items,
      'migrations/sqls/20240101000001-items-down.sql': noItems,
      'migrations/20240101000002-prices.js': reader,
      'migrations/sqls/20240101000002-prices-up.sql': prices,
      'migrations/sqls/20240101000002-prices-down.sql': noPrices,
    },
    up: 'migrations/sqls/20240101000002-prices-up.sql',
    down: 'migrations/sqls/20240101000002-prices-down.sql',
    history: "select 1 from migrations where name = '/20240101000002-prices'",
  },
  dbmate: {
    files: {
      'db/migrations/20240101000001_items.sql': `-- migrate:up\n${items}\n-- migrate:down\n${noItems}`,
      'db/migrations/20240101000002_prices.sql': `-- migrate:up\n${prices}\n-- migrate:down\n${noPrices}`,
    },
    up: 'db/migrations/20240101000002_prices.sql',
    down: 'db/migrations/20240101000002_prices.sql',
    history: "select 1 from schema_migrations where version = '20240101000002'",
  },
  diesel: {
    files: {
      'diesel.toml': '[print_schema]\nfile = "src/schema.rs"\n',
      'migrations/2024-01-01-000001_items/up.sql': items,
      'migrations/2024-01-01-000001_items/down.sql': noItems,
      'migrations/2024-01-01-000002_prices/up.sql': prices,
      'migrations/2024-01-01-000002_prices/down.sql': noPrices,
    },
    up: 'migrations/2024-01-01-000002_prices/up.sql',
    down: 'migrations/2024-01-01-000002_prices/down.sql',
    history: "select 1 from __diesel_schema_migrations where version = '20240101000002'",
  },
  flyway: {
    files: {
      'flyway.conf': 'flyway.locations=filesystem:sql\n',
      'sql/V1__items.sql': items,
      'sql/U1__items.sql': noItems,
      'sql/V1.1__prices.sql': prices,
      'sql/U1.1__prices.sql': noPrices,
    },
    up: 'sql/V1.1__prices.sql',
    down: 'sql/U1.1__prices.sql',
    history:
      "select 1 from flyway_schema_history where version = '1.1' and success order by installed_rank desc limit 1",
  },
  'golang-migrate': {
    files: {
      'db/000001_items.up.sql': items,
      'db/000001_items.down.sql': noItems,
      'db/000002_prices.up.sql': prices,
      'db/000002_prices.down.sql': noPrices,
    },
    up: 'db/000002_prices.up.sql',
    down: 'db/000002_prices.down.sql',
    history: 'select 1 from schema_migrations where version = 2 and not dirty',
  },
  goose: {
    files: {
      'migrations/00001_items.sql': `-- +goose Up\n${items}\n-- +goose Down\n${noItems}`,
      'migrations/00002_prices.sql': `-- +goose Up\n${prices}\n-- +goose Down\n${noPrices}`,
    },
    up: 'migrations/00002_prices.sql',
    down: 'migrations/00002_prices.sql',
    history: 'select 1 from goose_db_version where version_id = 2 and is_applied',
  },
  liquibase: {
    files: {
      'changelog.yaml': `databaseChangeLog:
  - include:
      file: changes/001-items.sql
  - include:
      file: changes/002-prices.sql
`,
      'changes/001-items.sql': `--liquibase formatted sql\n\n--changeset tester:1\n${items}--rollback ${noItems}`,
      'changes/002-prices.sql': `--liquibase formatted sql\n\n--changeset tester:2\n${prices}--rollback ${noPrices}`,
    },
    up: 'changes/002-prices.sql',
    down: 'changes/002-prices.sql',
    history:
      "select 1 from databasechangelog where (id, author, filename) = ('2', 'tester', 'changes/002-prices.sql')",
  },
  'node-pg-migrate': {
    files: {
      'package.json': '{ "devDependencies": { "node-pg-migrate": "^9.0.0" } }\n',
      'migrations/1700000000001_items.sql': `-- Up Migration\n${items}\n-- Down Migration\n${noItems}`,
      'migrations/1700000000002_prices.sql': `-- Up Migration\n${prices}\n-- Down Migration\n${noPrices}`,
    },
    up: 'migrations/1700000000002_prices.sql',
    down: 'migrations/1700000000002_prices.sql',
    history: "select 1 from pgmigrations where name = '1700000000002_prices'",
  },
  postgrator: {
    files: {
      'package.json': '{ "dependencies": { "postgrator": "^8.0.0" } }\n',
      'migrations/001.do.items.sql': items,
      'migrations/001.undo.items.sql': noItems,
      'migrations/002.do.prices.sql': prices,
      'migrations/002.undo.prices.sql': noPrices,
    },
    up: 'migrations/002.do.prices.sql',
    down: 'migrations/002.undo.prices.sql',
    history: 'select 1 from schemaversion where version = 2',
  },
  prisma: {
    files: {
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20240101000001_items/migration.sql': items,
      'prisma/migrations/20240101000001_items/down.sql': noItems,
      'prisma/migrations/20240101000002_prices/migration.sql': prices,
      'prisma/migrations/20240101000002_prices/down.sql': noPrices,
    },
    up: 'prisma/migrations/20240101000002_prices/migration.sql',
    down: 'prisma/migrations/20240101000002_prices/down.sql',
    history:
      "select 1 from _prisma_migrations where migration_name = '20240101000002_prices' and finished_at is not null and rolled_back_at is null",
  },
  sqlx: {
    files: {
      'Cargo.toml': '[dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\n',
      'migrations/20240101000001_items.up.sql': items,
      'migrations/20240101000001_items.down.sql': noItems,
      'migrations/20240101000002_prices.up.sql': prices,
      'migrations/20240101000002_prices.down.sql': noPrices,
    },
    up: 'migrations/20240101000002_prices.up.sql',
    down: 'migrations/20240101000002_prices.down.sql',
    history: 'select 1 from _sqlx_migrations where version = 20240101000002 and success',
  },
  supabase: {
    files: {
      'supabase/config.toml': 'project_id = "items"\n',
      'supabase/migrations/20240101000001_items.sql': items,
      'supabase/migrations/down/20240101000001_items.sql': noItems,
      'supabase/migrations/20240101000002_prices.sql': prices,
      'supabase/migrations/down/20240101000002_prices.sql': noPrices,
    },
    up: 'supabase/migrations/20240101000002_prices.sql',
    down: 'supabase/migrations/down/20240101000002_prices.sql',
    history:
      "select 1 from supabase_migrations.schema_migrations where version = '20240101000002' and cardinality(statements) = 1",
  },
};

for (const major of testMajors) {
  for (const layout of layouts) {
    const given = folders[layout.id];
    if (!given) continue;
    describe(`a folder of ${layout.title} in the terminal (PostgreSQL ${major})`, function () {
      this.timeout(120_000);
      let terminal: Terminal;

      before(async () => {
        // On the oldest server as editors on Windows write them.
        terminal = await openTerminal(
          major,
          major === testMajors[0] ? asOnWindows(given.files) : given.files,
        );
      });
      after(() => terminal?.close());

      const status = async (): Promise<FolderStatus> => {
        const answer = await terminal.run('status', '--format', 'json');
        const { folders: found } = answer.json<{ folders: FolderStatus[] }>();
        assert.equal(found.length, 1, JSON.stringify(found.map((each) => [each.label, each.layout])));
        return found[0]!;
      };
      const states = async (): Promise<string> => (await status()).statuses.map((each) => each.state).join();
      const columns = async (): Promise<string> =>
        (
          await terminal.session.query<{ names: string | null }>(
            `select string_agg(attname, ',' order by attnum) as names from pg_attribute
             where attrelid = to_regclass('public.items') and attnum > 0 and not attisdropped`,
          )
        ).rows[0]!.names ?? '';
      const recorded = async (): Promise<number> => (await terminal.session.query(given.history)).rows.length;

      it('is known for what it is, with nothing applied', async () => {
        const folder = await status();
        assert.equal(folder.layout, layout.id, folder.evidence.join('; '));
        assert.deepEqual(folder.problems, []);
        assert.deepEqual(
          folder.statuses.map((each) => [each.state, each.flags.join()]),
          [
            ['pending', ''],
            ['pending', ''],
          ],
        );
      });

      it('is judged at the places of its files', async () => {
        const answer = await terminal.run('lint', given.up, '--format', 'json');
        const { files } = answer.json<{
          files: { path: string; statements: { start: Place; end: Place; direction: string }[] }[];
        }>();
        assert.equal(files.length, 1);
        const text = (await readFile(path.join(terminal.folder, given.up), 'utf8')).replace(/^\uFEFF/, '');
        const found = files[0]!.statements.map(
          ({ start, end, direction }) => `${direction}: ${between(text, start, end)}`,
        );
        const both = given.up === given.down ? [`down: ${bare(noPrices)}`] : [];
        assert.deepEqual(found, [`up: ${bare(prices)}`, ...both]);
      });

      it('goes up and back, and up again, in its own history', async () => {
        await terminal.succeed('apply', given.up, '--to-here');
        assert.equal(await columns(), 'id,label,price');
        assert.equal(await states(), 'applied,applied');
        assert.deepEqual(
          (await status()).statuses.map((each) => each.flags.join()),
          ['', ''],
        );
        assert.equal(await recorded(), 1);
        await terminal.succeed('rollback', given.up);
        assert.equal(await columns(), 'id,label');
        assert.equal(await states(), 'applied,pending');
        await terminal.succeed('apply', given.up);
        assert.equal(await states(), 'applied,applied');
        assert.equal(await columns(), 'id,label,price');
        assert.equal(await recorded(), 1);
      });

      it('names the file, and the line in it, that the server refuses', async () => {
        const file = path.join(terminal.folder, given.down);
        const text = await readFile(file, 'utf8');
        const line = text.split(/\r?\n/).findIndex((each) => each.includes('drop column price')) + 1;
        await writeFile(file, text.replace('drop column price', 'drop column price price'));
        const answer = await terminal.run('rollback', given.up);
        await writeFile(file, text);
        assert.equal(answer.exitCode, 1);
        const told = answer.told.join('\n');
        assert.ok(told.includes(given.down), told);
        assert.match(told, new RegExp(`, line ${line}: syntax error`));
        assert.equal(await states(), 'applied,applied');
      });

      // What a server does with these files is in the cases above: once is enough.
      if (major === testMajors.at(-1)) {
        it('is rehearsed with both directions', async () => {
          const answer = await terminal.run('rehearse', '--shadow', terminal.shadow, '--format', 'json');
          const { migrations } = answer.json<{ migrations: { verdict: string }[] }>();
          assert.deepEqual(
            migrations.map((each) => each.verdict),
            ['exact', 'exact'],
          );
        });
      }

      it('takes the files of a plan, whose first phase goes forth and back', async () => {
        const before = await readCatalog(terminal.session);
        const words = ['rename-column', '--table', 'items', '--from', 'label', '--to', 'title'];
        const answer = await terminal.succeed('scaffold', ...words, '--format', 'json');
        const { plan } = answer.json<{ plan: string }>();
        await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
        assert.equal(await columns(), 'id,label,price,title');
        assert.doesNotMatch(await states(), /pending|failed|missing/);
        await terminal.succeed('rollback', plan);
        assert.deepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
        assert.match(await states(), /^applied,applied(,pending)+$/);
      });
    });
  }
}

/** With a byte order mark and line ends of two characters. */
function asOnWindows(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => {
      const isSql = name.endsWith('.sql');
      return [name, isSql ? `\uFEFF${text.replaceAll('\n', '\r\n')}` : text];
    }),
  );
}

interface Place {
  line: number;
  column: number;
}

function bare(sql: string): string {
  return sql.replace(/;\s*$/, '');
}

function between(text: string, start: Place, end: Place): string {
  const lines = text.split('\n');
  const offset = ({ line, column }: Place): number =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  return text.slice(offset(start), offset(end));
}
