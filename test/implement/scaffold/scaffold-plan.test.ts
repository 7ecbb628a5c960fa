import assert from 'node:assert/strict';
import path from 'node:path';
import { readScriptHashes } from '../../../src/implement/scripts/script-hashes';
import { releasedFile } from '../../../src/implement/scaffold/released-file';
import { noPlanAnswers, type PlanAnswers } from '../../../src/assess/plan-answers';
import type { Prerequisite } from '../../../src/assess/prerequisites';
import { readPlanFolder, updatePlanFile } from '../../../src/implement/scaffold/plan-file';
import { releasePhase } from '../../../src/implement/scaffold/release-phase';
import { scaffoldPlan, type ScaffoldRequest } from '../../../src/implement/scaffold/scaffold-plan';
import { answersOf } from '../../../src/implement/scaffold/stored-answers';
import { normalizedPlan } from '../../../src/implement/scaffold/step-files';
import { memoryFiles } from '../../support/memory-files';
import { shippedTemplates } from './shipped-templates';
import { hostileNames, plainNames, sampleAssessment, samplePlan, type SampleNames } from './sample-plan';

const root = path.resolve('/w');
const folder = path.join(root, 'plans/20260304-rename-name');
const templates = { shipped: '/templates', override: null };

function workspace(): ReturnType<typeof memoryFiles> {
  return memoryFiles({
    ...shippedTemplates(),
    '/w/db/migrations/000041_old.up.sql': '',
    '/w/db/migrations/000041_old.down.sql': '',
  });
}

function request(
  files: ReturnType<typeof memoryFiles>,
  more: Partial<ScaffoldRequest> = {},
  names: SampleNames = plainNames,
): ScaffoldRequest {
  return {
    plan: samplePlan(names),
    assessment: sampleAssessment(names),
    notes: [],
    answers: noPlanAnswers,
    prerequisites: [],
    folder,
    root,
    files,
    templates,
    now: new Date('2026-03-04T05:06:07Z'),
    resolve: (conflict) => Promise.reject(new Error(`asked about ${conflict.path}`)),
    ...more,
  };
}

const relative = (files: readonly string[]): string[] =>
  files.map((file) => path.relative(root, file).split(path.sep).join('/')).sort();

