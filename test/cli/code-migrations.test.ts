import assert from 'node:assert/strict';
import { readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { FolderStatus } from '../../src/journey/migrations';
import { testSession } from '../support/servers';
import type { CliAnswer } from './support';
import { applyPhase, openTerminal, type Terminal } from './terminal';

const items = `exports.up = (knex) => knex.schema.createTable('items', (table) => table.bigIncrements('id'));
exports.down = (knex) => knex.schema.dropTable('items');
`;
const label = `exports.up = async (knex) => {
  await knex.raw('alter table items add column label text');
};
exports.down = (knex) => knex.raw('alter table items drop column label');
`;

interface Linted {
  files: {
    statements: { kind: string; start: { line: number; column: number } }[];
    findings: { rule: string; message: string }[];
  }[];
}

function rulesOf(answer: CliAnswer): string[] {
  return answer.json<Linted>().files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
}

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not come to that in 20 s.');
}

describe('migrations in code from the terminal', function () {
  this.timeout(180_000);
  let terminal: Terminal;
  const states = async (): Promise<string[]> => {
    const answer = await terminal.run('status', '--format', 'json');
    return answer.json<{ folders: FolderStatus[] }>().folders[0]!.statuses.map(({ state }) => state);
  };

  before(async () => {
    terminal = await openTerminal(18, {
      'package.json': '{}\n',
      'knexfile.js':
        "module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: 'migrations' } };\n",
      'migrations/20240101000001_items.js': items,
      'migrations/20240101000002_label.js': label,
    });
    await symlink(path.resolve(__dirname, '../../node_modules'), path.join(terminal.folder, 'node_modules'));
  });
  after(async () => {
    await terminal?.close();
  });

  it('are judged where their SQL stands', async () => {
    const file = 'migrations/20240101000002_label.js';
    const answer = await terminal.run('lint', file, '--format', 'json');
    const [linted] = answer.json<{
      files: {
        statements: { start: { line: number; column: number }; direction: string }[];
        findings: { rule: string; fix: unknown }[];
      }[];
    }>().files;
    assert.deepEqual(
      linted!.statements.map(({ start, direction }) => [start.line, start.column, direction]),
      [
        [2, 19, 'up'],
        [4, 36, 'down'],
      ],
    );
    assert.ok(linted!.findings.length > 0);
    assert.ok(linted!.findings.every(({ fix }) => fix === null));
  });

  it('are not tried in a dry run, which would leave out what their calls do', async () => {
    const answer = await terminal.run('dry-run', 'migrations/20240101000002_label.js');
    assert.notEqual(answer.exitCode, 0);
    assert.match(answer.told.join('\n'), /is a program that Knex runs.*Rehearse it instead/);
  });

  it('are applied and rolled back by their tool, and the history is read again', async () => {
    assert.deepEqual(await states(), ['pending', 'pending']);
    const first = await terminal.succeed('apply', 'migrations/20240101000001_items.js');
    assert.match(first.told.join('\n'), /npx --no-install knex migrate:up 20240101000001_items\.js/);
    assert.deepEqual(await states(), ['applied', 'pending']);
    await terminal.succeed('apply', 'migrations/20240101000002_label.js', '--to-here');
    await terminal.succeed('rollback', 'migrations/20240101000002_label.js');
    assert.deepEqual(await states(), ['applied', 'pending']);
    await terminal.succeed('apply', 'migrations/20240101000002_label.js', '--mark', '--yes', 'mark-applied');
    assert.deepEqual(await states(), ['applied', 'applied']);
    await terminal.session.query('alter table items add column label text');
  });

  it('are rehearsed by their tool in a shadow database of this machine, builder calls and all', async () => {
    const answer = await terminal.run('rehearse', '--format', 'json', '--shadow', 'local');
    const { migrations } = answer.json<{ migrations: { verdict: string; error: string | null }[] }>();
    assert.deepEqual(
      migrations.map(({ verdict, error }) => [verdict, error]),
      [
        ['exact', null],
        ['exact', null],
      ],
    );
    const embedded = await terminal.run('rehearse', '--shadow', 'embedded');
    assert.equal(embedded.exitCode, 2);
    assert.match(embedded.told.join('\n'), /Knex alone can run, and only in a local PostgreSQL as shadow/);
  });

  it('are judged by what the tool sends where that is asked for, builder calls and all', async () => {
    const file = 'migrations/20240101000003_sent.js';
    const program = `exports.up = async (knex) => {
  await knex.raw('comment on table items is null');
  await knex.schema.alterTable('items', (table) => table.index('label', 'items_label'));
  await knex.raw('drop index items_label');
};
exports.down = () => Promise.resolve();
`;
    await writeFile(path.join(terminal.folder, file), program);
    try {
      const plain = await terminal.run('lint', file, '--format', 'json');
      assert.ok(!rulesOf(plain).includes('index-not-concurrent'));
      const answer = await terminal.run('lint', file, '--emitted', '--format', 'json');
      assert.equal(answer.exitCode, 1);
      assert.ok(rulesOf(answer).includes('index-not-concurrent'));
      const [linted] = answer.json<Linted>().files;
      const found = linted!.findings.find(({ rule }) => rule === 'index-not-concurrent')!;
      assert.match(found.message, / Knex sends: create index "items_label" on "items" \("label"\)$/);
      // What does not stand in the program is placed at its first statement; what does, where it stands.
      assert.deepEqual(
        linted!.statements.map(({ kind, start }) => [kind, start.line, start.column]),
        [
          ['TransactionStmt', 2, 19],
          ['CommentStmt', 2, 19],
          ['IndexStmt', 2, 19],
          ['DropStmt', 4, 19],
          ['TransactionStmt', 2, 19],
        ],
      );
      const both = await terminal.run('lint', file, '--emitted', '--shadow', 'local');
      assert.match(both.told.join('\n'), /do not go together/);
    } finally {
      await rm(path.join(terminal.folder, file));
    }
  });

  it('say what the tool said where it fails, and where it worked on another database', async () => {
    const file = path.join(terminal.folder, 'migrations/20240101000003_wrong.js');
    await writeFile(
      file,
      "exports.up = (knex) => knex.raw('alter table missing add column x int');\nexports.down = () => {};\n",
    );
    const failed = await terminal.run('apply', 'migrations/20240101000003_wrong.js');
    assert.equal(failed.exitCode, 1);
    assert.match(failed.told.join('\n'), /Knex failed .*relation "missing" does not exist/s);
    await writeFile(file, 'exports.up = () => Promise.resolve();\nexports.down = () => Promise.resolve();\n');
  });

  it('give way to who holds the lock, and are tried again', async () => {
    const file = 'migrations/20240101000002_label.js';
    await terminal.succeed('rollback', file);
    const other = await testSession(terminal.database);
    try {
      await other.script('begin; select * from items');
      const applying = terminal.run('apply', file);
      await waitFor(async () => {
        const { rows } = await terminal.session.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'alter table items%'`,
        );
        return rows.length > 0;
      });
      await waitFor(async () => {
        const { rows } = await terminal.session.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'alter table items%'`,
        );
        return rows.length === 0;
      });
      await other.script('commit');
      const answer = await applying;
      assert.equal(answer.exitCode, 0, answer.told.join('\n'));
      assert.match(answer.told.join('\n'), /did not get its lock; attempt 2 in/);
    } finally {
      await other.close();
    }
  });

  it('are written for a plan, and the plan has the tool run them', async () => {
    const before = await readCatalog(terminal.session);
    await terminal.succeed('apply', 'migrations/20240101000003_wrong.js');
    const words = ['rename-column', '--table', 'items', '--from', 'label', '--to', 'title'];
    const scaffolded = await terminal.succeed('scaffold', ...words, '--format', 'json');
    const { plan } = scaffolded.json<{ plan: string }>();
    const rehearsal = await terminal.run('rehearse', plan, '--format', 'json', '--shadow', 'local');
    const steps = rehearsal.json<{ migrations: { verdict: string }[] }>().migrations;
    assert.deepEqual([...new Set(steps.map(({ verdict }) => verdict))], ['exact', 'irreversible']);
    await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
    const names = await readdir(path.join(terminal.folder, 'migrations'));
    assert.ok(names.length > 3);
    assert.match(
      await readFile(path.join(terminal.folder, 'migrations', names.at(-1)!), 'utf8'),
      /knex\.raw\(/,
    );
    assert.ok((await states()).every((state) => state === 'applied'));
    await terminal.succeed('rollback', plan);
    assert.deepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
  });
});
