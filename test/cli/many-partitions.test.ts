import assert from 'node:assert/strict';
import { applyPhase, finishMigrate, openTerminal, type Terminal } from './terminal';

const partitions = 1000;

describe(`a required column on a parent of ${partitions} partitions, from the terminal`, function () {
  this.timeout(300_000);
  let terminal: Terminal;

  before(async () => {
    terminal = await openTerminal(18, {
      'migrations/000001_events.up.sql': `create table events (id bigint not null, day int not null, primary key (day, id)) partition by list (day);
do $$ begin for d in 1..${partitions} loop execute format('create table events_%s partition of events for values in (%s)', d, d); end loop; end $$;
`,
      'migrations/000001_events.down.sql': 'drop table events;\n',
    });
    await terminal.succeed('apply', 'migrations/000001_events.up.sql');
    await terminal.session.query(
      `insert into events select i, 1 + i % ${partitions} from generate_series(1, 20000) i`,
    );
    await terminal.session.query('analyze events');
  });

  after(() => terminal?.close());

  it('goes from assessment to contract, each leaf backfilled', async () => {
    const words = ['add-required-column', '--table', 'events', '--column', 'tag', '--type', 'uuid'];
    const answer = await terminal.succeed(
      'scaffold',
      ...words,
      '--default',
      'gen_random_uuid()',
      '--format',
      'json',
    );
    const { plan } = answer.json<{ plan: string }>();
    await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
    await applyPhase(terminal, plan, 'migrate');
    await terminal.session.query('insert into events (id, day) values (1000000, 7)');
    await finishMigrate(terminal, plan, '--yes', 'no-return');
    const progress = await applyPhase(terminal, plan, 'contract');
    assert.equal(progress.state, 'done');
    const { rows } = await terminal.session.query<{ missing: string; distinct: string; required: boolean }>(
      `select count(*) filter (where tag is null) as missing, count(distinct tag) as distinct,
              (select attnotnull from pg_attribute where attrelid = 'events'::regclass and attname = 'tag') as required
         from events`,
    );
    assert.deepEqual(rows, [{ missing: '0', distinct: '20001', required: true }]);
  });
});
