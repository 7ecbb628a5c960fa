import { parseArgs } from 'node:util';
import { stopTestServers, testServer, type TestMajor } from '../test/support/servers';
import { renameUnderLoad } from './rename-run';

/** `npx tsx bench/rename-under-load.ts [--major 18] [--per-second 200]`: fails when a write is lost, fails, or waits too long because of us. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { major: { type: 'string', default: '18' }, 'per-second': { type: 'string', default: '200' } },
  });
  const server = await testServer({ major: Number(values.major) as TestMajor, durable: true });
  const database = await server.createDatabase();
  const result = await renameUnderLoad(database, Number(values['per-second']), (line) => console.log(line));
  await database.drop();
  const allowed = result.lockTimeoutMilliseconds + 100;
  console.log(
    `${result.statements} statements in ${result.seconds.toFixed(1)} s (${result.perSecond.toFixed(0)} a second), ${result.failures.length} failed`,
  );
  console.log(
    `latency p50 ${result.latency.p50.toFixed(1)} ms, p99 ${result.latency.p99.toFixed(1)} ms, longest ${result.latency.longest.toFixed(0)} ms`,
  );
  console.log(
    `waits because of Switchback: ${result.waits.waits}, longest ${result.waits.longestMilliseconds.toFixed(0)} ms of ${allowed} ms allowed (${result.waits.samples} looks); own lock time-outs tried again: ${result.retries}`,
  );
  if (result.waits.longest !== '') console.log(`longest: ${result.waits.longest}`);
  console.log(
    `${result.rows} rows, ${result.differing} differ; ${result.writtenRows} rows written, ${result.lost} writes lost`,
  );
  for (const failure of new Set(result.failures)) console.log(`failed: ${failure}`);
  const good =
    result.failures.length === 0 &&
    result.differing === 0 &&
    result.lost === 0 &&
    result.waits.longestMilliseconds <= allowed;
  if (!good || result.writtenRows === 0 || result.waits.samples === 0) process.exitCode = 1;
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => stopTestServers());
