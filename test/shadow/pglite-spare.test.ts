import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { processLives } from '../../src/ports/process-lives';
import { openEmbeddedShadow } from '../../src/shadow/embedded-shadow';
import type { PgliteSpare } from '../../src/shadow/pglite-process';
import type { Shadow } from '../../src/shadow/shadow';

const distFolder = path.resolve(__dirname, '../../dist');

describe('the process that waits for the next rehearsal', function () {
  this.timeout(120_000);
  const spare: PgliteSpare = { held: null };
  let cacheFolder: string;

  before(async () => {
    cacheFolder = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
  });
  afterEach(async () => {
    await spare.held?.kill();
    spare.held = null;
  });
  after(() => rm(cacheFolder, { recursive: true, force: true }));

  const open = (pace?: 'lasting'): Promise<Shadow> =>
    openEmbeddedShadow({ assets: { distFolder, cacheFolder, spare }, limitMilliseconds: 0, pace });

  /** Ends with `present` kept under the key. */
  async function keep(key: string, present: string): Promise<void> {
    const shadow = await open();
    const session = await shadow.reset();
    await session.script(`create table ${present} (id int)`);
    await shadow.kept!.keep(key, `note of ${key}`);
    await shadow.dispose();
  }

  it('is started from the state that was used last, and used by who wants that', async () => {
    await keep('one', 'first');
    const waiting = spare.held!;
    assert.deepEqual(waiting.begun?.stateFiles.length, 1);
    const shadow = await open();
    assert.equal(spare.held, null, 'one at a time has it');
    const resumed = await shadow.kept!.resume(['one']);
    assert.equal(resumed?.note, 'note of one');
    await resumed.session.script('select from first');
    assert.ok(waiting.alive, 'it is that process');
    await shadow.dispose();
    assert.ok(!processLives(waiting.pid));
  });

  it('gives way where another state is wanted, or an empty database', async () => {
    await keep('two', 'second');
    await keep('three', 'third');
    const other = spare.held!;
    let shadow = await open();
    const resumed = await shadow.kept!.resume(['none', 'two']);
    assert.equal(resumed?.key, 'two');
    await resumed.session.script('select from second');
    assert.ok(!other.alive);
    await shadow.dispose();

    const second = spare.held!;
    shadow = await open();
    const session = await shadow.reset();
    await assert.rejects(session.script('select from second'), /second/);
    assert.ok(!second.alive);
    await shadow.dispose();
  });

  it('is started empty where no state was used, and goes back where nobody needed it', async () => {
    let shadow = await open();
    await shadow.reset();
    await shadow.dispose();
    const waiting = spare.held!;
    assert.deepEqual(waiting.begun?.stateFiles, []);
    shadow = await open();
    await shadow.dispose();
    assert.equal(spare.held, waiting);
    shadow = await open();
    await (await shadow.reset()).script('create table fresh (id int)');
    assert.ok(waiting.alive);
    await (await shadow.reset()).script('create table fresh (id int)');
    assert.ok(!waiting.alive);
    await shadow.dispose();
  });

  it('is left to the short work', async () => {
    await (await open()).dispose();
    const waiting = spare.held!;
    const shadow = await open('lasting');
    await shadow.reset();
    assert.equal(spare.held, waiting);
    await shadow.dispose();
    assert.equal(spare.held, waiting);
    assert.ok(waiting.alive);
  });
});
