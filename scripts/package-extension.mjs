import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { lastLines, runCommand } from './run-command.mjs';

/** Packages the extension into `file` with vsce. Throws when vsce fails or warns. */
export async function packageExtension(root, file) {
  await mkdir(path.dirname(file), { recursive: true });
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const args = [vsce, 'package', '--no-dependencies', '--out', file];
  const result = await runCommand(process.execPath, args, { cwd: root, quiet: true });
  if (result.code !== 0) throw new Error(`vsce could not package the extension.\n${lastLines(result.text)}`);
  if (/warning/i.test(result.text))
    throw new Error(`vsce warns about the package.\n${lastLines(result.text, 30)}`);
  return file;
}
