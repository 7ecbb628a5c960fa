import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { lastAppliedVersion, seedShop } from '../../samples/shop-seed';
import { testMajors, testServer, type TestDatabase } from '../support/servers';

const migrations = path.resolve(__dirname, '..', '..', 'samples', 'shop', 'migrations');

/** Every object of the public schema and what it is made of, as text: enough to see a down that leaves something. */
const schemaText = `
  SELECT format('column %s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attacl) AS line
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
  UNION ALL SELECT format('relation %s %s %s', relname, relkind, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT format('constraint %s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT format('function %s', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT format('type %s %s', typname, typtype) FROM pg_type WHERE typnamespace = 'public'::regnamespace
  UNION ALL SELECT format('comment %s %s', objoid::regclass, description) FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid >= 16384
  ORDER BY 1`;

async function withShopDatabase(major: 12 | 18, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const server = await testServer({ major });
  const database: TestDatabase = await server.createDatabase();
  const { host, port, user, database: name } = database.connection;
  const client = new pg.Client({ host, port, user, password: database.password, database: name });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
    await database.drop();
  }
}

async function schema(client: pg.Client): Promise<string[]> {
  return (await client.query<{ line: string }>(schemaText)).rows.map(({ line }) => line);
}

for (const major of testMajors) {
  describe(`the sample shop on PostgreSQL ${major}`, () => {
    it('has a down for every migration that restores the schema exactly', () =>
      withShopDatabase(major, async (client) => {
        const ups = (await readdir(migrations)).filter((name) => name.endsWith('.up.sql')).sort();
        assert.equal(ups.length, 12);
        const before: string[][] = [];
        for (const name of ups) {
          before.push(await schema(client));
          await client.query(await readFile(path.join(migrations, name), 'utf8'));
          assert.notDeepEqual(await schema(client), before.at(-1), name);
        }
        for (const name of ups.reverse()) {
          await client.query(await readFile(path.join(migrations, name.replace('.up.', '.down.')), 'utf8'));
          assert.deepEqual(await schema(client), before.pop(), name);
        }
      }));

    it('holds the promised rows, consistent, with three migrations pending', () =>
      withShopDatabase(major, async (client) => {
        await seedShop((sql) => client.query(sql));
        const { rows } = await client.query(
          `SELECT (SELECT count(*) FROM customers)::int AS customers, (SELECT count(*) FROM orders)::int AS orders,
             (SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = o.customer_id))::int AS orphans,
             (SELECT count(*) FROM order_items i WHERE NOT EXISTS (SELECT FROM products p WHERE p.id = i.product_id))::int AS strays,
             (SELECT version FROM schema_migrations)::int AS version,
             (SELECT customer_label(1)) AS label`,
        );
        assert.deepEqual(rows, [
          {
            customers: 50_000,
            orders: 200_000,
            orphans: 0,
            strays: 0,
            version: lastAppliedVersion,
            label: 'Customer 00001 <customer1@example.com>',
          },
        ]);
      }));
  });
}
