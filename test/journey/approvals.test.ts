import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readPlanFolder, updatePlanFile, type Approval } from '../../src/implement/scaffold/plan-file';
import { readApprovals, type ReadApprovals } from '../../src/journey/approvals';
import { nodeFiles } from '../../src/ports/node-files';
import { gitIn } from '../support/git-folder';
import { testContext } from '../support/journey-context';
import { scaffoldedPlan } from '../support/scaffolded-plan';

const templates = path.resolve(__dirname, '../../templates');
const ada = 'Ada Lovelace <ada@example.com>';
const grace = 'Grace Hopper <grace@example.com>';

describe('approvals in plan.md', () => {
  let root: string;
  let folder: string;
  const files = nodeFiles();
  const file = (): string => path.join(folder, 'plan.md');

  const git = (...words: string[]): string => gitIn(root, ...words);
  const commit = (author: string): string => {
    git('add', '--all');
    return git('commit', '--quiet', '--message', 'A commit', '--author', author);
  };
  const read = async (
    choices: Parameters<typeof testContext>[1] = {},
    from = folder,
  ): Promise<ReadApprovals> =>
    readApprovals(testContext(root, choices), await readPlanFolder(from, files, root));
  const approve = async (by: string, more: Partial<Approval> = {}): Promise<void> => {
    const { approvals, approvedHash } = await readPlanFolder(folder, files, root);
    const approval = { role: 'Tech lead', by, at: '2026-03-05T08:00:00Z', hash: approvedHash, ...more };
    await updatePlanFile(folder, files, { approvals: [...approvals, approval] });
  };
  const names = ({ proved }: ReadApprovals): string[] => proved.map(({ by }) => by);

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-approvals-'));
    folder = await scaffoldedPlan(root, files, templates);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const inRepository = (): void => {
    git('init', '--quiet');
    commit(ada);
  };

  it('count when who approves committed the entry, by name, by address, or by both', async () => {
    inRepository();
    await approve('Grace Hopper');
    commit(grace);
    await approve('ADA@example.com', { role: 'Product owner' });
    commit(ada);
    await approve('Linus <linus@example.com>', { role: 'Stakeholders' });
    commit('Linus <linus@example.com>');
    const found = await read();
    assert.deepEqual(found.refused, []);
    assert.deepEqual(names(found), ['Grace Hopper', 'ADA@example.com', 'Linus <linus@example.com>']);
  });

  it('do not count before they are committed', async () => {
    inRepository();
    await approve('Grace Hopper');
    const found = await read();
    assert.deepEqual(found.proved, []);
    assert.match(
      found.refused[0]!,
      /^The approval of Grace Hopper in line \d+ of plan\.md is not committed yet\.$/,
    );
    const line = Number(/line (\d+)/.exec(found.refused[0]!)![1]);
    assert.match((await readFile(file(), 'utf8')).split('\n')[line - 1]!, /- role: Tech lead/);
  });

  it('do not count in a plan git does not know, and in a repository without a commit', async () => {
    git('init', '--quiet');
    await approve('Grace Hopper');
    assert.match((await read()).refused[0]!, /not committed yet/);
    await writeFile(path.join(root, 'other'), '');
    git('add', 'other');
    git('commit', '--quiet', '--message', 'Another file');
    assert.match((await read()).refused[0]!, /not committed yet/);
  });

  it('do not count when somebody else committed them, or one line of them', async () => {
    inRepository();
    await approve('Grace Hopper');
    commit(ada);
    assert.match(
      (await read()).refused[0]!,
      /was committed by Ada Lovelace\. Who approves commits it under that name\.$/,
    );
    await approve('Grace Hopper', { role: 'Product owner' });
    commit(grace);
    assert.deepEqual(
      (await read()).proved.map(({ role }) => role),
      ['Product owner'],
    );
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), text.replace('role: Product owner', 'role: Stakeholders'));
    commit(ada);
    assert.deepEqual((await read()).proved, []);
  });

  it('do not count for another version of the plan', async () => {
    inRepository();
    await approve('Grace Hopper');
    commit(grace);
    assert.deepEqual(names(await read()), ['Grace Hopper']);
    const steps = path.join(folder, 'steps');
    const { name } = (await files.list(steps))[0]!;
    await writeFile(path.join(steps, name), `${await files.read(path.join(steps, name))}\n-- another\n`);
    const found = await read();
    assert.deepEqual(found.proved, []);
    assert.deepEqual(found.refused, ['What Grace Hopper approved was the plan as it was then.']);
  });

  it('stay when Switchback writes its own part of plan.md, and with the line ends of Windows', async () => {
    inRepository();
    await approve('Grace Hopper');
    commit(grace);
    await updatePlanFile(folder, files, { state: 'expanding' });
    assert.deepEqual(names(await read()), ['Grace Hopper']);
    await writeFile(file(), (await readFile(file(), 'utf8')).replaceAll('\n', '\r\n'));
    commit(grace);
    assert.deepEqual(names(await read()), ['Grace Hopper']);
  });

  it('follow the mailmap', async () => {
    inRepository();
    await approve('Grace Hopper');
    commit('ghopper <gh@old.example.com>');
    assert.deepEqual((await read()).proved, []);
    await writeFile(
      path.join(root, '.mailmap'),
      'Grace Hopper <grace@example.com> ghopper <gh@old.example.com>\n',
    );
    assert.deepEqual(names(await read()), ['Grace Hopper']);
  });

  it('cannot be hidden behind commits that blame is told to ignore', async () => {
    inRepository();
    await approve('Grace Hopper');
    commit(grace);
    const { approvedHash } = await readPlanFolder(folder, files, root);
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), text.replace(`    hash: ${approvedHash}`, `    hash: ${'0'.repeat(64)}`));
    commit(ada);
    await writeFile(file(), text);
    commit(ada);
    await writeFile(path.join(root, '.ignored'), git('log', '-2', '--format=%H'));
    git('config', 'blame.ignoreRevsFile', '.ignored');
    assert.deepEqual((await read()).proved, []);
  });

  it('without git, and in a workspace nobody trusts, a person confirms by hand', async () => {
    await approve('Grace Hopper');
    const said = 'git cannot be asked here who wrote the approval of Grace Hopper. Confirm the gate by hand.';
    assert.deepEqual(await read(), { proved: [], refused: [said], author: null });
    inRepository();
    assert.deepEqual((await read({ trusted: false })).refused, [said]);
  });

  it('a clone that is too shallow does not tell', async () => {
    inRepository();
    await approve('Grace Hopper');
    commit(grace);
    const clone = `${root}-clone`;
    try {
      git('clone', '--quiet', '--depth', '1', `file://${root}`, clone);
      const found = await read({}, path.join(clone, path.relative(root, folder)));
      assert.deepEqual(found.proved, []);
      assert.match(found.refused[0]!, /Run "git fetch --unshallow"\.$/);
    } finally {
      await rm(clone, { recursive: true, force: true });
    }
  });

  it('name the author of the plan where somebody else has to approve', async () => {
    inRepository();
    await approve('Ada Lovelace');
    commit(ada);
    assert.equal((await read()).author, null);
    const found = await read({ configuration: { approvalByAnother: true } });
    assert.deepEqual(found.author, { name: 'Ada Lovelace', mail: 'ada@example.com' });
    assert.deepEqual(names(found), ['Ada Lovelace']);
  });
});
