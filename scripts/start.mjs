/**
 * Opens Switchback on the sample shop: a real PostgreSQL with its data, and VS Code with the packaged
 * extension on a copy of samples/shop. Everything lives in .switchback-test/start; Ctrl-C stops it all.
 * Usage: npm start [-- --fresh] [-- --server]
 *   --fresh   begin again with a new database and a new copy of the workspace
 *   --server  use the VS Code server even where `code` is on PATH
 */
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostPageUrl, installExtension, startHostServer } from './host-server.mjs';
import { installPackages } from './install-packages.mjs';
import { packageExtension } from './package-extension.mjs';
import { provisionServer } from './provision-host.mjs';
import { runCommand } from './run-command.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const home = path.join(root, '.switchback-test', 'start');
const workspace = path.join(home, 'shop');
const vsix = path.join(home, 'switchback.vsix');
const preferredPort = 8377;

/** What was started, to be stopped in reverse. */
const stops = [];
let stopping = null;

function stopEverything(code) {
  stopping ??= (async () => {
    if (stops.length > 0) console.log('\nStopping.');
    for (const stop of stops.splice(0).reverse()) await stop().catch((error) => console.error(error.message));
    process.exit(code);
  })();
  return stopping;
}

/** Ends the start when the user stopped it while something was still on its way. */
function keep(stop) {
  stops.push(stop);
  if (stopping) throw new Error('Stopped.');
}

function startDatabase() {
  const args = ['--data', path.join(home, 'database'), '--repository', root];
  const child = fork(path.join(root, 'dist', 'start-database.js'), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  keep(async () => {
    if (child.connected) child.disconnect();
    await ended;
  });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    void ended.then(() => {
      reject(new Error('The embedded PostgreSQL ended.'));
      if (!stopping) void stopEverything(1);
    });
  });
}

async function prepareWorkspace(url) {
  if (!existsSync(workspace)) {
    const samples = path.join(root, 'samples', 'shop');
    await cp(samples, `${workspace}.new`, { recursive: true });
    await rename(`${workspace}.new`, workspace);
  }
  const file = path.join(workspace, '.env');
  const text = await readFile(file, 'utf8').catch(() => 'DATABASE_URL=\n');
  await writeFile(file, text.replace(/^DATABASE_URL=.*$/m, `DATABASE_URL=${url}`), { mode: 0o600 });
}

async function hasDesktop() {
  if (process.argv.includes('--server')) return false;
  const result = await runCommand('code', ['--version'], { quiet: true, timeoutMilliseconds: 15_000 }).catch(
    () => null,
  );
  return result?.code === 0;
}

async function openDesktop() {
  const own = [
    `--user-data-dir=${path.join(home, 'desktop')}`,
    `--extensions-dir=${path.join(home, 'desktop-extensions')}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const installed = await runCommand('code', [...own, '--install-extension', vsix, '--force'], {
    quiet: true,
  });
  if (installed.code !== 0) throw new Error(`code could not install ${vsix}.\n${installed.text}`);
  console.log(`Opening desktop VS Code on ${workspace}. Close its window or press Ctrl-C to stop.`);
  const args = [...own, '--new-window', '--wait', '--disable-workspace-trust', workspace];
  const windows = process.platform === 'win32';
  const child = spawn(windows ? 'code.cmd' : 'code', args, { stdio: 'ignore', shell: windows });
  const ended = new Promise((resolve) => child.once('close', resolve));
  keep(async () => {
    child.kill();
    await ended;
  });
  await ended;
  await stopEverything(0);
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function openInBrowser() {
  const server = await provisionServer();
  const folders = {
    dataFolder: path.join(home, 'server'),
    extensionsFolder: path.join(home, 'server-extensions'),
  };
  await installExtension({ server, file: vsix, ...folders });
  const token = randomBytes(16).toString('hex');
  const host = await startHostServer({
    server,
    ...folders,
    token,
    trustEverything: true,
    port: (await isFree(preferredPort)) ? preferredPort : undefined,
    settings: {
      'workbench.startupEditor': 'none',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'chat.disableAIFeatures': true,
      'telemetry.telemetryLevel': 'off',
      'git.enabled': false,
    },
  });
  keep(() => host.stop());
  void host.ended.then(() => {
    if (!stopping) console.error('The VS Code server ended.');
    void stopEverything(1);
  });
  console.log(`VS Code ${server.version} is ready. Open this page in a browser:\n`);
  console.log(`    ${hostPageUrl({ origin: host.origin, workspace, token })}\n`);
  console.log('Press Ctrl-C to stop.');
}

async function main() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stopEverything(0));
  await installPackages(root);
  if (process.argv.includes('--fresh')) await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  console.log('Building and packaging the extension.');
  await packageExtension(root, vsix);
  console.log('Starting an embedded PostgreSQL with the sample shop.');
  const database = await startDatabase();
  console.log(`PostgreSQL ${database.version} runs. Its address is in ${path.join(workspace, '.env')}.`);
  await prepareWorkspace(database.url);
  if (await hasDesktop()) await openDesktop();
  else await openInBrowser();
}

main().catch((error) => {
  if (!stopping) console.error(error.message);
  return stopEverything(1);
});
