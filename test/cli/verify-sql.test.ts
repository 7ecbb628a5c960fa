import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Step } from '../../src/plan/plan';
import { hasProgram } from '../implement/scripts/script-workspace';
import { openTerminal, type Terminal } from './terminal';

const schema = `create table customers (id bigint generated always as identity primary key, name text not null);
`;
const rename = ['rename-column', '--table', 'customers', '--from', 'name', '--to', 'full_name'];

describe('verify.sql of a rename by the application [psql]', function () {
  this.timeout(120_000);
  let terminal: Terminal;
  let plan: string;
  let steps: Step[];

  const idOf = (words: string): string => steps.find((step) => step.id.endsWith(`-${words}`))!.id;
  const migrate = (): Promise<unknown> => terminal.succeed('apply', plan, '--phase', 'migrate');
  const confirm = (words: string): Promise<unknown> =>
    terminal.succeed('apply', plan, '--confirm-deploy', idOf(words));

  /** Runs the file as its head says; gives what each query answered, by its id. */
  async function answers(role?: string): Promise<Map<string, string>> {
    const { host, port, user, database } = terminal.database.connection;
    const file = path.join(terminal.folder, 'plans', plan, 'verify.sql');
    const { stdout } = await promisify(execFile)(
      'psql',
      ['--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--tuples-only', '--no-align', '--file', file],
      {
        env: {
          ...process.env,
          PGHOST: host,
          PGPORT: String(port),
          PGUSER: role ?? user,
          PGDATABASE: database,
          PGPASSWORD: role ? 'pass' : terminal.database.password,
        },
      },
    );
    const parts = stdout.split(/^Query (.+)$/m).slice(1);
    return new Map(
      parts.flatMap((part, index) =>
        index % 2 === 0 ? [[part, parts[index + 1]!.trim()] as [string, string]] : [],
      ),
    );
  }

  before(async function () {
    if (!(await hasProgram('psql'))) return this.skip();
    terminal = await openTerminal(18, {
      'migrations/000001_customers.up.sql': schema,
      'migrations/000001_customers.down.sql': 'drop table customers;\n',
    });
    await terminal.succeed('apply', 'migrations/000001_customers.up.sql');
    await terminal.session.script(
      `insert into customers (name) select 'customer ' || i from generate_series(1, 300) i; analyze customers;
       create role reader login password 'pass'; grant select on customers to reader`,
    );
    const scaffolded = await terminal.succeed(
      'scaffold',
      ...rename,
      ...['--dual-write', 'application', '--format', 'json'],
    );
    plan = scaffolded.json<{ plan: string }>().plan;
    steps = await terminal.steps(plan);
  });

  after(async () => {
    await terminal?.session.script('drop owned by reader; drop role reader');
    await terminal?.close();
  });

  const compared = (): string[] => ['values', 'differences', ...proofs()];
  const proofs = (): string[] =>
    steps
      .filter((step) => step.verification?.sql.includes('"full_name"') && step.kind !== 'check')
      .filter((step) => step.verification!.sql.includes('"name"'))
      .map((step) => step.id);

  it('compares both columns only as long as they have to be equal', async () => {
    for (const answer of ['values', 'differences'])
      assert.match((await answers()).get(answer)!, /^Left out/, 'before the new column is there');

    await terminal.succeed('apply', plan, '--phase', 'expand', '--yes', 'consent-schema');
    await confirm('write-both');
    await terminal.succeed('apply', plan, '--release', 'migrate', '--phase', 'migrate');
    const filled = await answers();
    assert.equal(filled.get('values'), '300|300|0|t');
    assert.equal(filled.get('differences'), '');
    assert.ok(proofs().length > 0);
    for (const id of proofs()) assert.equal(filled.get(id), 't', id);

    await terminal.session.query(`update customers set full_name = 'new code alone' where id = 1`);
    assert.equal((await answers()).get('values'), '300|300|1|f', 'a difference is seen while it counts');
    await terminal.session.query(`update customers set full_name = name where id = 1`);

    await confirm('read-new');
    await migrate();
    await terminal.session.query(`update customers set full_name = 'new code alone' where id = 1`);
    for (const id of compared()) assert.match((await answers()).get(id)!, /need not be equal/, id);
    await confirm('stop-writing-old');
    await migrate();
    const stopped = await answers();
    for (const id of compared()) assert.match(stopped.get(id)!, /need not be equal/, id);
    const done = [...stopped].filter(([id]) => id !== idOf('drop-old-column'));
    for (const [id, answer] of done) assert.doesNotMatch(answer, /(^|\|)f(\||$)/m, id);
    assert.equal(
      (await answers('reader')).get('values'),
      '300|300|1|f',
      'without the record they are compared',
    );
  });

  it('compares them again once the last release is taken back', async () => {
    await terminal.succeed('rollback', plan);
    await terminal.succeed('rollback', plan, '--confirm-deploy', idOf('stop-writing-old'));
    assert.equal((await answers()).get('values'), '300|300|0|t');
  });
});
