import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { lastLines, runCommand } from './run-command.mjs';

const minute = 60_000;
/** Where Debian's modules are, whatever other Python comes first on the PATH. */
const debianPython = '/usr/bin/python3';

/**
 * The migration tools that tests run and npm's lock file does not bring: how one sees that a tool is there, and what of
 * Debian and of npm brings it. Their names are those that the titles of tests have, as [sqitch].
 */
const tools = [
  {
    name: 'sqitch',
    check: ['sqitch', '--version'],
    debian: ['sqitch', 'libdbd-pg-perl', 'postgresql-client'],
  },
  {
    name: 'alembic',
    check: [debianPython, '-c', 'import alembic, psycopg2'],
    debian: ['python3-alembic', 'alembic', 'python3-psycopg2'],
  },
  {
    name: 'django',
    check: [debianPython, '-c', 'import django, psycopg2'],
    debian: ['python3-django', 'python3-psycopg2'],
  },
  {
    name: 'rails',
    check: ['ruby', '-e', 'require "rails"; require "active_record"; require "pg"'],
    debian: ['rails', 'ruby-pg'],
  },
  {
    name: 'liquibase',
    check: ['java', '-version'],
    debian: ['default-jre-headless'],
    npm: {
      packages: ['liquibase@4.28.0'],
      brings: 'node_modules/liquibase/dist/liquibase/internal/lib/liquibase-core.jar',
    },
  },
  {
    // Its engine as a program cannot be had from npm, and as WebAssembly comes with it.
    name: 'prisma',
    npm: {
      packages: ['prisma@6.19.0', '@prisma/adapter-pg@6.19.0'],
      brings: 'node_modules/prisma/build/schema_engine_bg.wasm',
    },
  },
];

/**
 * Installs the tools that are missing where it can: Debian's as root, npm's into a folder of `folder` for each. Gives
 * those that are missing all the same, each with the reason.
 */
export async function installTools(folder) {
  const missing = [];
  const state = { updated: false };
  for (const tool of tools) {
    const why = (await withDebian(tool, state)) ?? (await withNpm(tool, path.join(folder, tool.name)));
    if (why !== null) missing.push({ name: tool.name, why });
  }
  return missing;
}

async function withDebian({ name, check, debian }, state) {
  if (!debian || (await works(check))) return null;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return 'only root on a Debian system can install it here';
  if (!state.updated) await aptGet('update', '-qq');
  state.updated = true;
  const available = [];
  for (const each of debian) if (await isAvailable(each)) available.push(each);
  console.log(`Installing ${name}: ${available.join(' ')}`);
  const result = await aptGet('install', '-y', '-qq', '--no-install-recommends', ...available);
  if (await works(check)) return null;
  return result.code === 0 ? `${check.join(' ')} fails` : lastLines(result.text, 1);
}

async function withNpm({ name, npm }, folder) {
  if (!npm || existsSync(path.join(folder, npm.brings))) return null;
  await mkdir(folder, { recursive: true });
  console.log(`Installing ${name}: ${npm.packages.join(' ')}`);
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  const result = await runCommand('npm', [...args, ...npm.packages], {
    quiet: true,
    timeoutMilliseconds: 5 * minute,
  });
  return existsSync(path.join(folder, npm.brings))
    ? null
    : `npm install failed: ${lastLines(result.text, 1)}`;
}

async function works([program, ...args]) {
  const options = { quiet: true, timeoutMilliseconds: minute };
  const result = await runCommand(program, args, options).catch(() => null);
  return result?.code === 0;
}

/** Names differ between releases of Debian: what this one does not have is left out. */
async function isAvailable(name) {
  const result = await runCommand('apt-cache', ['policy', name], { quiet: true });
  return /Candidate: \d/.test(result.text);
}

function aptGet(...args) {
  return runCommand('apt-get', args, {
    quiet: true,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMilliseconds: 10 * minute,
  });
}
