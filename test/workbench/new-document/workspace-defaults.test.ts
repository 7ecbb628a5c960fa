import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  readWorkspaceDefaults,
  type WorkspaceDefaults,
} from '../../../src/workbench/new-document/workspace-defaults';
import { testContext } from '../../support/journey-context';

describe('what the workspace answers by itself', () => {
  let root: string;

  beforeEach(async () => {
    const parent = await realpath(await mkdtemp(path.join(os.tmpdir(), 'switchback-defaults-')));
    root = path.join(parent, 'corner shop');
    await mkdir(root);
  });

  afterEach(() => rm(path.dirname(root), { recursive: true, force: true }));

  const read = async (files: Record<string, string>): Promise<WorkspaceDefaults> => {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(root, name), text);
    return readWorkspaceDefaults(testContext(root));
  };

  it('calls the project as package.json does, else as go.mod does, else as its folder is called', async () => {
    assert.equal((await read({})).project, 'corner shop');
    assert.equal((await read({ 'go.mod': 'module example.org/team/shop/v2\n\ngo 1.22\n' })).project, 'shop');
    assert.equal((await read({ 'package.json': '{"name": "@team/web-shop"}' })).project, 'web-shop');
  });

  it('does without a manifest that cannot be read', async () => {
    for (const text of ['{', '[]', 'null', '{"name": 7, "scripts": "none"}']) {
      const defaults = await read({ 'package.json': text });
      assert.equal(defaults.project, 'corner shop');
      assert.equal(defaults.releaseCommand, null);
    }
  });

  it('proposes the script that releases, and never one that JavaScript brings along', async () => {
    const scripts = { build: 'tsc', release: 'x', deploy: 'y' };
    assert.equal(
      (await read({ 'package.json': JSON.stringify({ scripts }) })).releaseCommand,
      'npm run deploy',
    );
    assert.equal((await read({ 'package.json': '{"scripts": {"build": "tsc"}}' })).releaseCommand, null);
  });

  it('takes the name that git commits with here', async () => {
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['config', 'user.name', 'Release Team'], { cwd: root });
    assert.equal((await read({})).person, 'Release Team');
  });

  it('says which day it is', async () => {
    const { today } = await read({});
    assert.equal(today, new Date(`${today}T00:00:00Z`).toISOString().slice(0, 10));
    assert.ok(Math.abs(Date.parse(today) - Date.now()) < 2 * 86_400_000);
  });
});
