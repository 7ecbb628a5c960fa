import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import { openTerminal, type Terminal } from './terminal';

/** A folder of three migrations; the third has no way back. */
const folder = {
  'db/000001_items.up.sql': 'create table items (id bigint primary key);\n',
  'db/000001_items.down.sql': 'drop table items;\n',
  'db/000002_prices.up.sql': 'alter table items add column price int;\n',
  'db/000002_prices.down.sql': 'alter table items drop column price;\n',
  'db/000003_labels.up.sql': 'alter table items add column label text;\n',
  'db/000003_labels.down.sql': 'alter table items drop column label;\n',
  'db/000004_bad.up.sql': 'alter table items add column label text;\n',
};
const file = (number: number, name: string, direction = 'up'): string =>
  `db/00000${number}_${name}.${direction}.sql`;

for (const major of testMajors) {
  describe(`several migrations at once (PostgreSQL ${major})`, function () {
    this.timeout(120_000);
    let terminal: Terminal;

    beforeEach(async () => {
      terminal = await openTerminal(major, folder);
    });
    afterEach(() => terminal?.close());

    const columns = async (): Promise<string> => {
      const { rows } = await terminal.session.query<{ names: string | null }>(
        `select string_agg(attname, ',' order by attnum) as names from pg_attribute
         where attrelid = to_regclass('items') and attnum > 0 and not attisdropped`,
      );
      return rows[0]!.names ?? '';
    };
    const recorded = async (): Promise<unknown> =>
      (await terminal.session.query("select version || ' ' || dirty as row from schema_migrations")).rows[0];

    it('applies what is pending up to one, and takes back what is behind another after a yes', async () => {
      const up = await terminal.succeed('apply', file(3, 'labels'), '--to-here', '--format', 'json');
      const applied = up.json<{ migrations: { version: string }[] }>().migrations;
      assert.deepEqual(
        applied.map(({ version }) => version),
        ['1', '2', '3'],
      );
      assert.equal(await columns(), 'id,price,label');
      const again = await terminal.run('apply', file(2, 'prices'), '--to-here');
      assert.equal(again.exitCode, 1);
      assert.match(again.told.join('\n'), /is applied to .* already/);

      const asked = await terminal.run('rollback', file(1, 'items'), '--to-here');
      assert.equal(asked.exitCode, 1);
      assert.match(asked.told.join('\n'), /Roll back 2 migrations\? .*3 labels, 2 prices.*--yes roll-back/);
      assert.equal(await columns(), 'id,price,label');
      const down = await terminal.succeed('rollback', file(1, 'items'), '--to-here', '--yes', 'roll-back');
      assert.match(down.out, /Rolled back 3 labels .*\nRolled back 2 prices /);
      assert.equal(await columns(), 'id');
      assert.deepEqual(await recorded(), { row: '1 false' });
    });

    it('keeps what was done when a later one fails, and says which', async () => {
      const answer = await terminal.run('apply', file(4, 'bad'), '--to-here');
      assert.equal(answer.exitCode, 1);
      assert.match(answer.told.join('\n'), /000004_bad\.up\.sql/);
      assert.equal(await columns(), 'id,price,label');
      assert.deepEqual(await recorded(), { row: '3 false' });
    });

    it('takes nothing back where one has no way back', async () => {
      await terminal.succeed('apply', file(3, 'labels'), '--to-here');
      await terminal.succeed('apply', file(4, 'bad'), '--mark', '--yes', 'mark-applied');
      const answer = await terminal.run('rollback', file(1, 'items'), '--to-here', '--yes', 'roll-back');
      assert.equal(answer.exitCode, 1);
      assert.match(answer.told.join('\n'), /Migration 4 has no way back.*nothing was taken back/);
      assert.equal(await columns(), 'id,price,label');
    });

    it('marks without running anything, in turn and after a yes', async () => {
      await terminal.succeed('apply', file(1, 'items'));
      await terminal.session.query('alter table items add column price int');
      const asked = await terminal.run('apply', file(2, 'prices'), '--mark');
      assert.match(asked.told.join('\n'), /Nothing of it runs on .*--yes mark-applied/);
      const early = await terminal.run('apply', file(3, 'labels'), '--mark', '--yes', 'mark-applied');
      assert.match(early.told.join('\n'), /2 comes first/);
      await terminal.succeed('apply', file(2, 'prices'), '--mark', '--yes', 'mark-applied');
      assert.deepEqual(await recorded(), { row: '2 false' });
      await terminal.succeed('rollback', file(2, 'prices'), '--mark', '--yes', 'mark-applied');
      assert.deepEqual(await recorded(), { row: '1 false' });
      assert.equal(await columns(), 'id,price');
    });

    it('marks one that began and did not finish, either way', async () => {
      await terminal.succeed('apply', file(2, 'prices'), '--to-here');
      await terminal.session.query('update schema_migrations set version = 3, dirty = true');
      await terminal.succeed('rollback', file(3, 'labels'), '--mark', '--yes', 'mark-applied');
      assert.deepEqual(await recorded(), { row: '2 false' });
      await terminal.session.query('update schema_migrations set version = 3, dirty = true');
      await terminal.succeed('apply', file(3, 'labels'), '--mark', '--yes', 'mark-applied');
      assert.deepEqual(await recorded(), { row: '3 false' });
    });
  });
}
