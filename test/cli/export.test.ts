import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExportOutcome } from '../../src/journey/export-plan';
import { scaffolded, type Scaffolded } from '../documents/rollout/scaffolded';
import { switchback } from './support';

describe('exporting a plan in the terminal', function () {
  this.timeout(60_000);
  let plan: Scaffolded;
  beforeEach(async () => {
    plan = await scaffolded();
  });
  afterEach(() => plan.remove());

  it('writes plan.html beside plan.md, or where --out says', async () => {
    const own = await switchback(plan.root, {}, 'export', plan.planId);
    assert.equal(own.exitCode, 0, own.told.join('\n'));
    const file = path.join('plans', plan.planId, 'plan.html');
    assert.equal(own.out.trim(), `${file} is written, with plan.md.`);
    assert.match(await readFile(path.join(plan.root, file), 'utf8'), /^<!doctype html>/);
    const out = path.join('public', 'plan.html');
    const all = await switchback(
      plan.root,
      {},
      'export',
      plan.planId,
      '--all',
      '--out',
      out,
      '--format',
      'json',
    );
    const { file: written, documents } = all.json<ExportOutcome>();
    assert.equal(written, path.join(plan.root, out));
    assert.ok(documents.includes('rollback.md'));
  });

  it('answers 2 to what is no plan', async () => {
    const file = path.join('db', 'migrations', '000041_old.up.sql');
    assert.equal((await switchback(plan.root, {}, 'export', file)).exitCode, 2);
    assert.equal((await switchback(plan.root, {}, 'export')).exitCode, 2);
  });
});
