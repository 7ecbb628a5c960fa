import { pathToFileURL } from 'node:url';
import pg from 'pg';

interface Script {
  up(db: pg.ClientBase, options?: object): Promise<void>;
}

/** A runner as a team may have one: loads a module and runs its up(db). A line of output for each batch. */
async function main(): Promise<void> {
  const loaded = (await import(pathToFileURL(process.argv[2]!).href)) as Partial<Script> & {
    default?: Script;
  };
  const client = new pg.Client(JSON.parse(process.env['TEST_CONNECTION']!) as pg.ClientConfig);
  // A session ended by the server is said by the query that runs.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await (loaded.default ?? (loaded as Script)).up(client, {
      batchRows: 40,
      pauseMilliseconds: 2,
      onProgress: ({ rowsDone }: { rowsDone: number }) => process.stdout.write(`${rowsDone}\n`),
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
