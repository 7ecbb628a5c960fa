/**
 * Bundles the extension, the command line, the child processes and the wizard page into dist/.
 * Heavy packages become entry points of their own (dist/vendor-*.js), loaded on first use.
 * Usage: node scripts/build.mjs [--production] [--watch]
 */
import { build, context } from 'esbuild';
import { fork } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const require = createRequire(import.meta.url);

/** package -> file of its own in dist/ */
const vendors = {
  pg: 'vendor-pg',
  handlebars: 'vendor-handlebars',
  'libpg-query': 'vendor-parser',
  '@electric-sql/pglite': 'vendor-pglite',
  yaml: 'vendor-yaml',
  typescript: 'vendor-typescript',
  '@lezer/python': 'vendor-python',
  '@ruby/prism/src/parsePrism.js': 'vendor-ruby',
  diff: 'vendor-diff',
  'markdown-it': 'vendor-markdown',
  // Light, but one copy: the extension configures it for the journey too.
  '@vscode/l10n': 'vendor-l10n',
};

/**
 * An empty database for the embedded one to begin with, made by the very process that reads it: three seconds here, and two
 * less at each start.
 */
async function writeTemplate() {
  const child = fork(path.join(dist, 'pglite-host.js'), [String(process.pid)], {
    serialization: 'advanced',
    // As the extension forks it: nothing of whoever builds it is in the database.
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  });
  const ask = (message, wanted) =>
    new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`pglite-host.js ended with ${code}`)));
      child.once('message', (answer) =>
        answer.type === wanted ? resolve() : reject(new Error(answer.reason ?? answer.type)),
      );
      child.send(message);
    });
  try {
    await ask({ type: 'start', options: { distFolder: dist, dataFolder: null, stateFiles: [] } }, 'started');
    await ask({ type: 'template' }, 'kept');
  } finally {
    child.kill();
  }
}

/** Extensions of PGlite that the embedded database can create. */
const contribExtensions = (
  'btree_gin btree_gist citext cube earthdistance fuzzystrmatch hstore intarray ltree pg_trgm pgcrypto tablefunc ' +
  'unaccent uuid-ossp'
).split(' ');

const separateVendors = {
  name: 'separate-vendors',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^[^.]/ }, (request) => {
      const file = vendors[request.path];
      if (!file || request.pluginData === 'vendor' || request.kind === 'entry-point') return undefined;
      return { path: `./${file}.js`, external: true };
    });
  },
};

const source = path.join(root, 'src');

/** What activation and the verb `lint` do without: every module of the journey, all other verbs, and the wizard's own. */
const lateModules = [
  ...readdirSync(path.join(source, 'journey')).map((file) => `journey/${path.basename(file, '.ts')}`),
  'cli/verbs/index',
  'workbench/change-steps',
  'workbench/plan-document/front-matter-help',
  'workbench/plan-document/front-matter-mistakes',
  'workbench/wizard/change-view',
  'workbench/wizard/wizard-session',
];

/** `import()` of a late module reads a bundle of its own, dist/journey.js, on first use. */
const lateJourney = {
  name: 'late-journey',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^\.\.?\//, namespace: 'file' }, (request) => {
      if (request.kind !== 'dynamic-import') return undefined;
      const name = path
        .relative(source, path.resolve(request.resolveDir, request.path))
        .replaceAll('\\', '/');
      return lateModules.includes(name) ? { path: name, namespace: 'late-journey' } : undefined;
    });
    pluginBuild.onResolve({ filter: /^\.\/journey\.js$/, namespace: 'late-journey' }, () => ({
      path: './journey.js',
      external: true,
    }));
    pluginBuild.onLoad({ filter: /.*/, namespace: 'late-journey' }, ({ path: name }) => ({
      contents: `module.exports = require('./journey.js')[${JSON.stringify(name)}];`,
    }));
  },
};

/** What the verb lint runs is dist/lint.js: it starts often, and needs little of all else. */
const lateLint = {
  name: 'late-lint',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^\.\/lint-run$/ }, ({ resolveDir }) =>
      resolveDir === path.join(source, 'cli', 'verbs') ? { path: './lint.js', external: true } : null,
    );
  },
};

