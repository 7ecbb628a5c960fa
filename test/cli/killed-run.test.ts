import assert from 'node:assert/strict';
import { openSession } from '../../src/database/connect';
import { testServer } from '../support/servers';
import { isTold, killedWorld, type KilledWorld, type Run } from './killed-run';

/** The fewest before which a state is worth keeping, and the one that is rehearsed. */
const migrations = 9;

/** It is over only when it is stopped, on a server and in PGlite. */
const endless = 'do $$ begin loop perform 1; end loop; end $$;\n';

(isTold ? describe : describe.skip)('a rehearsal that is killed', function () {
  this.timeout(180_000);
  let world: KilledWorld;

  beforeEach(async () => {
    world = await killedWorld();
    for (let number = 1; number <= migrations; number += 1) {
      await world.write(`${number}_t.up.sql`, `create table t${number} (id int primary key, note text);\n`);
      await world.write(`${number}_t.down.sql`, `drop table t${number};\n`);
    }
  });
  afterEach(() => world.dispose());

  const rehearse = (shadow: string, ...more: string[]): Run =>
    world.start('rehearse', 'migrations', '--shadow', shadow, ...more);

  async function killed({ child, ended }: Run): Promise<void> {
    child.kill('SIGKILL');
    assert.equal(await ended, null, 'it was killed, and had not ended before');
  }

  async function nextStartLeavesNone(shadow: string): Promise<void> {
    const next = rehearse(shadow, '--from', String(migrations - 1));
    assert.equal(await next.ended, 0, next.told());
    assert.deepEqual(await world.left(), []);
  }

  async function waitFor(condition: () => Promise<boolean>, what: string): Promise<void> {
    for (const end = Date.now() + 30_000; Date.now() < end;) {
      if (await condition()) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.fail(`not so: ${what}; ${(await world.left()).join('; ')}`);
  }

  const seen = async (part: string): Promise<boolean> => (await world.processes(part)).length > 0;

  /** Rehearses what does not end, after the others. */
  async function inEndless(shadow: string): Promise<Run> {
    await world.write('99_endless.up.sql', endless);
    const run = rehearse(shadow, '--from', '99');
    await run.tells('Rehearsing 99');
    await world.remove('99_endless.up.sql');
    return run;
  }

  for (const [shadow, moment, part] of [
    ['local', 'while its folder is filled', 'initdb'],
    ['local', 'while its server starts', 'listen_addresses'],
    ['embedded', 'while its process starts', 'pglite-host.js'],
  ] as const) {
    it(`leaves nothing after the next start: ${shadow}, ${moment}`, async () => {
      const alone = rehearse(shadow);
      await waitFor(() => seen(part), `${part} runs`);
      await killed(alone);
      await nextStartLeavesNone(shadow);
      const together = rehearse(shadow);
      await waitFor(() => seen(part), `${part} runs`);
      await world.killAll();
      assert.equal(await together.ended, null);
      await nextStartLeavesNone(shadow);
    });
  }

  for (const shadow of ['local', 'embedded']) {
    it(`leaves nothing at all in the middle of a rehearsal: ${shadow}`, async () => {
      const run = rehearse(shadow);
      await run.tells('Rehearsing 6 ');
      await killed(run);
      await waitFor(async () => (await world.left()).length === 0, 'all is gone without another start');
    });

    it(`leaves nothing at all in a statement that does not end: ${shadow}`, async () => {
      const run = await inEndless(shadow);
      assert.ok(await seen(shadow === 'local' ? 'listen_addresses' : 'pglite-host.js'));
      await killed(run);
      await waitFor(async () => (await world.left()).length === 0, 'all is gone without another start');
    });
  }

  it('leaves no half of a state that was being kept', async () => {
    const made = rehearse('embedded', '--to', '1');
    assert.equal(await made.ended, 0, made.told());
    const stop = new AbortController();
    const begun = world.stateBegun(stop.signal);
    const run = rehearse('embedded', '--from', String(migrations));
    await begun;
    await killed(run);
    // As one whose own process was killed at once has left it.
    await world.writeHalfState(run.child.pid!);
    assert.notDeepEqual(await world.left(), []);
    await nextStartLeavesNone('embedded');
  });

  it('leaves no scratch database on a server, and touches no other', async () => {
    const { server } = await testServer({ major: 18 });
    const admin = await openSession(server.connection(), server.password);
    const databases = async (): Promise<string[]> =>
      (
        await admin.query<{ name: string }>('select datname::text as name from pg_database order by 1')
      ).rows.map(({ name }) => name);
    const theirs = ['switchback_shadow_of_mine', 'switchback_shadow_t6_0000000g'];
    try {
      for (const name of theirs) await admin.query(`create database ${name}`);
      const before = await databases();
      const url = `postgres://postgres:${server.password}@${server.host}:${server.port}/postgres`;
      const run = await inEndless(url);
      assert.equal((await databases()).length, before.length + 1);
      await killed(run);
      assert.equal((await databases()).length, before.length + 1, 'its statement goes on');
      await nextStartLeavesNone(url);
      assert.deepEqual(await databases(), before);
    } finally {
      for (const name of theirs) await admin.query(`drop database if exists ${name}`);
      await admin.close();
    }
  });
});
