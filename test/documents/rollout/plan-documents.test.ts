import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readFrontMatter } from '../../../src/documents/front-matter';
import { parseRegions } from '../../../src/documents/regions';
import { readPlanFolder, updatePlanFile } from '../../../src/implement/scaffold/plan-file';
import { writePlanDocuments } from '../../../src/journey/plan-documents';
import { refreshPlanDocuments } from '../../../src/journey/refresh-plan-documents';
import type { JourneyContext } from '../../../src/journey/workspace';
import { nodeFiles } from '../../../src/ports/node-files';
import type { ConfirmQuestion } from '../../../src/ports/prompt';
import { hostileNames } from '../../implement/scaffold/sample-plan';
import { testContext } from '../../support/journey-context';
import { scaffolded, type Scaffolded } from './scaffolded';

const allNames = [
  'tickets/1-expand.md',
  'tickets/2-migrate.md',
  'tickets/3-contract.md',
  'announcements/1-expand.md',
  'announcements/2-migrate.md',
  'announcements/3-contract.md',
  'calendar.ics',
  'pull-request.md',
  'changelog.md',
];

describe('writing the documents around a plan', function () {
  this.timeout(60_000);
  let plan: Scaffolded;
  let asked: ConfirmQuestion[];
  let answer: boolean;
  let context: JourneyContext;

  beforeEach(async () => {
    plan = await scaffolded();
    asked = [];
    answer = true;
    context = {
      ...testContext(plan.root),
      prompt: {
        confirm: async (question) => {
          asked.push(question);
          return answer;
        },
        typeToConfirm: async () => false,
      },
    };
  });
  afterEach(() => plan.remove());

  const names = (files: readonly string[]): string[] =>
    files.map((file) => path.relative(plan.planFolder, file).split(path.sep).join('/'));

  it('writes all of them, and the second time nothing', async () => {
    const first = await writePlanDocuments(context, plan.planFolder);
    assert.deepEqual(names(first.written), allNames);
    const second = await writePlanDocuments(context, plan.planFolder);
    assert.deepEqual([second.written, names(second.unchanged), second.kept], [[], allNames, []]);
    assert.deepEqual(asked, []);
  });

  it('writes only the kinds that are asked for', async () => {
    const { written } = await writePlanDocuments(context, plan.planFolder, ['changelog', 'calendar']);
    assert.deepEqual(names(written), ['calendar.ics', 'changelog.md']);
    assert.equal(existsSync(path.join(plan.planFolder, 'tickets')), false);
  });

  it('leaves the plan itself as it was', async () => {
    const before = await readPlanFolder(plan.planFolder, nodeFiles(), context.workspace.root);
    await writePlanDocuments(context, plan.planFolder);
    assert.deepEqual(await readPlanFolder(plan.planFolder, nodeFiles(), context.workspace.root), before);
  });

  it('says in the ticket whose it is, and in the pull request what lint and rehearsal say', async () => {
    await writePlanDocuments(context, plan.planFolder);
    const ticket = await plan.read('tickets/2-migrate.md');
    const { data } = await readFrontMatter(ticket, 'ticket');
    assert.deepEqual(data, { plan: plan.planId, phase: 'migrate' });
    const request = await plan.read('pull-request.md');
    assert.match(request, /Errors: \d+, warnings: \d+, in the 3 migration files of the plan\./);
    assert.match(request, /`db\/migrations\/000042_rename_name_add_column\.up\.sql`/);
    assert.match(request, /\| Rehearsal of the way back \| not yet \| – \| – \| Nothing is on record\. \|/);
    assert.match(request, /\| Approval: Tech lead \| not yet \|/);
  });

  it('names the verdicts and the people on record, and what is out of date', async () => {
    const { approvedHash } = await readPlanFolder(plan.planFolder, nodeFiles(), context.workspace.root);
    const evidence = {
      at: '2026-03-05T08:00:00Z',
      by: 'Ada | L.',
      server: '18.1',
      database: 'shop',
      contentHash: approvedHash,
      details: { reason: '8 steps rehearsed on postgres 18.1' },
    };
    const record = async (contentHash: string): Promise<void> =>
      updatePlanFile(plan.planFolder, nodeFiles(), {
        environments: {
          staging: {
            databaseId: null,
            phase: null,
            steps: [],
            evidence: [{ ...evidence, gate: 'rehearsal', verdict: 'held', contentHash }],
          },
        },
        approvals: [{ role: 'Tech lead', by: 'Grace', at: '2026-03-06T08:00:00Z', hash: contentHash }],
      });
    await record(approvedHash);
    await writePlanDocuments(context, plan.planFolder, ['pull-request']);
    const fresh = await plan.read('pull-request.md');
    assert.match(
      fresh,
      /\| Rehearsal of the way back \| passed \| 2026-03-05 \| Ada \\\| L\. \| 8 steps rehearsed on postgres 18\.1, for shop \|/,
    );
    assert.match(fresh, /\| Approval: Tech lead \| given \| 2026-03-06 \| Grace \| The plan as it is \|/);
    await record('0'.repeat(64));
    await refreshPlanDocuments(context, plan.planFolder);
    const stale = await plan.read('pull-request.md');
    assert.match(stale, /\| Rehearsal of the way back \| out of date \| 2026-03-05 \|.*has changed since \|/);
    assert.match(
      stale,
      /\| Approval: Tech lead \| out of date \| – \| Grace \| 2026-03-06, for the plan as it was then \|/,
    );
  });

  it('brings regions up to date and keeps what people wrote around them, and their line ends', async () => {
    await writePlanDocuments(context, plan.planFolder);
    const mine = (await plan.read('tickets/1-expand.md'))
      .replace('---\n', '---\n# see the board\nboard: OPS\n')
      .replace('## Steps', '## Steps')
      .concat('\nMy own words.\n')
      .replaceAll('\n', '\r\n');
    await plan.write('tickets/1-expand.md', mine);
    await plan.retitle('Another title');
    const { written } = await writePlanDocuments(context, plan.planFolder);
    assert.ok(names(written).includes('tickets/1-expand.md'));
    const text = await plan.read('tickets/1-expand.md');
    assert.match(text, /# Expand: Another title\r\n/);
    assert.match(text, /My own words\.\r\n$/);
    assert.match(text, /# see the board\r\nboard: OPS\r\n/);
    assert.doesNotMatch(text, /(?<!\r)\n/);
    assert.deepEqual(asked, []);
  });

  it('asks about a region that a person edited once, with the difference, and keeps their text', async () => {
    const name = 'announcements/1-expand.md';
    await writePlanDocuments(context, plan.planFolder);
    const mine = (await plan.read(name)).replace('We write again when it is done.', 'We never write again.');
    await plan.write(name, mine);
    assert.deepEqual(names((await writePlanDocuments(context, plan.planFolder)).kept), []);
    assert.equal(await plan.read(name), mine);

    await plan.retitle('Another title');
    answer = false;
    const refused = await writePlanDocuments(context, plan.planFolder);
    assert.deepEqual(names(refused.kept), [name]);
    assert.equal(await plan.read(name), mine);
    assert.deepEqual(
      asked.map(({ id, title }) => [id, title]),
      [['overwrite', `${path.join('plans', plan.planId, ...name.split('/'))} was edited by hand.`]],
    );
    assert.match(asked[0]!.detail, /^-We never write again\./m);
    assert.match(asked[0]!.detail, /^\+We write again when it is done\./m);

    answer = true;
    const merged = await writePlanDocuments(context, plan.planFolder);
    assert.deepEqual(names(merged.written), [name]);
    const text = await plan.read(name);
    assert.match(text, /We never write again\./);
    assert.match(text, /# Announcements: Expand of Another title/);
    assert.match(text, /We have taken back the phase Expand of "Another title"\./);
    assert.deepEqual(
      parseRegions(text)
        .filter(({ edited }) => edited)
        .map(({ id }) => id),
      ['start'],
    );

    // The same difference is not asked about again.
    const again = await writePlanDocuments(context, plan.planFolder);
    assert.deepEqual([again.written, again.kept, asked.length], [[], [], 2]);
  });

  it('asks before a calendar that a person changed is written again', async () => {
    await writePlanDocuments(context, plan.planFolder, ['calendar']);
    const mine = (await plan.read('calendar.ics')).replace('TRANSP:TRANSPARENT', 'TRANSP:OPAQUE');
    await plan.write('calendar.ics', mine);
    answer = false;
    assert.deepEqual(names((await writePlanDocuments(context, plan.planFolder, ['calendar'])).kept), [
      'calendar.ics',
    ]);
    assert.equal(await plan.read('calendar.ics'), mine);
    answer = true;
    await writePlanDocuments(context, plan.planFolder, ['calendar']);
    assert.doesNotMatch(await plan.read('calendar.ics'), /OPAQUE/);
    assert.equal(asked.length, 2);
  });

  it('follows the record of the plan in the files that are there, and in no others', async () => {
    await writePlanDocuments(context, plan.planFolder, ['tickets']);
    const step = { by: 'switchback', error: null, backfill: null, startedAt: '2026-03-10T01:00:00Z' };
    const record = (state: 'done' | 'rolled-back' | 'running', finishedAt: string | null): Promise<void> =>
      updatePlanFile(plan.planFolder, nodeFiles(), {
        environments: {
          shop: {
            databaseId: null,
            phase: 'expand',
            evidence: [],
            steps: [{ ...step, id: '01-add-column', state, finishedAt }],
          },
        },
      });
    const status = async (): Promise<string> => {
      await refreshPlanDocuments(context, plan.planFolder);
      return (await plan.read('tickets/1-expand.md')).match(/\*\*Status:\*\* .*/)![0];
    };
    assert.equal(await status(), '**Status:** waiting.');
    await record('running', null);
    assert.equal(await status(), '**Status:** under way since 2026-03-10 (shop)');
    await record('done', '2026-03-11T01:00:00Z');
    assert.equal(await status(), '**Status:** done on 2026-03-11 (shop)');
    await record('rolled-back', '2026-03-12T01:00:00Z');
    assert.equal(await status(), '**Status:** rolled back on 2026-03-12 (shop)');
    assert.match(await plan.read('tickets/2-migrate.md'), /\*\*Status:\*\* waiting \(shop\)/);
    for (const name of ['announcements', 'pull-request.md', 'calendar.ics'])
      assert.equal(existsSync(path.join(plan.planFolder, name)), false, name);

    const mine = (await plan.read('tickets/1-expand.md')).replace(
      /rolled back on .*\(shop\)/,
      'parked, says Ada',
    );
    await plan.write('tickets/1-expand.md', mine);
    await record('done', '2026-03-13T01:00:00Z');
    assert.equal(await status(), '**Status:** parked, says Ada');
  });

  it('leaves a file that is not text, so that a run is not held to have failed', async () => {
    await writePlanDocuments(context, plan.planFolder, ['tickets']);
    await writeFile(path.join(plan.planFolder, 'tickets/1-expand.md'), Buffer.from([0x2d, 0xff, 0xfe, 0x41]));
    const told: string[] = [];
    const progress = { report: ({ message }: { message: string }) => void told.push(message) };
    await refreshPlanDocuments({ ...context, progress }, plan.planFolder);
    assert.match(told.join(), /1-expand\.md is not UTF-8 text/);
  });

  it('uses the templates of the workspace, and none of them where it is not trusted', async () => {
    const own = path.join(plan.root, '.switchback', 'templates', 'rollout');
    await mkdir(own, { recursive: true });
    await writeFile(
      path.join(own, 'changelog.md.hbs'),
      '<!-- switchback:begin mine -->\nOurs: {{text plan.title}}\n<!-- switchback:end mine -->\n',
    );
    await writePlanDocuments(context, plan.planFolder, ['changelog']);
    assert.match(
      await plan.read('changelog.md'),
      /^<!-- switchback:begin mine [0-9a-f]{16} -->\nOurs: Rename public\.customers\.name to full_name\n<!-- switchback:end mine [0-9a-f]{16} -->\n$/,
    );
    await plan.write('changelog.md', '');
    await writePlanDocuments({ ...testContext(plan.root, { trusted: false }) }, plan.planFolder, [
      'announcements',
    ]);
    await nodeFiles().remove(path.join(plan.planFolder, 'changelog.md'));
    await writePlanDocuments({ ...testContext(plan.root, { trusted: false }) }, plan.planFolder, [
      'changelog',
    ]);
    assert.match(await plan.read('changelog.md'), /## Unreleased/);
  });

  it('refuses a folder without a plan', async () => {
    await assert.rejects(writePlanDocuments(context, plan.root), { code: 'not-found' });
  });

  it('writes hostile names and finds them unchanged', async () => {
    const hostile = await scaffolded(hostileNames);
    try {
      const there = { ...testContext(hostile.root) };
      await writePlanDocuments(there, hostile.planFolder);
      const again = await writePlanDocuments(there, hostile.planFolder);
      assert.equal(again.unchanged.length, allNames.length);
      for (const name of allNames.filter((item) => item.endsWith('.md')))
        assert.ok(
          parseRegions(await hostile.read(name)).every(({ edited }) => !edited),
          name,
        );
    } finally {
      await hostile.remove();
    }
  });
});
