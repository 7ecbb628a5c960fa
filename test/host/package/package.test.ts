import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { copyShop, repository, temporaryFolder } from '../kit/folders';
import { hostPrograms, startHost, type Host } from '../kit/host';
import { useWorkbench, type Workbench } from '../kit/workbench';

/** The file list of the package; a change to it is made on purpose, here. */
const listFile = path.join(__dirname, 'files.txt');

async function expectedFiles(): Promise<string[]> {
  return (await readFile(listFile, 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the packaged extension', () => {
  let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
  let vsix: string;
  let host: Host | undefined;
  let workbench: Workbench;

  before(async () => {
    scratch = await temporaryFolder('package');
    const { packageExtension } = await import('../../../scripts/package-extension.mjs');
    vsix = await packageExtension(repository, path.join(scratch.folder, 'switchback.vsix'));
  });

  after(async () => {
    await host?.stop();
    await scratch.remove();
  });

  it('holds exactly the files it is meant to', async () => {
    const vsce = path.join(repository, 'node_modules', '@vscode', 'vsce', 'vsce');
    const { stdout } = await promisify(execFile)(process.execPath, [vsce, 'ls', '--no-dependencies'], {
      cwd: repository,
    });
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('>'));
    const packaged = lines.filter((line) => !line.startsWith('templates/') || !line.endsWith('.hbs'));
    assert.deepEqual(packaged.sort(), (await expectedFiles()).sort());
    const templates = (await readdir(path.join(repository, 'templates'), { recursive: true }))
      .filter((name) => name.endsWith('.hbs'))
      .map((name) => `templates/${name.split(path.sep).join('/')}`);
    assert.deepEqual(lines.filter((line) => line.endsWith('.hbs')).sort(), templates.sort());
  });

  it('has a small bundle for the activation', async () => {
    const { size } = await stat(path.join(repository, 'dist', 'extension.js'));
    assert.ok(size <= 350 * 1024, `dist/extension.js has ${size} bytes`);
  });

  it('installs into a clean VS Code and shows its view', async () => {
    const { installExtension } = await import('../../../scripts/host-server.mjs');
    const programs = await hostPrograms();
    const extensionsFolder = path.join(scratch.folder, 'extensions');
    const dataFolder = path.join(scratch.folder, 'install');
    await installExtension({ server: programs.server, dataFolder, extensionsFolder, file: vsix });
    const workspace = await copyShop(scratch.folder, null);
    host = await startHost(programs, { workspace, extensionsFolder });
    workbench = await useWorkbench(host.page);
    await workbench.openSideBar('Switchback');
  });

  it('opens the wizard', async () => {
    await workbench.runCommand('Switchback: Plan a Change…');
    await workbench.webview().getByRole('heading').first().waitFor({ timeout: 60_000 });
    assert.deepEqual(host?.errors.lines, []);
  });
});