/** The late modules by their names, each run when it is first asked for. */
function journey() {
  const members = lateModules.map((name) => `get ${JSON.stringify(name)}() { return require('./${name}'); }`);
  return {
    ...node,
    stdin: {
      contents: `module.exports = { ${members.join(', ')} };`,
      resolveDir: source,
      sourcefile: 'journey.js',
    },
    ...importMeta,
    outfile: 'dist/journey.js',
    external: ['vscode'],
    plugins: [separateVendors, lateLint],
    supported,
  };
}

const importMeta = {
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl=require('url').pathToFileURL(__filename).href;" },
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  minify: production,
  sourcemap: !production,
  legalComments: 'none',
};

/** `import()` becomes require(): Node's own import() of a CommonJS bundle sees no named exports. */
const supported = { 'dynamic-import': false };

const node = { ...shared, platform: 'node', format: 'cjs', target: 'node20' };

function entry(name, file, extra = {}) {
  return {
    ...node,
    ...importMeta,
    entryPoints: { [name]: file },
    outdir: 'dist',
    plugins: [separateVendors],
    supported,
    ...extra,
  };
}

function vendor(packageName, file) {
  return {
    ...node,
    ...importMeta,
    // pg asks for `Response` to know Cloudflare: that alone would load fetch, 50 ms in which nothing else runs.
    define: { ...importMeta.define, ...(packageName === 'pg' ? { Response: 'undefined' } : {}) },
    stdin: {
      contents: `module.exports = require(${JSON.stringify(packageName)});`,
      resolveDir: root,
      sourcefile: `${file}.js`,
    },
    outfile: `dist/${file}.js`,
    external: ['pg-native'],
    sourcemap: false,
  };
}

function configurations() {
  const list = [
    entry('extension', 'src/extension.ts', { external: ['vscode'], plugins: [separateVendors, lateJourney] }),
    journey(),
    entry('cli', 'src/cli/main.ts', {
      banner: { js: `#!/usr/bin/env node\n${importMeta.banner.js}` },
      plugins: [separateVendors, lateLint, lateJourney],
    }),
    entry('lint', 'src/cli/verbs/lint-run.ts', { plugins: [separateVendors, lateJourney] }),
    entry('pglite-host', 'src/shadow/pglite-host.ts'),
    entry('history-worker', 'src/layouts/history-worker.ts'),
    entry('start-database', 'samples/start-database.ts'),
    {
      ...shared,
      entryPoints: { wizard: 'webview/wizard.ts', 'plan-preview': 'webview/plan-preview.ts' },
      outdir: 'dist',
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      alias: { '@vscode/webview-ui-toolkit': '@vscode/webview-ui-toolkit/dist/toolkit.min.js' },
      loader: { '.css': 'css' },
    },
    ...Object.entries(vendors).map(([packageName, file]) => vendor(packageName, file)),
  ];
  return list.filter(
    (item) => !item.entryPoints || existsSync(path.join(root, Object.values(item.entryPoints)[0])),
  );
}

async function copyAssets() {
  const parser = path.dirname(require.resolve('libpg-query'));
  await cp(path.join(parser, 'libpg-query.wasm'), path.join(dist, 'libpg-query.wasm'));
  await cp(path.join(root, 'node_modules/@ruby/prism/src/prism.wasm'), path.join(dist, 'prism.wasm'));
  const pglite = path.dirname(require.resolve('@electric-sql/pglite'));
  for (const file of ['pglite.wasm', 'pglite.data', 'initdb.wasm']) {
    await cp(path.join(pglite, file), path.join(dist, file));
  }
  for (const extension of contribExtensions) {
    await cp(path.join(pglite, `${extension}.tar.gz`), path.join(dist, 'contrib', `${extension}.tar.gz`));
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await copyAssets();
if (watch) {
  for (const item of configurations()) await (await context(item)).watch();
  console.log('Watching for changes.');
} else {
  const results = await Promise.allSettled(configurations().map((item) => build(item)));
  const failed = results.filter(({ status }) => status === 'rejected');
  if (failed.length > 0) {
    console.error(`${failed.length} of ${results.length} bundles could not be built.`);
    process.exitCode = 1;
  } else {
    await writeTemplate();
    console.log(`Built ${path.relative(process.cwd(), dist) || 'dist'}/.`);
  }
}
