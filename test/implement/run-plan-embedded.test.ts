import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Session } from '../../src/database/session';
import { installSchema } from '../../src/database/switchback-schema';
import { rollBackPlan } from '../../src/implement/roll-back-plan';
import { applyPhase } from '../../src/implement/run-plan';
import { systemClock } from '../../src/ports/clock';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { value } from './fixture';
import { samplePlan, sampleRun, sampleTable } from './plan-fixture';

const dist = path.resolve(__dirname, '..', '..', 'dist');
const confirmed = new Map([['06-deploy', { by: 'ops', at: '2026-01-03T10:00:00Z', note: '' }]]);

describe('running a plan on the embedded database, which has one session', function () {
  this.timeout(120_000);
  let cacheFolder: string;
  let shadow: Shadow;

  before(async () => {
    assert.ok(
      existsSync(path.join(dist, 'pglite-host.js')),
      'dist/pglite-host.js is missing: run "node scripts/build.mjs"',
    );
    cacheFolder = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    shadow = await openShadow('embedded', {
      assets: { distFolder: dist, cacheFolder },
      binaries: { packageFolders: [], searchPath: '' },
    });
  });
  after(async () => {
    await shadow?.dispose();
    await rm(cacheFolder, { recursive: true, force: true });
  });

  async function look<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await shadow.open();
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  it('carries out all phases up to the wait, and rolls back', async () => {
    await look(async (session) => {
      await session.script(sampleTable);
      await installSchema(session);
    });
    const bench = { sessions: shadow, clock: systemClock() };
    const { context } = await sampleRun(bench, samplePlan('plain'), { confirmations: confirmed });
    await applyPhase(context, 'expand');
    const migrated = await applyPhase(context, 'migrate');
    assert.equal(migrated.stopped?.step, '07-wait');
    assert.equal(
      await look((session) => value(session, 'select count(*)::text from app.items where cents = price')),
      '500',
    );
    assert.equal((await rollBackPlan(context)).progress.state, 'rolled-back');
    const columns =
      "select count(*)::text from information_schema.columns where table_schema = 'app' and table_name = 'items'";
    assert.equal(await look((session) => value(session, columns)), '2');
  });
});
