import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lastLines, runCommand } from './run-command.mjs';

/** Packages the extension into `file` with vsce. Throws when vsce fails or warns. */
export async function packageExtension(root, file) {
  await mkdir(path.dirname(file), { recursive: true });
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const repository = manifest.repository.url.replace(/\.git$/, '');
  const links = [`--baseContentUrl=${repository}/blob/main`, `--baseImagesUrl=${repository}/raw/main`];
  const args = [vsce, 'package', '--no-dependencies', ...links, '--out', file];
  const result = await runCommand(process.execPath, args, { cwd: root, quiet: true });
  if (result.code !== 0) throw new Error(`vsce could not package the extension.\n${lastLines(result.text)}`);
  if (/warning/i.test(result.text))
    throw new Error(`vsce warns about the package.\n${lastLines(result.text, 30)}`);
  return file;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  try {
    console.log(`Packaged ${await packageExtension(root, path.join(root, 'switchback.vsix'))}.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
