import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { repository } from '../kit/folders';

const author =
  "SELECT count(*) AS value FROM pg_attribute WHERE attrelid = to_regclass('notes') AND attname = 'author'";
const migration = '20261002120000_note_authors.js';

/** A Knex project beside the SQL: read and judged through its strings, run by Knex itself as a task. */
describe('a migration in code', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;

  const sql = async (query: string): Promise<string> => {
    const [row] = await drive.database.query<{ value: unknown }>(query);
    return String(row?.value);
  };
  const write = (name: string, text: string): Promise<void> =>
    writeFile(path.join(drive.workspace, 'service', name), text);

  before(async () => {
    drive = await startDrive({ configuration: { migrations: ['migrations', 'service/migrations'] } });
    drive.workbench.page.setDefaultTimeout(40_000);
    await drive.workbench.setTheme('light');
    await mkdir(path.join(drive.workspace, 'service', 'migrations'), { recursive: true });
    await symlink(
      path.join(repository, 'node_modules'),
      path.join(drive.workspace, 'service', 'node_modules'),
    );
    await write('.npmrc', 'loglevel=error\n');
    await write('package.json', '{ "dependencies": { "knex": "3.3.0", "pg": "8.23.1" } }\n');
    await write(
      'knexfile.js',
      "module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: './migrations' } };\n",
    );
    await write(
      'migrations/20261001120000_create_notes.js',
      `exports.up = (knex) => knex.raw('CREATE TABLE notes (id bigint PRIMARY KEY, body text)');
exports.down = (knex) => knex.raw('DROP TABLE notes');
`,
    );
    await write(
      `migrations/${migration}`,
      `exports.up = async (knex) => {
  await knex.schema.alterTable('notes', (table) => {
    table.text('author');
  });
  await knex.raw('CREATE INDEX notes_by_author ON notes (author)');
};

exports.down = async (knex) => {
  await knex.raw('DROP INDEX notes_by_author');
  await knex.schema.alterTable('notes', (table) => {
    table.dropColumn('author');
  });
};
`,
    );
    await connectToShop(drive.workbench);
  });

  endDrive(() => drive);

  const folder = () => drive.workbench.treeItem(/^service\/migrations, Knex/);
  const item = (state: string) =>
    drive.workbench.treeItem(new RegExp(`^Migration 20261002120000_note_authors, ${state}`));

  it('is listed with its state, and its SQL is judged where it stands', async () => {
    const { workbench } = drive;
    // The list shows what fits; the other folder's migrations are put away.
    await workbench.treeItem('migrations, golang-migrate').click();
    await folder().waitFor();
    if ((await folder().getAttribute('aria-expanded')) !== 'true') await folder().click();
    await item('pending').waitFor();
    await workbench.openFile(migration);
    await workbench.lens('SHARE on notes').first().waitFor();
    await workbench.screenshot('code-migration');
  });

  it('is shown as the SQL that Knex sends', async () => {
    const { workbench } = drive;
    await workbench.runCommand('Switchback: Show SQL of Migration');
    await workbench.pick('Up');
    await workbench.page.getByRole('tab', { name: /^SQL of 20261002120000_note_authors/ }).waitFor();
    await workbench.page
      .locator('.view-line')
      .filter({ hasText: 'alter table "notes" add column' })
      .first()
      .waitFor();
    await workbench.screenshot('code-migration-sql');
    await workbench.runCommand('View: Close All Editors');
  });

  it('is applied by Knex, whose output stays to be read', async () => {
    const { workbench } = drive;
    assert.equal(await sql(author), '0');
    await workbench.chooseFromMenu(item('pending'), 'Apply up to Here');
    await item('applied').waitFor();
    assert.equal(await sql(author), '1');
    assert.equal(await sql('SELECT max(name) AS value FROM knex_migrations'), migration);
    await workbench.screenshot('code-migration-applied');
  });

  it('is rolled back by Knex', async () => {
    const { workbench } = drive;
    await workbench.chooseFromMenu(item('applied'), 'Roll Back…');
    await workbench.pick('Roll Back');
    await item('pending').waitFor();
    assert.equal(await sql(author), '0');
    assert.equal(await sql('SELECT count(*) AS value FROM knex_migrations'), '1');
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
