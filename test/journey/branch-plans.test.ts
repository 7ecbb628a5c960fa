import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { branchPlans } from '../../src/journey/branch-plans';
import { nodeFiles } from '../../src/ports/node-files';
import { plansBeside } from '../../src/plan/plans-beside';
import { gitIn } from '../support/git-folder';
import { testContext } from '../support/journey-context';
import { scaffoldedPlan } from '../support/scaffolded-plan';

const templates = path.resolve(__dirname, '../../templates');

describe('plans on open branches', () => {
  let root: string;

  const git = (...words: string[]): string => gitIn(root, ...words);
  const commit = (message: string): void => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  };

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-branches-'));
    git('init', '--quiet', '--initial-branch=main');
    await writeFile(path.join(root, 'README.md'), 'A shop\n');
    commit('Begin');
    git('checkout', '--quiet', '-b', 'rename/customers');
    await scaffoldedPlan(root, nodeFiles(), templates);
    commit('A plan');
    git('checkout', '--quiet', 'main');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('are found with their branch, and told to a new plan of the same table', async () => {
    const [other, ...more] = await branchPlans(testContext(root));
    assert.ok(other);
    assert.deepEqual(more, []);
    assert.equal(other.branch, 'rename/customers');
    const { notes, blockers } = plansBeside({ ...other.plan, id: 'another' }, [other]);
    assert.deepEqual(blockers, []);
    assert.match(
      notes.join(),
      /on the branch rename\/customers works on .*, too\. Agree with whoever makes it/,
    );
  });

  it('are not those that are merged or checked out, and none where nobody trusts the folder', async () => {
    assert.deepEqual(await branchPlans(testContext(root, { trusted: false })), []);
    git('checkout', '--quiet', 'rename/customers');
    assert.deepEqual(await branchPlans(testContext(root)), []);
    git('checkout', '--quiet', 'main');
    git('merge', '--quiet', '--no-edit', 'rename/customers');
    assert.deepEqual(await branchPlans(testContext(root)), []);
  });

  it('that cannot be read are left to whoever checks them out', async () => {
    git('checkout', '--quiet', 'rename/customers');
    const [file] = git('ls-files', '*/plan.md').split('\n');
    await writeFile(path.join(root, file!), '---\nswitchback: 1\n---\n');
    commit('Half a plan');
    git('checkout', '--quiet', 'main');
    assert.deepEqual(await branchPlans(testContext(root)), []);
  });
});
