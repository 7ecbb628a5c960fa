import assert from 'node:assert/strict';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { PlanProgress } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { applyPhase, openTerminal, type Terminal } from './terminal';

const schema = `create table customers (id bigint generated always as identity primary key, name text not null check (name <> ''));
create index customers_name_idx on customers (name);
comment on column customers.name is 'as on the invoice';
create view customer_names as select id, name from customers;
`;

for (const major of testMajors) {
  describe(`rolling a rename back from the terminal (PostgreSQL ${major})`, function () {
    this.timeout(180_000);
    let terminal: Terminal;

    before(async () => {
      terminal = await openTerminal(major, {
        'migrations/000001_customers.up.sql': schema,
        'migrations/000001_customers.down.sql': 'drop view customer_names;\ndrop table customers;\n',
      });
      await terminal.succeed('apply', 'migrations/000001_customers.up.sql');
      await terminal.session.query(
        `insert into customers (name) select 'customer ' || i from generate_series(1, 3000) i`,
      );
    });

    after(() => terminal?.close());

    it('restores schema and data from the middle of the migrate phase, with what was written meanwhile', async () => {
      const before = await readCatalog(terminal.session);
      const scaffolded = await terminal.succeed(
        'scaffold',
        ...[
          'rename-column',
          '--table',
          'customers',
          '--from',
          'name',
          '--to',
          'full_name',
          '--format',
          'json',
        ],
      );
      const { plan } = scaffolded.json<{ plan: string }>();
      await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
      const migrate = (
        await terminal.succeed('apply', plan, '--release', 'migrate', '--format', 'json')
      ).json<{
        progress: PlanProgress;
        next: string;
      }>();
      assert.equal(migrate.progress.state, 'migrating');
      await terminal.session.query(`update customers set full_name = 'written by new code' where id = 1`);
      await terminal.session.query(`update customers set name = 'written by old code' where id = 2`);
      // On to the step after the next file of the phase.
      for (let step = 0; step < 3; step += 1) await terminal.succeed('apply', plan);
      const answer = await terminal.succeed('rollback', plan, '--format', 'json');
      assert.equal(answer.json<{ progress: PlanProgress }>().progress.state, 'rolled-back');
      assert.deepEqual(compareCatalogs(before, await readCatalog(terminal.session)), []);
      const { rows } = await terminal.session.query<{ id: string; name: string }>(
        'select id::text, name from customers where id <= 3 order by id',
      );
      assert.deepEqual(rows, [
        { id: '1', name: 'written by new code' },
        { id: '2', name: 'written by old code' },
        { id: '3', name: 'customer 3' },
      ]);
      const status = await terminal.succeed('status');
      assert.match(status.out, /pending/);
    });
  });
}
