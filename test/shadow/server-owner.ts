import path from 'node:path';
import { startLocalServer } from '../../src/shadow/local-server';
import { testBinaries } from '../support/servers';

/** A process that starts a server in the folder it is given, tells its parent, and waits to be killed. */
async function main(): Promise<void> {
  const server = await startLocalServer({
    binaries: await testBinaries(18),
    temporaryFolder: process.argv[2],
  });
  process.send?.({ pid: server.pid, folder: path.dirname(server.dataFolder) });
  setInterval(() => undefined, 1000);
}

void main();
