import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lintText } from '../../src/journey/lint';
import { newLintMemory } from '../../src/journey/lint-memory';
import { openDatabase, type Database } from '../../src/journey/database';
import { plannableChange } from '../../src/journey/plannable-change';
import { testContext } from '../support/journey-context';
import { testServer, type TestDatabase } from '../support/servers';

const history = `create table orders (id integer primary key, customer_id integer, state text);
create table lines (id bigint primary key, order_id integer references orders);
create index orders_state on orders (state);`;

describe('the change a statement in a file makes at once', function () {
  this.timeout(60_000);
  let root: string;
  let server: TestDatabase;
  let database: Database;

  before(async () => {
    server = await (await testServer({ major: 18 })).createDatabase();
    database = await openDatabase(server.connection, async () => server.password);
    await database.session.script(history);
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-plannable-'));
    await mkdir(path.join(root, 'migrations'));
    await writeFile(path.join(root, 'migrations', '000001_orders.up.sql'), history);
  });

  after(async () => {
    await database?.close();
    await server?.drop();
    await rm(root, { recursive: true, force: true });
  });

  /** What each statement of a text would be planned as. */
  async function changesOf(
    file: string,
    text: string,
    options: Parameters<typeof plannableChange>[4] = {},
  ): Promise<unknown[]> {
    const target = path.join(root, file);
    await writeFile(target, text);
    const context = testContext(root);
    try {
      const { statements } = await lintText(context, target, text, options);
      const changes: unknown[] = [];
      for (const forecast of statements)
        changes.push(await plannableChange(context, target, text, forecast, options));
      return changes;
    } finally {
      await rm(target);
    }
  }

  const orders = { schema: 'public', name: 'orders' };
  const second = 'migrations/000002_change.up.sql';

  it('knows the keys and indexes that the migrations before it make', async () => {
    const text = `-- both are locked meanwhile
alter table orders alter column id type bigint;
drop index orders_state;
alter table orders drop constraint orders_pkey, add primary key (id, customer_id);`;
    const [widened, dropped, changed] = (await changesOf(second, text)) as { kind: string }[];
    assert.equal(widened?.kind, 'widen-key');
    assert.deepEqual(dropped, { kind: 'drop-index', table: orders, index: 'orders_state' });
    assert.equal(changed?.kind, 'change-primary-key');
  });

  it('knows what the statements before it did', async () => {
    const text = `create table fresh (id integer primary key);
alter table fresh alter column id type bigint;
alter table orders rename column state to status;
drop index orders_state;
drop index orders_state;`;
    const [, ofFresh, renamed, dropped, gone] = (await changesOf(second, text)) as ({
      kind: string;
    } | null)[];
    assert.equal(ofFresh, null);
    assert.equal(renamed?.kind, 'rename-column');
    assert.equal(dropped?.kind, 'drop-index');
    assert.equal(gone, null);
  });

  it('leaves what is remembered as it was, and asks the connected database', async () => {
    const memory = newLintMemory();
    const text = 'drop index orders_state;\nalter table orders alter column id type bigint;';
    for (const options of [{ memory }, { memory }, { database }, { database, memory: newLintMemory() }]) {
      const kinds = (await changesOf(second, text, options)).map((each) => (each as { kind: string }).kind);
      assert.deepEqual(kinds, ['drop-index', 'widen-key']);
    }
  });

  it('reads a file of no migration folder by the database, or by its text alone', async () => {
    const text = 'alter table orders alter column id type bigint;';
    const [known] = (await changesOf('change.sql', text, { database })) as { kind: string }[];
    const [alone] = (await changesOf('change.sql', text)) as { kind: string; table: unknown }[];
    assert.equal(known?.kind, 'widen-key');
    assert.deepEqual([alone?.kind, alone?.table], ['change-column-type', orders]);
  });

  it('is nothing for a way back', async () => {
    const down = 'migrations/000001_orders.down.sql';
    assert.deepEqual(await changesOf(down, 'drop table lines;\ndrop table orders;'), [null, null]);
    assert.equal(await readFile(path.join(root, 'migrations', '000001_orders.up.sql'), 'utf8'), history);
  });
});
