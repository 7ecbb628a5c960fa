import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { Catalog } from '../../src/catalog/catalog';
import { hasProgram } from '../implement/scripts/script-workspace';
import { openTerminal, type Terminal } from './terminal';

const root = path.resolve(__dirname, '..', '..');
const schema =
  'create table customers (id bigint generated always as identity primary key, name text not null);\n';
const rename = ['rename-column', '--table', 'customers', '--from', 'name', '--to', 'full_name'];

interface Ended {
  exitCode: number | null;
  text: string;
}

/** What somebody pastes from rollback.md into a shell does what the text around it says. */
describe('the commands of a runbook, pasted [psql]', function () {
  this.timeout(180_000);
  let terminal: Terminal;
  let plan: string;
  let catalogBefore: Catalog;
  let environment: NodeJS.ProcessEnv;

  before(async function () {
    if (!(await hasProgram('psql'))) this.skip();
  });

  beforeEach(async () => {
    terminal = await openTerminal(18, {
      'migrations/000001_customers.up.sql': schema,
      'migrations/000001_customers.down.sql': 'drop table customers;\n',
    });
    await terminal.succeed('apply', 'migrations/000001_customers.up.sql');
    await terminal.session.script(
      `insert into customers (name) select 'customer ' || i from generate_series(1, 300) i; analyze customers`,
    );
    const scaffolded = await terminal.succeed('scaffold', ...rename, '--format', 'json');
    plan = scaffolded.json<{ plan: string }>().plan;
    catalogBefore = await readCatalog(terminal.session);
    await terminal.succeed('apply', plan, '--phase', 'expand', '--yes', 'consent-schema');
    await terminal.succeed('apply', plan, '--release', 'migrate', '--phase', 'migrate');
    environment = await preparedShell();
  });
  afterEach(() => terminal?.close());

  /** The program on the PATH, DATABASE_URL, and env/development.env as scripts/README.md says. */
  async function preparedShell(): Promise<NodeJS.ProcessEnv> {
    const { host, port, user, database } = terminal.database.connection;
    const programs = path.join(terminal.folder, 'bin');
    await mkdir(programs);
    const program = path.join(programs, 'switchback');
    await writeFile(
      program,
      `#!/bin/sh\nexec node --import ${root}/node_modules/tsx/dist/loader.mjs ${root}/src/cli/main.ts "$@"\n`,
    );
    await chmod(program, 0o755);
    const environmentFile = path.join(terminal.folder, 'plans', plan, 'scripts', 'env', 'development.env');
    await writeFile(
      environmentFile,
      [
        'ENVIRONMENT=development',
        `PGHOST=${host}`,
        `PGPORT=${port}`,
        `PGUSER=${user}`,
        `PGDATABASE=${database}`,
        '',
      ].join('\n'),
    );
    return {
      ...process.env,
      PATH: `${programs}${path.delimiter}${process.env.PATH}`,
      PGPASSWORD: terminal.database.password,
      DATABASE_URL: `postgres://${user}@${host}:${port}/${database}?sslmode=disable`,
    };
  }

  /** The shell blocks of one section of the runbook, in order. */
  async function blocks(section: string): Promise<string[]> {
    const text = await readFile(path.join(terminal.folder, 'plans', plan, 'rollback.md'), 'utf8');
    const part = text.split(/^## /m).find((one) => one.startsWith(section)) ?? '';
    return [...part.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, commands]) => commands!);
  }

  function paste(commands: string): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const shell = spawn('bash', ['-e', '-c', commands], { cwd: terminal.folder, env: environment });
      let text = '';
      for (const stream of [shell.stdout, shell.stderr])
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      shell.on('error', reject);
      shell.on('close', (exitCode) => resolve({ exitCode, text }));
    });
  }

  async function assertTakenBack(): Promise<void> {
    assert.deepEqual(compareCatalogs(catalogBefore, await readCatalog(terminal.session)), []);
  }

  it('proves what is done, and takes it back with the scripts', async () => {
    const [quick] = await blocks('Quick rollback');
    const seen = await paste(quick!);
    assert.equal(seen.exitCode, 0, seen.text);
    const [both, proof] = await blocks('Standard rollback');
    const scripts = both!.slice(both!.indexOf('cd '));
    const back = await paste(scripts);
    assert.equal(back.exitCode, 0, back.text);
    await assertTakenBack();
    const proved = await paste(`${scripts.split('\n')[0]}\n${proof!}`);
    assert.equal(proved.exitCode, 0, proved.text);
    assert.match(proved.text, /01-add-column-and-dual-write: rolled-back/);
    assert.match(proved.text, /02-backfill: rolled-back/);
  });

  it('sees that nothing of the plan is there after a backup from before it was restored', async () => {
    await terminal.succeed('rollback', plan);
    await terminal.session.script('drop schema switchback cascade');
    const [full] = await blocks('Full rollback');
    const seen = await paste(full!);
    assert.equal(seen.exitCode, 0, seen.text);
    assert.match(seen.text, /01-add-column-and-dual-write: ready/);
  });

  it('takes it back with the command line', async () => {
    const [both] = await blocks('Standard rollback');
    const line = both!.split('\n').find((one) => one.startsWith('switchback '));
    const back = await paste(line!);
    assert.equal(back.exitCode, 0, back.text);
    await assertTakenBack();
  });

  it('takes back one phase after the other', async () => {
    const commands = await blocks('Phase by phase');
    const place = `cd plans/${plan}\n`;
    for (const block of commands.filter((one) => !one.includes('11-check-unused'))) {
      const ended = await paste(place + block);
      assert.equal(ended.exitCode, 0, `${block}\n${ended.text}`);
    }
    await assertTakenBack();
  });
});
