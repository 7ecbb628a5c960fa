import pg from 'pg';
import { seedShop } from '../../../samples/shop-seed';
import { stopTestServers, testServer, type TestDatabase } from '../../support/servers';

/** A real PostgreSQL that holds the sample shop, and how to look into it. */
export interface ShopDatabase {
  /** For the host: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE. */
  env: Record<string, string>;
  /** With the password, for the .env of the workspace. */
  url: string;
  /** Rows of one query, in a session of its own. A tour only reads with it. */
  query<Row extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Starts the newest PostgreSQL and seeds a database named shop, as it is named beside `npm start`. */
export async function startShopDatabase(): Promise<ShopDatabase> {
  const server = await testServer({ major: 18 });
  try {
    return await seed(await named(await server.createDatabase()));
  } catch (error) {
    await stopTestServers();
    throw error;
  }
}

async function named(database: TestDatabase): Promise<TestDatabase> {
  const { host, port, user, database: name } = database.connection;
  const client = new pg.Client({ host, port, user, password: database.password, database: 'postgres' });
  await client.connect();
  try {
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(name)} RENAME TO shop`);
  } finally {
    await client.end();
  }
  return { ...database, connection: { ...database.connection, database: 'shop' } };
}

async function seed(database: TestDatabase): Promise<ShopDatabase> {
  const { host, port, user, database: name } = database.connection;
  const { password } = database;
  const query = async <Row extends pg.QueryResultRow>(
    sql: string,
    parameters?: unknown[],
  ): Promise<Row[]> => {
    const client = new pg.Client({ host, port, user, password, database: name });
    await client.connect();
    try {
      return (await client.query<Row>(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  };
  await seedShop((sql) => query(sql));
  const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: name };
  const secret = encodeURIComponent(password);
  const url = `postgres://${user}:${secret}@${host}:${port}/${name}`;
  return { env, url, query, stop: stopTestServers };
}