describe('scaffolding a plan', () => {
  it('reads a plan of before releases had samples and renames a choice, as it was approved', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const file = path.join(folder, 'plan.md');
    const { approvedHash, plan } = await readPlanFolder(folder, files, root);
    const old = (await files.read(file)).replace(
      /^ +(sample: null|dualWrite: trigger|deploySteps: one)\n/gm,
      '',
    );
    assert.doesNotMatch(old, /sample:|dualWrite:|deploySteps:/);
    await files.write(file, old);
    const loaded = await readPlanFolder(folder, files, root);
    assert.deepEqual(loaded.plan, plan);
    assert.equal(loaded.approvedHash, approvedHash);
  });

  for (const [label, names] of [
    ['small', plainNames],
    ['hostile', hostileNames],
  ] as const) {
    it(`gives back the same plan from its folder, ${label}`, async () => {
      const files = workspace();
      await scaffoldPlan(request(files, {}, names));
      const loaded = await readPlanFolder(folder, files, root);
      assert.deepEqual(loaded.plan, await normalizedPlan(samplePlan(names)));
      assert.equal(loaded.state, 'ready');
      assert.deepEqual(loaded.editedFiles, []);
      assert.match(
        await files.read(path.join(folder, 'plan.md')),
        new RegExp(`approvedHash: ${loaded.approvedHash}`),
      );
    });
  }

  it('writes only the next phase into the team’s folder, the others under held/', async () => {
    const files = workspace();
    const result = await scaffoldPlan(request(files));
    assert.deepEqual(relative(result.release.written), [
      'db/migrations/000042_rename_name_add_column.down.sql',
      'db/migrations/000042_rename_name_add_column.up.sql',
    ]);
    const held = files.paths().filter((file) => file.includes('/held/'));
    assert.deepEqual(
      relative(held).map((file) => path.posix.basename(file)),
      ['04-add-index.down.sql', '04-add-index.up.sql', '08-drop-old.down.sql', '08-drop-old.up.sql'],
    );
    assert.ok(result.written.every((file) => files.paths().includes(file)));
  });

  it('asks nothing and writes nothing when nothing changed', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const before = new Map(
      await Promise.all(files.paths().map(async (file) => [file, await files.read(file)] as const)),
    );
    const again = await scaffoldPlan(request(files));
    assert.deepEqual(again.written, []);
    const after = new Map(
      await Promise.all(files.paths().map(async (file) => [file, await files.read(file)] as const)),
    );
    assert.deepEqual(after, before);
  });

  it('keeps what a person edited, and says so; asks only when it would be written differently', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const checklist = path.join(folder, 'checklist.md');
    const mine = `${await files.read(checklist)}\nmy line\n`;
    await files.write(checklist, mine);
    const same = await scaffoldPlan(request(files));
    assert.deepEqual(relative(same.kept), ['plans/20260304-rename-name/checklist.md']);
    assert.equal(await files.read(checklist), mine);

    const plan = { ...samplePlan(plainNames), title: 'Another title' };
    const asked: string[] = [];
    const resolve: ScaffoldRequest['resolve'] = async (conflict) => {
      asked.push(conflict.path);
      assert.match(conflict.diff, /^-my line$/m);
      return 'keep';
    };
    await scaffoldPlan(request(files, { plan, resolve }));
    assert.deepEqual(asked, [checklist]);
    assert.equal(await files.read(checklist), mine);
    await scaffoldPlan(request(files, { plan }));
    await scaffoldPlan(request(files, { plan: samplePlan(plainNames), resolve: async () => 'replace' }));
    assert.doesNotMatch(await files.read(checklist), /my line/);
  });

  it('renews the released migration of an earlier scaffold in place', async () => {
    const files = workspace();
    const first = await scaffoldPlan(
      request(files, { plan: samplePlan(plainNames, { id: 'plain', folder: 'db/plain' }) }),
    );
    const plan = samplePlan(plainNames, { id: 'plain', folder: 'db/plain' });
    const step = plan.phases[0]!.steps[0]!;
    assert.ok(step.kind === 'migration');
    step.forward = 'ALTER TABLE public.customers ADD COLUMN full_name varchar(80);\n';
    const second = await scaffoldPlan(request(files, { plan }));
    const up = first.release.written.find((file) => !file.includes('_rollback'))!;
    assert.ok(second.written.includes(up));
    assert.deepEqual(second.release.written, []);
    assert.match(await files.read(up), /varchar\(80\)/);
    assert.deepEqual((await scaffoldPlan(request(files, { plan }))).written, []);
  });

  it('keeps people’s own keys and comments in the front matter', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const file = path.join(folder, 'plan.md');
    await files.write(
      file,
      (await files.read(file)).replace('---\n', '---\n# see the ticket\nticket: OPS-1\n'),
    );
    await updatePlanFile(folder, files, { state: 'expanding' });
    assert.match(await files.read(file), /# see the ticket\nticket: OPS-1\n/);
    assert.equal((await readPlanFolder(folder, files, root)).state, 'expanding');
  });

  it('notices a step file that was edited, and gives what is there', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const before = await readPlanFolder(folder, files, root);
    await files.write(path.join(folder, 'steps/04-add-index.forward.sql'), 'select 1;\n');
    const loaded = await readPlanFolder(folder, files, root);
    assert.deepEqual(loaded.editedFiles, ['steps/04-add-index.forward.sql']);
    const step = loaded.plan.phases[1]!.steps[2]!;
    assert.ok(step.kind === 'concurrent' && step.forward === 'select 1;\n');
    assert.notEqual(loaded.approvedHash, before.approvedHash);
  });

  it('is approved with its migrations as they are, held or released', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const hash = async () => (await readPlanFolder(folder, files, root)).approvedHash;
    const before = await hash();
    const { releases } = await readPlanFolder(folder, files, root);
    const released = path.join(root, releases[0]!.up.path);
    for (const file of [
      released,
      path.join(root, releases[0]!.down!.path),
      path.join(folder, 'held/04-add-index.up.sql'),
    ]) {
      const text = await files.read(file);
      for (const edited of [
        `${text}create table smuggled_in (x int);\n`,
        `---\ndrop table t;\n---\n${text}`,
      ]) {
        await files.write(file, edited);
        assert.notEqual(await hash(), before, file);
      }
      await files.write(file, text.replaceAll('\n', '\r\n'));
      assert.equal(await hash(), before, 'line ends are no edit');
      await files.write(file, text);
      assert.equal(await hash(), before);
    }
  });

  it('is led nowhere else by what lies beside plan.md', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const { releases } = await readPlanFolder(folder, files, root);
    const list = path.join(folder, 'released.tsv');
    const line = ['04-add-index', '99', '../elsewhere.up.sql', 'a'.repeat(64), '', ''].join('\t');
    await files.write(list, `${await files.read(list)}${line}\n`);
    assert.deepEqual((await readPlanFolder(folder, files, root)).releases, releases);
    const hashes = { 'scripts/../../../x': 'a', '../x': 'b', 'steps/x.sql': 'c', 'scripts/plan.sh': 'd' };
    await files.write(path.join(folder, 'scripts', '.generated.json'), JSON.stringify(hashes));
    assert.deepEqual(await readScriptHashes(folder, files), { 'scripts/plan.sh': 'd' });
  });

  it('names the line of a broken plan', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const file = path.join(folder, 'plan.md');
    const text = await files.read(file);
    const line = text.split('\n').findIndex((item) => item.startsWith('state:')) + 1;
    for (const [from, to, message] of [
      ['state: ready', 'state: nearly', new RegExp(`line ${line}: state is wrong`)],
      ['state: ready', 'state: [ready', /is not YAML/],
      ['file: steps/01-add-column.forward.sql', 'file: ../../etc/passwd', /must stay inside/],
      ['id: 20260304-rename-name', 'id: ../elsewhere', /must be the name of a folder/],
    ] as const) {
      await files.write(file, text.replace(from, to));
      await assert.rejects(readPlanFolder(folder, files, root), { code: 'invalid-file', message });
    }
    await files.write(file, text);
    await files.remove(path.join(folder, 'steps/01-add-column.forward.sql'));
    await assert.rejects(readPlanFolder(folder, files, root), {
      code: 'invalid-file',
      message: /which is missing/,
    });
    await assert.rejects(readPlanFolder('/w/plans/none', files, root), { code: 'not-found' });
  });
});

