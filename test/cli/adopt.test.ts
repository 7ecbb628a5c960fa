import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import { stepsOf, type Plan, type PlanProgress } from '../../src/plan/plan';
import { applyPhase, openParcels, type Terminal } from './terminal';

const rename = ['rename-column', '--table', 'parcels', '--from', 'note', '--to', 'remark'];
const agreed = ['--yes', 'consent-schema', '--yes', 'adopt', '--format', 'json'];

describe('what is done half by hand is adopted into a plan', function () {
  this.timeout(180_000);
  let terminal: Terminal;

  beforeEach(async () => {
    terminal = await openParcels();
  });

  afterEach(() => terminal?.close());

  async function scaffolded(): Promise<string> {
    return (await terminal.succeed('scaffold', ...rename, '--format', 'json')).json<{ plan: string }>().plan;
  }

  /** Runs the file of a step as somebody with a console would. */
  async function byHand(step: number): Promise<void> {
    const folder = path.join(terminal.folder, 'migrations');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.up.sql')).sort();
    await terminal.session.script(await readFile(path.join(folder, files[step]!), 'utf8'));
  }

  it('says that nothing is done', async () => {
    const plan = await scaffolded();
    const answer = await terminal.run('adopt', plan, ...agreed);
    assert.equal(answer.exitCode, 1);
    assert.match(answer.told.join('\n'), /Nothing of ".*" that is open is done on .*does not hold yet/);
  });

  it('takes the first step as done, tells the history, goes on and goes back', async () => {
    const plan = await scaffolded();
    const before = await readCatalog(terminal.session);
    await terminal.session.script("insert into parcels (id, note) values (1, 'a'), (2, null), (3, 'c')");
    await byHand(1);
    const asked = await terminal.run('adopt', plan, '--yes', 'consent-schema');
    assert.match(asked.told.join('\n'), /Take 1 step of .* as done .* --yes adopt/);
    const { adopted, progress } = (await terminal.succeed('adopt', plan, ...agreed)).json<{
      adopted: string[];
      progress: PlanProgress;
    }>();
    assert.equal(adopted.length, 1);
    assert.equal(progress.steps[0]!.state, 'done');
    const { rows } = await terminal.session.query<{ version: string }>(
      'select version::text from schema_migrations',
    );
    assert.match(rows[0]!.version, /^0*2$/);
    const after = await applyPhase(terminal, plan, 'expand');
    assert.equal(after.phase, 'migrate');
    await terminal.succeed('rollback', plan, '--yes', 'roll-back', '--format', 'json');
    assert.deepEqual(
      compareCatalogs(before, await readCatalog(terminal.session), { ignoredObjects: [] }).filter(
        ({ object }) => !object.includes('switchback'),
      ),
      [],
    );
  });

  it('refuses what only looks like it', async () => {
    const plan = await scaffolded();
    await terminal.session.script('alter table parcels add column remark varchar(7)');
    const answer = await terminal.run('adopt', plan, ...agreed);
    assert.notEqual(answer.exitCode, 0);
    assert.match(answer.told.join('\n'), /not what the plan makes|is not done/);
  });

  it('plans from the migrations what has begun before there was a plan, and adopts it', async () => {
    const change = [
      'add-required-column',
      '--table',
      'parcels',
      '--column',
      'size',
      '--type',
      'integer',
      '--default',
      '1',
    ];
    const draft = (await terminal.succeed('plan', ...change, '--format', 'json')).json<{ plan: Plan }>().plan;
    const first = stepsOf(draft)[0]!;
    assert.ok(first.kind === 'migration');
    await terminal.session.script("insert into parcels (id, note) values (1, 'a')");
    await terminal.session.script(first.forward);
    const refused = await terminal.run('scaffold', ...change);
    assert.match(refused.told.join('\n'), /already.*--yes begun-by-hand/);
    const made = await terminal.succeed('scaffold', ...change, '--yes', 'begun-by-hand', '--format', 'json');
    const { plan: id } = made.json<{ plan: string }>();
    const { adopted } = (await terminal.succeed('adopt', id, ...agreed)).json<{ adopted: string[] }>();
    assert.deepEqual(adopted, [first.id]);
    assert.equal((await applyPhase(terminal, id, 'expand')).phase, 'migrate');
  });
});
