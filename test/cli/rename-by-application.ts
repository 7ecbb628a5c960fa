import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { PlanProgress, Step } from '../../src/plan/plan';
import type { TestMajor } from '../support/servers';
import { openTerminal, type Terminal } from './terminal';

const schema = `create table customers (id bigint generated always as identity primary key, name text not null default 'nobody' check (name <> ''));
create unique index customers_name_idx on customers (name);
create view customer_names as select id, name from customers;
`;
const rename = ['rename-column', '--table', 'customers', '--from', 'name', '--to', 'full_name'];

/** A rename in three releases of the application, all the way through the terminal. */
export function testRenameByApplication(major: TestMajor): void {
  describe(`a rename by the application from the terminal (PostgreSQL ${major})`, function () {
    this.timeout(240_000);
    let terminal: Terminal;
    let plan: string;
    let steps: Step[];

    const idOf = (words: string): string => steps.find((step) => step.id.endsWith(`-${words}`))!.id;
    const write = (sql: string): Promise<unknown> => terminal.session.query(sql);
    const names = async (column: string): Promise<string[]> => {
      const { rows } = await terminal.session.query<{ value: string }>(
        `select ${column} as value from customers where id <= 6 order by id`,
      );
      return rows.map((row) => row.value);
    };
    const migrate = (): Promise<unknown> => terminal.succeed('apply', plan, '--phase', 'migrate');
    const confirm = (words: string): Promise<unknown> =>
      terminal.succeed('apply', plan, '--confirm-deploy', idOf(words));

    beforeEach(async () => {
      terminal = await openTerminal(major, {
        'migrations/000001_customers.up.sql': schema,
        'migrations/000001_customers.down.sql': 'drop view customer_names;\ndrop table customers;\n',
      });
      await terminal.succeed('apply', 'migrations/000001_customers.up.sql');
      await write(`insert into customers (name) select 'customer ' || i from generate_series(1, 3000) i`);
      await write('analyze customers');
      const scaffolded = await terminal.succeed(
        'scaffold',
        ...rename,
        '--dual-write',
        'application',
        '--format',
        'json',
      );
      plan = scaffolded.json<{ plan: string }>().plan;
      steps = await terminal.steps(plan);
    });

    afterEach(() => terminal?.close());

    /** Every version writes a row of its own on the way; the last one writes the new name alone. */
    async function upToTheLastRelease(): Promise<void> {
      await terminal.succeed('apply', plan, '--phase', 'expand', '--yes', 'consent-schema');
      await terminal.succeed('apply', plan, '--release', 'migrate', '--phase', 'migrate');
      await write(`update customers set name = 'one, by old code' where id = 1`);
      await write(`update customers set name = 'two', full_name = 'two' where id = 2`);
      await confirm('write-both');
      await write(`update customers set name = 'three', full_name = 'three' where id = 3`);
      await migrate();
      await confirm('read-new');
      await migrate();
      await write(`update customers set name = 'four', full_name = 'four' where id = 4`);
      assert.deepEqual(await names('name'), await names('full_name'));
      await write(`update customers set full_name = 'five, new only' where id = 5`);
      await confirm('stop-writing-old');
      await write(`insert into customers (full_name) values ('inserted by new code')`);
      await write(`update customers set full_name = 'customer 5' where id = 6`);
      await migrate();
    }

    it('goes through to contract, each release confirmed by itself', async () => {
      await upToTheLastRelease();
      const verified = await terminal.succeed('verify', plan);
      assert.match(verified.out, /need not be equal|is behind/);
      await terminal.succeed('apply', plan, '--shorten-wait', idOf('wait'), '--yes', 'shorten-wait');
      await terminal.succeed('apply', plan, '--phase', 'migrate');
      const contracted = await terminal.succeed(
        'apply',
        plan,
        '--phase',
        'contract',
        '--yes',
        'no-return',
        '--format',
        'json',
      );
      assert.equal(contracted.json<{ progress: PlanProgress }>().progress.state, 'done');
      assert.deepEqual(await names('full_name'), [
        'one, by old code',
        'two',
        'three',
        'four',
        'five, new only',
        'customer 5',
      ]);
      await write('insert into customers default values');
      await assert.rejects(write('insert into customers default values'), /customers_full_name_idx/);
      await terminal.succeed('verify', plan);
    });

    it('comes back from the last release with what was written to the new name alone', async () => {
      const before = await readCatalog(terminal.session);
      await upToTheLastRelease();
      const stopped = await terminal.succeed('rollback', plan, '--format', 'json');
      assert.match(stopped.told.join('\n'), /writes both columns again/);
      assert.equal(stopped.json<{ progress: PlanProgress }>().progress.state, 'migrating');
      const copied = await terminal.succeed(
        'rollback',
        plan,
        '--confirm-deploy',
        idOf('stop-writing-old'),
        '--format',
        'json',
      );
      assert.equal(copied.json<{ progress: PlanProgress }>().progress.state, 'migrating');
      assert.deepEqual(await names('name'), await names('full_name'));
      await write(`update customers set name = 'again', full_name = 'again' where id = 3`);
      const back = await terminal.succeed(
        'rollback',
        plan,
        '--confirm-deploy',
        idOf('read-new'),
        '--confirm-deploy',
        idOf('write-both'),
        '--format',
        'json',
      );
      assert.equal(back.json<{ progress: PlanProgress }>().progress.state, 'rolled-back');
      assert.deepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
      assert.deepEqual(await names('name'), [
        'one, by old code',
        'two',
        'again',
        'four',
        'five, new only',
        'customer 5',
      ]);
      const { rows } = await terminal.session.query(
        `select 1 from customers where name = 'inserted by new code'`,
      );
      assert.equal(rows.length, 1);
    });

    it('fills again what an old version writes past the backfill, and says so where that does not end', async () => {
      await terminal.succeed('apply', plan, '--phase', 'expand', '--yes', 'consent-schema');
      await terminal.succeed('apply', plan, '--confirm-deploy', idOf('write-both'));
      // Writes as old code would, in the moment between the last batch and the comparison.
      await terminal.session.script(`
        create table strays (left_over int not null);
        insert into strays values (3);
        create function stray() returns trigger language plpgsql as $$ begin
          update strays set left_over = left_over - 1 where left_over > 0;
          if found then update customers set name = 'stray ' || (select left_over from strays) where id = 7; end if;
          return null; end $$;
        create trigger stray after update on switchback.backfills for each row
          when (new.state = 'done' and old.state <> 'done') execute function stray()`);
      const failed = await terminal.run('apply', plan);
      assert.equal(failed.exitCode, 1);
      assert.match(failed.told.join('\n'), /walks the table once more/);
      assert.match(failed.told.join('\n'), /does not hold: No row differs/);
      const healed = await terminal.succeed('apply', plan);
      assert.match(healed.told.join('\n'), /walks the table once more/);
      const { rows } = await terminal.session.query(
        'select full_name from customers where id = 7 and full_name = name',
      );
      assert.deepEqual(rows, [{ full_name: 'stray 0' }]);
    });

    it('is rehearsed exactly, and its documents name the releases with their code', async () => {
      const rehearsed = await terminal.run('rehearse', plan, '--shadow', 'embedded', '--format', 'json');
      const { migrations } = rehearsed.json<{ migrations: { version: string; verdict: string }[] }>();
      assert.deepEqual(
        migrations.filter(({ verdict }) => verdict !== 'exact' && verdict !== 'irreversible'),
        [],
      );
      const text = await readFile(path.join(terminal.folder, 'plans', plan, 'plan.md'), 'utf8');
      assert.match(text, /dualWrite: application/);
      assert.match(text, /INSERT INTO public\.customers \(name, full_name\) VALUES \(\$1, \$1\)/);
    });
  });
}