describe('what people said of a plan', () => {
  const answers: PlanAnswers = {
    scope: { systems: 'web: shop', users: '# all', downtime: 'none' },
    deadline: '2026-12-31',
    confirmations: [
      { id: 'time', name: 'the tech lead', at: '2026-03-04T05:06:07Z', note: "it's set: aside" },
    ],
  };
  const prerequisites: Prerequisite[] = [
    { id: 'time', title: 'T', state: 'held', by: { kind: 'evidence', text: 'in time' }, ask: 'A.' },
    { id: 'staging', title: 'S', state: 'open', by: null, ask: 'A.' },
  ];

  it('is kept in the front matter, a person’s word beside evidence, and is no part of what is approved', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const { approvedHash } = await readPlanFolder(folder, files, root);
    await scaffoldPlan(request(files, { answers, prerequisites }));
    const loaded = await readPlanFolder(folder, files, root);
    assert.deepEqual(answersOf(loaded), answers);
    assert.deepEqual(loaded.prerequisites, [
      {
        id: 'time',
        state: 'held',
        evidence: 'in time',
        confirmed: { name: 'the tech lead', at: '2026-03-04T05:06:07Z', note: "it's set: aside" },
      },
      { id: 'staging', state: 'open', evidence: null, confirmed: null },
    ]);
    assert.equal(loaded.approvedHash, approvedHash);
  });

  it('may be missing, as in plans of before it was kept; a deadline must be a day', async () => {
    const files = workspace();
    await scaffoldPlan(request(files, { answers, prerequisites }));
    const file = path.join(folder, 'plan.md');
    const text = await files.read(file);
    const without = text.replace(/^(?:scope|prerequisites):\n(?:[ -].*\n)+/gm, '');
    assert.doesNotMatch(without, /^(?:scope|prerequisites):/m);
    await files.write(file, without);
    assert.deepEqual(answersOf(await readPlanFolder(folder, files, root)), noPlanAnswers);
    await files.write(file, text.replace('deadline: 2026-12-31', 'deadline: soon'));
    const line = text.split('\n').findIndex((each) => each.includes('deadline:')) + 1;
    await assert.rejects(readPlanFolder(folder, files, root), {
      code: 'invalid-file',
      message: new RegExp(`line ${line}: scope\\.deadline is wrong: must be a day`),
    });
  });
});

