import assert from 'node:assert/strict';
import path from 'node:path';
import { noPlanAnswers } from '../../src/assess/plan-answers';
import { openSession } from '../../src/database/connect';
import { rehearsedSteps } from '../../src/implement/scaffold/rehearsed-steps';
import { scaffoldPlan } from '../../src/implement/scaffold/scaffold-plan';
import { lintFiles } from '../../src/journey/lint';
import { stepsBeforeNoReturn, stepsOf, type Plan } from '../../src/plan/plan';
import { silentProgress } from '../../src/ports/progress';
import { rehearseSteps } from '../../src/rehearse/rehearse-steps';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { quoteIdentifier } from '../../src/sql/identifier';
import { shippedTemplates } from '../implement/scaffold/shipped-templates';
import { planned } from '../plan/planned';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';
import { testServer, type TestMajor } from '../support/servers';
import { assessedWithTwin } from './assessed-with-twin';
import { plainNames, type NamedCase } from './recipe-case';

const repository = path.resolve(__dirname, '../..');
const root = path.resolve('/w');

/** A real server of that version to rehearse in. */
export function openRecipeShadow(major: TestMajor): Promise<Shadow> {
  return openShadow('local', {
    assets: { distFolder: path.join(repository, 'dist') },
    binaries: { packageFolders: [repository], searchPath: '' },
    major,
  });
}

/** Writes the files of a case's plan, lints them and rehearses them in the shadow: nothing is found, and all is exact. */
export async function proveFiles({ build }: NamedCase, shadow: Shadow, major: TestMajor): Promise<void> {
  const { change, options, schema, before: prepare = [] } = build(plainNames);
  const before = `CREATE SCHEMA ${quoteIdentifier(plainNames.schema)};\n${schema};\n`;
  const server = await testServer({ major });
  const database = await server.createDatabase();
  const session = await openSession(database.connection, database.password);
  try {
    for (const script of prepare) await session.script(script);
    await session.script(`${before}ANALYZE`);
    const assessment = await assessedWithTwin(session, change, major, before);
    const { plan, notes } = await planned(session, change, assessment, options);
    const folder = path.join(root, 'plans', plan.id);
    const files = memoryFiles({
      ...shippedTemplates(),
      '/w/migrations/001_base.sql': before,
      '/w/migrations/001_base_rollback.sql': `DROP SCHEMA ${quoteIdentifier(plainNames.schema)} CASCADE;\n`,
    });
    await scaffoldPlan({
      plan,
      assessment,
      notes,
      answers: noPlanAnswers,
      prerequisites: [],
      folder,
      root,
      files,
      templates: { shipped: '/templates', override: null },
      now: new Date('2026-03-04T05:06:07Z'),
      resolve: (conflict) => Promise.reject(new Error(`asked about ${conflict.path}`)),
    });
    const own = [path.join(root, 'migrations'), ...['steps', 'held'].map((name) => path.join(folder, name))];
    const there = new Set(
      (await files.find(root, '**/*.sql', new AbortController().signal)).map((file) => path.dirname(file)),
    );
    const linted = await lintFiles(
      { ...testContext(root), files },
      own.filter((each) => there.has(each)),
      { serverMajor: major },
    );
    const found = linted.files
      .filter((file) => !path.basename(file.path).startsWith('001_'))
      .flatMap((file) => file.findings.map(({ rule, message }) => `${file.path}: ${rule}: ${message}`));
    assert.ok(linted.files.length > 2);
    assert.deepEqual(found, []);
    const rehearsal = await rehearseSteps({
      shadow,
      prepare,
      before: [{ sql: before, transaction: 'wrapped', label: 'schema' }],
      steps: rehearsedSteps(plan, folder),
      progress: silentProgress(),
      signal: new AbortController().signal,
    });
    const verdicts = rehearsal.migrations.filter(
      ({ verdict, version }) => verdict !== 'exact' && !isForGood(plan, version),
    );
    assert.deepEqual(verdicts, []);
  } finally {
    await session.close();
    await database.drop();
  }
}

/** Whether a step says itself that it cannot be taken back, after the point of no return. */
function isForGood(plan: Plan, id: string): boolean {
  const step = stepsOf(plan).find((each) => each.id === id);
  const isAfter = !stepsBeforeNoReturn(plan).some((each) => each.id === id);
  return isAfter && step !== undefined && 'rollback' in step && step.rollback.kind === 'no-return';
}
