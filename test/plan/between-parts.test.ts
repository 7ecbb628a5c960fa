import assert from 'node:assert/strict';
import type { SingleChange } from '../../src/assess/change';
import { together } from '../../src/assess/several-changes';
import { betweenParts } from '../../src/plan/between-parts';
import { assessedParts } from '../../src/assess/assess-together';
import { withSchema } from '../assess/with-schema';
import { assessmentOf } from './assessment';

const orders = { schema: 'app', name: 'orders' };
const customers = { schema: 'app', name: 'customers' };
const dropColumn = (column: string, table = orders): SingleChange => ({
  kind: 'drop-column',
  table,
  column,
  backup: false,
  value: null,
});
const rename = (from: string, table = orders): SingleChange => ({
  kind: 'rename-column',
  table,
  from,
  to: `${from}_new`,
});

describe('changes that cannot be in one plan', () => {
  const session = withSchema(`CREATE SCHEMA app;
    CREATE TABLE app.customers (id int PRIMARY KEY, name text);
    CREATE TABLE app.orders (id int PRIMARY KEY, customer int CONSTRAINT to_customer REFERENCES app.customers (id), a int, b int, c int, d int, CONSTRAINT a_below_b CHECK (a < b));
    CREATE INDEX of_both ON app.orders (c, b);
    CREATE VIEW app.seen AS SELECT a, d FROM app.orders`);

  async function refused(...changes: SingleChange[]): Promise<string[]> {
    return betweenParts(assessedParts(await assessmentOf(session(), together(changes))));
  }

  it('work on one column', async () => {
    const [sentence, ...others] = await refused(rename('a'), {
      kind: 'set-default',
      table: orders,
      column: 'a',
      expression: '1',
    });
    assert.match(sentence!, /both work on the column a of app\.orders\. Plan the one that comes later/);
    assert.deepEqual(others, []);
  });

  it('move columns that one constraint, index, view or key holds', async () => {
    assert.match(
      (await refused(rename('a'), dropColumn('b'))).join(),
      /the constraint a_below_b of app\.orders/,
    );
    assert.match((await refused(rename('b'), rename('c'))).join(), /the index app\.of_both/);
    assert.match((await refused(rename('a'), rename('d'))).join(), /the view app\.seen/);
    assert.match(
      (await refused(rename('customer'), rename('id', customers))).join(),
      /the constraint to_customer of app\.orders/,
    );
  });

  it('concern the table as a whole', async () => {
    const whole: SingleChange = { kind: 'rename-table', table: orders, to: 'purchases' };
    assert.match((await refused(whole, rename('d'))).join(), /both work on app\.orders/);
    assert.match((await refused(rename('d'), whole)).join(), /both work on app\.orders/);
  });

  it('are not those that leave each other alone', async () => {
    assert.deepEqual(await refused(rename('c'), rename('d'), rename('name', customers)), []);
  });
});