describe('releasing a phase', () => {
  const release = async (
    files: ReturnType<typeof memoryFiles>,
    phase: 'expand' | 'migrate' | 'contract',
    ...done: string[]
  ) =>
    releasePhase({
      loaded: await readPlanFolder(folder, files, root),
      phase,
      done: new Set(done),
      root,
      files,
      templates,
      now: new Date(0),
    });

  it('refuses while an earlier step is not done', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    await assert.rejects(release(files, 'migrate'), { code: 'gate-not-held', message: /01-add-column/ });
    await assert.rejects(release(files, 'contract', '01-add-column'), {
      code: 'gate-not-held',
      message: /02-backfill/,
    });
  });

  it('holds a file back until the backfill and the check before it are done', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const early = await release(files, 'migrate', '01-add-column');
    assert.deepEqual(early, {
      written: [],
      released: [],
      held: [{ step: '04-add-index', until: '02-backfill' }],
    });
    await files.write('/w/db/migrations/000050_theirs.up.sql', '');
    const later = await release(files, 'migrate', '01-add-column', '02-backfill', '03-check-equal');
    assert.deepEqual(relative(later.written), [
      'db/migrations/000051_rename_name_add_index.down.sql',
      'db/migrations/000051_rename_name_add_index.up.sql',
    ]);
    assert.deepEqual(
      files.paths().filter((file) => file.includes('held/04')),
      [],
    );
    assert.deepEqual(
      (await release(files, 'migrate', '01-add-column', '02-backfill', '03-check-equal')).written,
      [],
    );
    const found = await releasedFile(await readPlanFolder(folder, files, root), '04-add-index', root, files);
    assert.equal(found?.migration.version, '51');
    assert.match(found?.up?.sql ?? '', /CREATE INDEX CONCURRENTLY/);
    assert.equal(
      await releasedFile(await readPlanFolder(folder, files, root), '08-drop-old', root, files),
      null,
    );
  });

  it('keeps what is approved when a held file that a person changed is released', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    const hash = async () => (await readPlanFolder(folder, files, root)).approvedHash;
    const before = await hash();
    const held = path.join(folder, 'held/04-add-index.up.sql');
    await files.write(held, `${await files.read(held)}create table theirs (x int);\n`);
    const edited = await hash();
    assert.notEqual(edited, before);
    const { written } = await release(files, 'migrate', '01-add-column', '02-backfill', '03-check-equal');
    assert.match(await files.read(written.find((file) => file.endsWith('.up.sql'))!), /create table theirs/);
    assert.equal(await hash(), edited);
  });

  for (const [what, spoil] of [
    ['both files', async () => undefined],
    [
      'the up file only',
      async (files: ReturnType<typeof memoryFiles>, written: readonly string[]) => {
        for (const file of written) if (file.endsWith('.down.sql')) await files.remove(file);
      },
    ],
    [
      'both files, and a later one of the team',
      async (files: ReturnType<typeof memoryFiles>) =>
        files.write('/w/db/migrations/000099_theirs.up.sql', ''),
    ],
  ] as const) {
    it(`does not release a step twice after it was cut off before its record, with ${what}`, async () => {
      const files = workspace();
      await scaffoldPlan(request(files));
      const done = ['01-add-column', '02-backfill', '03-check-equal'];
      const records = [path.join(folder, 'plan.md'), path.join(folder, 'released.tsv')];
      const before = await Promise.all(records.map((file) => files.read(file)));
      const first = await release(files, 'migrate', ...done);
      // The files are written and neither plan.md nor the scripts' list tells of them.
      for (const [index, file] of records.entries()) await files.write(file, before[index]!);
      await spoil(files, first.written);
      const second = await release(files, 'migrate', ...done);
      assert.deepEqual(second.written, first.written);
      assert.deepEqual(second.released, first.released);
      const released = files.paths().filter((file) => file.includes('_add_index'));
      assert.deepEqual(relative(released), relative(first.written));
    });
  }

  it('writes a held file as a person left it', async () => {
    const files = workspace();
    await scaffoldPlan(request(files));
    await files.write(path.join(folder, 'held/04-add-index.up.sql'), '-- mine\nselect 4;\n');
    const { written } = await release(files, 'migrate', '01-add-column', '02-backfill', '03-check-equal');
    assert.equal(await files.read(written.find((file) => file.endsWith('.up.sql'))!), '-- mine\nselect 4;\n');
  });

  it('says when a released file is gone', async () => {
    const files = workspace();
    const { release: first } = await scaffoldPlan(request(files));
    for (const file of first.written) await files.remove(file);
    await assert.rejects(
      releasedFile(await readPlanFolder(folder, files, root), '01-add-column', root, files),
      {
        code: 'not-found',
      },
    );
  });
});
