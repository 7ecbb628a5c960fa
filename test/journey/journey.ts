import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import type { Change } from '../../src/assess/change';
import type { Connection } from '../../src/database/connection';
import type { Session } from '../../src/database/session';
import { createRunControl } from '../../src/implement/run-control';
import type { OnRunEvent } from '../../src/implement/run-event';
import { applyPhase } from '../../src/journey/apply';
import { assessChange } from '../../src/journey/assess';
import { confirmDeploy, shortenWait } from '../../src/journey/confirm';
import { openDatabase, type Database } from '../../src/journey/database';
import { draftPlan } from '../../src/journey/plan';
import { loadPlan } from '../../src/journey/plans';
import { scaffoldPlan } from '../../src/journey/scaffold';
import type { JourneyContext } from '../../src/journey/workspace';
import { isSwitchbackError, type ErrorCode, type SwitchbackError } from '../../src/messages/error';
import { phaseNames, stepsOf, type PlanProgress } from '../../src/plan/plan';
import { testContext } from '../support/journey-context';
import { testServer, testSession, type TestDatabase, type TestMajor } from '../support/servers';

/** A workspace and a database of its own, with the journey's context between them. */
export interface Journey {
  root: string;
  context: JourneyContext;
  test: TestDatabase;
  database: Database;
  /** A superuser's session that the journey does not know of. */
  look: Session;
  /** Connects once more, as another role where one is named; closed with the journey. */
  connect(changes?: Partial<Connection>): Promise<Database>;
  /** Assesses, plans and scaffolds; gives the plan's folder. */
  scaffold(change: Change): Promise<string>;
  close(): Promise<void>;
}

const firstMigration = {
  'migrations/000001_start.up.sql': 'select 1;\n',
  'migrations/000001_start.down.sql': 'select 1;\n',
};

/** Opens one on a real server; `sql` is run first, `files` lie in the workspace. */
export async function openJourney(
  major: TestMajor,
  sql: string,
  files: Record<string, string | Uint8Array> = firstMigration,
): Promise<Journey> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-journey-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  const test = await (await testServer({ major })).createDatabase();
  const look = await testSession(test);
  await look.script(sql);
  if (files === firstMigration) {
    await look.script(
      'create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (1, false)',
    );
  }
  const opened: Database[] = [];
  const connect: Journey['connect'] = async (changes = {}) => {
    const database = await openDatabase({ ...test.connection, ...changes }, async () => test.password);
    opened.push(database);
    return database;
  };
  const context = testContext(root);
  const database = await connect();
  return {
    root,
    context,
    test,
    database,
    look,
    connect,
    scaffold: async (change) => {
      const draft = await draftPlan(context, await assessChange(context, database, change));
      return (await scaffoldPlan(context, draft)).planFolder;
    },
    close: async () => {
      for (const one of opened) await one.close();
      await look.close();
      await test.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Runs a plan to its end: every phase, with deployments confirmed and waits shortened. */
export async function finishPlan(
  { context, database }: Pick<Journey, 'context' | 'database'>,
  planFolder: string,
  onEvent: OnRunEvent = () => undefined,
): Promise<PlanProgress> {
  let progress: PlanProgress | null = null;
  const request = { database, planFolder, onEvent, control: createRunControl() };
  for (const phase of phaseNames) {
    for (;;) {
      progress = await applyPhase(context, request, phase);
      const open = progress.steps.find((step) => step.state === 'ready');
      if (!open || progress.phase !== phase) break;
      const step = await stepOf(context, planFolder, open.id);
      if (step === 'deploy') await confirmDeploy(context, database, planFolder, open.id);
      else if (step === 'wait') await shortenWait(context, database, planFolder, open.id);
      else assert.fail(`${open.id} was not carried out`);
    }
  }
  return progress!;
}

async function stepOf(context: JourneyContext, planFolder: string, id: string): Promise<string | undefined> {
  const { plan } = await loadPlan(context, planFolder);
  return stepsOf(plan).find((step) => step.id === id)?.kind;
}

/** Asserts that it fails with that code, in one line that names every word given. */
export async function assertSays(
  promise: Promise<unknown>,
  code: ErrorCode,
  ...words: (string | RegExp)[]
): Promise<SwitchbackError> {
  const error = await promise.then(
    (value) => assert.fail(`expected ${code}, but it gave ${inspect(value, { depth: 1 })}`),
    (reason: unknown) => reason,
  );
  assert.ok(isSwitchbackError(error, code), `expected ${code}, got ${inspect(error)}`);
  assertSentence(error.sentence, ...words);
  return error;
}

/** What a user reads (printed when SAY is set): one line, ending as a sentence, with what happened, on what, and what to do next. */
export function assertSentence(sentence: string, ...words: (string | RegExp)[]): void {
  if (process.env.SAY) console.log(`      > ${sentence}`);
  assert.match(sentence, /^[^\n]+[.?]$/);
  for (const word of words) {
    if (typeof word === 'string') assert.ok(sentence.includes(word), `"${word}" is not in: ${sentence}`);
    else assert.match(sentence, word);
  }
}
