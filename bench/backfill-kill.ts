import { parseArgs } from 'node:util';
import { stopTestServers, testServer } from '../test/support/servers';
import { runWithKills } from './kill-run';

/** `npx tsx bench/backfill-kill.ts [--rows 5000000] [--kills 20]`: kills a backfill again and again; fails unless each row was changed once. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: 'string', default: '5000000' }, kills: { type: 'string', default: '20' } },
  });
  const server = await testServer({ major: 18, durable: true });
  const database = await server.createDatabase();
  const result = await runWithKills(database, Number(values.rows), Number(values.kills), (line) =>
    console.log(line),
  );
  const shares = result.kills.map((kill) => kill.share);
  const spread = Math.max(...shares) - Math.min(...shares);
  console.log(
    `${result.rows} rows, ${result.kills.length} kills over ${(spread * 100).toFixed(0)} % of the backfill ` +
      `(${(Math.min(...shares) * 100).toFixed(1)} % to ${(Math.max(...shares) * 100).toFixed(1)} %), ${result.starts} starts, ${(result.milliseconds / 1000).toFixed(1)} s`,
  );
  console.log(
    `rows not raised exactly once: ${result.wrongRows}; rows audited other than once: ${result.wrongAudits}; audit rows: ${result.audited}`,
  );
  await database.drop();
  const good =
    result.wrongRows === 0 && result.wrongAudits === 0 && result.audited === result.rows && spread >= 0.8;
  if (!good) process.exitCode = 1;
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => stopTestServers());
