import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readFrontMatter } from '../../../src/documents/front-matter';
import { createIssues } from '../../../src/journey/create-issues';
import { writePlanDocuments } from '../../../src/journey/plan-documents';
import type { JourneyContext } from '../../../src/journey/workspace';
import { isSwitchbackError } from '../../../src/messages/error';
import { testContext } from '../../support/journey-context';
import { fakeGh, scaffolded, withPath, type Scaffolded } from './scaffolded';

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('issues from tickets', function () {
  this.timeout(60_000);
  let plan: Scaffolded;
  let context: JourneyContext;
  let gh: Awaited<ReturnType<typeof fakeGh>>;
  const asked: string[] = [];

  beforeEach(async () => {
    plan = await scaffolded();
    gh = await fakeGh(plan.root);
    asked.length = 0;
    const base = testContext(plan.root);
    const cache = path.join(plan.root, 'cache');
    const confirm: JourneyContext['prompt']['confirm'] = async ({ id, detail }) => {
      asked.push(`${id}: ${detail}`);
      return true;
    };
    context = {
      ...base,
      workspace: { ...base.workspace, assets: { ...base.workspace.assets, cache } },
      prompt: { ...base.prompt, confirm },
    };
    await writePlanDocuments(context, plan.planFolder, ['tickets']);
  });
  afterEach(() => plan.remove());

  const create = (): ReturnType<typeof createIssues> =>
    withPath(gh.folder, () => createIssues(context, plan.planFolder));
  const frontMatter = async (name: string): Promise<Record<string, unknown>> =>
    (await readFrontMatter(await plan.read(`tickets/${name}`), name)).data as Record<string, unknown>;
  /** What gh does in the place of answering with an address. */
  const answer = (script: string): Promise<void> => writeFile(path.join(gh.folder, 'answer'), script);

  it('are created once each, after a yes, and their addresses are kept', async () => {
    const { created, existing } = await create();
    assert.deepEqual(
      created.map(({ ticket, issue }) => [path.basename(ticket), issue]),
      [
        ['1-expand.md', 'https://github.com/shop/web/issues/7'],
        ['2-migrate.md', 'https://github.com/shop/web/issues/8'],
        ['3-contract.md', 'https://github.com/shop/web/issues/9'],
      ],
    );
    assert.deepEqual(existing, []);
    assert.equal(asked.length, 1);
    assert.match(asked[0]!, /^create-issues: .*"Expand: Rename public\.customers\.name to full_name"/);
    assert.deepEqual(await frontMatter('1-expand.md'), {
      plan: plan.planId,
      phase: 'expand',
      issue: 'https://github.com/shop/web/issues/7',
    });
    const again = await create();
    assert.deepEqual([again.created, again.existing.length, asked.length], [[], 3, 1]);
    assert.equal((await gh.calls()).length, 3);
  });

  it('have the title of the phase, and the ticket without marks and status as their text', async () => {
    await plan.write(
      'tickets/1-expand.md',
      `${await plan.read('tickets/1-expand.md')}\nSays Ada: "quotes" \`ticks\` $(date) | pipes\n`,
    );
    await create();
    const [first] = await gh.calls();
    assert.deepEqual(first!.slice(0, 4), [
      'issue',
      'create',
      '--title',
      'Expand: Rename public.customers.name to full_name',
    ]);
    const body = first![4]!;
    assert.match(body, /^# Expand: Rename public\.customers\.name to full_name\n\nBoth columns are there/);
    assert.match(body, /Says Ada: "quotes" `ticks` \$\(date\) \| pipes\n$/);
    assert.doesNotMatch(body, /switchback:|Status|^---/m);
  });

  it('stay with the ticket when it is written again', async () => {
    await create();
    await plan.retitle('Another title');
    await writePlanDocuments(context, plan.planFolder, ['tickets']);
    const { issue } = await frontMatter('1-expand.md');
    assert.equal(issue, 'https://github.com/shop/web/issues/7');
    assert.match(await plan.read('tickets/1-expand.md'), /# Expand: Another title/);
  });

  it('are none without a yes, without trust, and without tickets', async () => {
    const no: JourneyContext = { ...context, prompt: { ...context.prompt, confirm: async () => false } };
    await assert.rejects(createIssues(no, plan.planFolder), { code: 'cancelled' });
    const workspace = { ...context.workspace, trusted: false };
    await assert.rejects(createIssues({ ...context, workspace }, plan.planFolder), {
      code: 'untrusted-workspace',
    });
    await context.files.remove(path.join(plan.planFolder, 'tickets'));
    assert.deepEqual(await create(), { created: [], existing: [] });
    assert.deepEqual(await gh.calls(), []);
  });

  it('say what to do where there is no gh, and change nothing', async () => {
    const before = await plan.read('tickets/1-expand.md');
    const empty = path.join(plan.root, 'empty');
    await mkdir(empty);
    await assert.rejects(
      withPath(empty, () => createIssues(context, plan.planFolder)),
      (error) => {
        assert.ok(isSwitchbackError(error, 'not-found'));
        assert.match(error.sentence, /no program gh .* https:\/\/cli\.github\.com .*"gh auth login"/);
        assert.doesNotMatch(error.sentence, /toolCommands/);
        return true;
      },
    );
    assert.equal(await plan.read('tickets/1-expand.md'), before);
  });

  it('say what gh said where it refused, and go on with the rest another time', async () => {
    await answer(
      "if (count === 1) console.log('https://github.com/shop/web/issues/7'); else { console.error('HTTP 401: bad credentials'); process.exitCode = 4; }",
    );
    await assert.rejects(create(), (error) => {
      assert.ok(isSwitchbackError(error, 'step-failed'));
      assert.match(error.sentence, /2-migrate\.md: HTTP 401: bad credentials/);
      return true;
    });
    assert.equal((await frontMatter('2-migrate.md')).issueAskedAt, undefined);
    await context.files.remove(path.join(gh.folder, 'answer'));
    const { created, existing } = await create();
    assert.deepEqual([created.length, existing.length], [2, 1]);
    const titles = (await gh.calls()).map((call) => call[3]!.split(':')[0]);
    assert.deepEqual(titles, ['Expand', 'Migrate', 'Migrate', 'Contract']);
  });

  it('are not created again where it is not known what became of one', async () => {
    const programs: JourneyContext['programs'] = {
      run: async () => {
        throw new Error('the connection to the terminal was lost');
      },
    };
    await assert.rejects(createIssues({ ...context, programs }, plan.planFolder), /terminal was lost/);
    assert.equal(typeof (await frontMatter('1-expand.md')).issueAskedAt, 'string');
    await assert.rejects(create(), (error) => {
      assert.ok(isSwitchbackError(error, 'step-failed'));
      assert.match(error.sentence, /1-expand\.md at \d{4}-.*remove "issueAskedAt:"/);
      return true;
    });
    assert.deepEqual(await gh.calls(), []);
    const text = await plan.read('tickets/1-expand.md');
    await plan.write(
      'tickets/1-expand.md',
      text.replace(/issueAskedAt: .*/, 'issue: https://github.com/shop/web/issues/3'),
    );
    const { created, existing } = await create();
    assert.deepEqual([created.length, existing[0]!.issue], [2, 'https://github.com/shop/web/issues/3']);
  });

  it('hold an answer without an address to be unknown', async () => {
    await answer("console.log('done');");
    await assert.rejects(create(), { code: 'step-failed' });
    await assert.rejects(create(), { code: 'step-failed' });
    assert.equal((await gh.calls()).length, 1);
  });
});
