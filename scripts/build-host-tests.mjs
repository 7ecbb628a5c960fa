/**
 * Bundles what runs inside the extension host into dist-test/: the suites, their runner and the evaluator.
 * Packages stay outside and are found in node_modules.
 */
import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const suites = readdirSync(path.join(root, 'test', 'host', 'suite')).filter((name) =>
  name.endsWith('.test.ts'),
);

await rm(path.join(root, 'dist-test'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    'suite-entry': 'test/host/inside/suite-entry.ts',
    'evaluator-entry': 'test/host/inside/evaluator-entry.ts',
    ...Object.fromEntries(suites.map((name) => [`suite/${name.slice(0, -3)}`, `test/host/suite/${name}`])),
  },
  outdir: 'dist-test',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  packages: 'external',
  external: ['vscode'],
  sourcemap: 'inline',
  logLevel: 'warning',
});
