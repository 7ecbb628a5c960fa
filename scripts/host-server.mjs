import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { lastLines, runCommand } from './run-command.mjs';

/** A loopback port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts the VS Code server on loopback and waits until it answers. `stop` ends it with all its children;
 * so does the end of this process. Throws with the server's last words when it does not come up.
 */
export async function startHostServer(options) {
  const {
    server,
    dataFolder,
    extensionsFolder,
    token,
    trustEverything = false,
    testDriver = false,
  } = options;
  const port = options.port ?? (await freePort());
  await mkdir(dataFolder, { recursive: true });
  if (options.settings) await writeMachineSettings(dataFolder, options.settings);
  const args = [
    server.serverMain,
    '--host=127.0.0.1',
    `--port=${port}`,
    '--accept-server-license-terms',
    `--server-data-dir=${dataFolder}`,
    '--telemetry-level=off',
    ...(extensionsFolder ? [`--extensions-dir=${extensionsFolder}`] : []),
    ...(token ? [`--connection-token=${token}`] : ['--without-connection-token']),
    ...(trustEverything ? ['--disable-workspace-trust'] : []),
    ...(testDriver ? ['--enable-smoke-test-driver'] : []),
  ];
  const child = spawn(server.node, args, {
    env: hostEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let output = '';
  const keep = (data) => (output = (output + data).slice(-100_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const kill = (signal) => killTree(child, signal);
  const killNow = () => kill('SIGKILL');
  process.once('exit', killNow);
  const stop = async () => {
    kill('SIGTERM');
    const timer = setTimeout(killNow, 5_000);
    await ended;
    clearTimeout(timer);
    killNow();
    process.removeListener('exit', killNow);
  };
  const origin = `http://127.0.0.1:${port}`;
  if (!(await answers(`${origin}/version`, child))) {
    await stop();
    throw new Error(`The VS Code server did not come up on ${origin}.\n${lastLines(output)}`);
  }
  return { origin, port, pid: child.pid, ended, stop, output: () => output };
}

/** Without the variables that an outer VS Code terminal would pass on and confuse the server with. */
function hostEnvironment(extra = {}) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name),
  );
  return { ...Object.fromEntries(own), ...extra };
}

async function writeMachineSettings(dataFolder, settings) {
  const folder = path.join(dataFolder, 'data', 'Machine');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

async function answers(url, child) {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    const up = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

function killTree(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Installs a VSIX file into the folder of extensions that `startHostServer` is given. Throws with the reason. */
export async function installExtension({ server, dataFolder, extensionsFolder, file }) {
  const args = [
    server.serverMain,
    `--server-data-dir=${dataFolder}`,
    `--extensions-dir=${extensionsFolder}`,
    '--accept-server-license-terms',
    '--install-extension',
    file,
  ];
  const result = await runCommand(server.node, args, { env: hostEnvironment(), quiet: true });
  if (result.code !== 0 || !/successfully installed/.test(result.text)) {
    throw new Error(`${file} could not be installed into the VS Code server.\n${lastLines(result.text)}`);
  }
}

/** The page of a folder or a `.code-workspace` file; with an extension's folder (and a test module) in development mode. */
export function hostPageUrl({ origin, workspace, token, extensionFolder, testModule }) {
  const url = new URL(origin);
  if (token) url.searchParams.set('tkn', token);
  url.searchParams.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', workspace);
  if (extensionFolder) {
    const remote = (file) => `vscode-remote://${url.host}${file}`;
    const payload = [
      ['extensionDevelopmentPath', remote(extensionFolder)],
      ...(testModule ? [['extensionTestsPath', remote(testModule)]] : []),
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
    ];
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.href;
}
