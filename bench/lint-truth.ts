import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openSession } from '../src/database/connect';
import type { Session } from '../src/database/session';
import { silentProgress } from '../src/ports/progress';
import { measureScript } from '../src/rehearse/measure/measure-script';
import { refineWithCatalog } from '../src/safety/forecast/refine-with-catalog';
import type { Forecast } from '../src/safety/forecast';
import { readKnownSchema } from '../src/safety/read-known-schema';
import type { KnownSchema } from '../src/safety/known-schema';
import { loadParser, type SqlParser } from '../src/sql/parser';
import {
  compareLocks,
  forecastOne,
  readTruth,
  schemaAfter,
  score,
  shareRight,
  truthMajors,
  type LockAgreement,
  type Score,
  type Truth,
} from '../test/safety/lock-truth';
import {
  testServer,
  testSession,
  type TestDatabase,
  type TestMajor,
  type TestServer,
} from '../test/support/servers';
import type { Figures } from './figures';
import { alarmsOfSquawk, type Squawk } from './squawk';

const major = 18;

/** What was found of the measured truth, at each depth, and by the peer. */
export async function truthFigures(figures: Figures, squawk: Squawk | null): Promise<void> {
  const { statements, fixture } = readTruth();
  const parser = await loadParser();
  const alone = score(statements, (truth) => forecastOne(parser, truth.sql, null, major));
  addScore(figures, 'lock-truth, static, the statement alone', alone, 36, 8);
  const after = score(statements, (truth) =>
    forecastOne(parser, truth.sql, schemaAfter(parser, fixture, ...(truth.setup ?? [])), major),
  );
  addScore(figures, 'lock-truth, static, fixture.sql before it', after, 39, 2);
  if (squawk) addScore(figures, `  squawk ${squawk.version}`, await scoreOfSquawk(squawk, statements));

  const catalog = await catalogForecasts(parser, statements, fixture, major);
  addScore(
    figures,
    'lock-truth, catalog',
    score(statements, (truth) => catalog.get(truth.id)!),
    40,
    1,
  );
  const measured = await measuredForecasts(parser, statements, fixture);
  addScore(
    figures,
    'lock-truth, measured on a real server',
    score(statements, (truth) => measured.get(truth.id)!),
    40,
    0,
  );

  addLocks(
    figures,
    'catalog, PostgreSQL 12 and 18',
    compareLocks(statements, major, (truth) => catalog.get(truth.id)!),
    await olderLocks(parser, statements, fixture),
  );
  const each = truthMajors.map((server) =>
    compareLocks(statements, server, (truth) =>
      forecastOne(parser, truth.sql, schemaAfter(parser, fixture, ...(truth.setup ?? [])), server),
    ),
  );
  addLocks(figures, 'static, fixture.sql before it, PostgreSQL 12 to 18', ...each);
}

async function olderLocks(
  parser: SqlParser,
  statements: readonly Truth[],
  fixture: string,
): Promise<LockAgreement> {
  const forecasts = await catalogForecasts(parser, statements, fixture, 12);
  return compareLocks(statements, 12, (truth) => forecasts.get(truth.id)!);
}

/** The share of the strongest locks on all relations, indexes too, of one or several majors; each has to hold. */
function addLocks(figures: Figures, of: string, ...agreements: LockAgreement[]): void {
  const right = agreements.reduce((sum, each) => sum + each.right, 0);
  const wrong = agreements.flatMap((each) => each.wrong);
  const least = Math.min(...agreements.map(shareRight));
  figures.add({
    what: `strongest lock per relation, indexes too, ${of}`,
    measured: `${right} of ${right + wrong.length}, at least ${(least * 100).toFixed(1)} % on each`,
    bar: 'at least 98 %',
    held: least >= 0.98,
    details: wrong,
  });
}

function addScore(figures: Figures, what: string, result: Score, found?: number, alarms?: number): void {
  figures.add({
    what,
    measured: `${result.found} of ${result.dangerous}, ${result.falseAlarms} of ${result.harmless} false alarms`,
    bar: found === undefined ? '' : `at least ${found}, at most ${alarms}`,
    held: found === undefined ? null : result.found >= found && result.falseAlarms <= alarms!,
    details: [
      ...(result.missed.length > 0 ? [`missed: ${result.missed.join(' ')}`] : []),
      ...(result.alarmed.length > 0 ? [`false alarms: ${result.alarmed.join(' ')}`] : []),
    ],
  });
}

/** Each statement is a file of its own, as it would be linted. */
async function scoreOfSquawk(squawk: Squawk, statements: readonly Truth[]): Promise<Score> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-truth-'));
  try {
    const fileOf = ({ id }: Truth): string => path.join(folder, `${id}.sql`);
    await mkdir(folder, { recursive: true });
    for (const truth of statements) await writeFile(fileOf(truth), `${truth.sql};\n`);
    const alarms = alarmsOfSquawk(squawk, statements.map(fileOf), major);
    const missed = statements.filter((truth) => truth.class === 'danger' && !alarms.has(fileOf(truth)));
    const alarmed = statements.filter((truth) => truth.class === 'metadata' && alarms.has(fileOf(truth)));
    const count = (kind: Truth['class']): number => statements.filter((truth) => truth.class === kind).length;
    return {
      found: count('danger') - missed.length,
      dangerous: count('danger'),
      falseAlarms: alarmed.length,
      harmless: count('metadata'),
      missed: missed.map((truth) => truth.id),
      alarmed: alarmed.map((truth) => truth.id),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function catalogForecasts(
  parser: SqlParser,
  statements: readonly Truth[],
  fixture: string,
  server: TestMajor,
): Promise<Map<string, Forecast>> {
  const template = await openTemplate(server, fixture);
  const found = new Map<string, Forecast>();
  const session = await testSession(template.database);
  const plain = await schemaOf(session, parser);
  await session.close();
  for (const truth of statements) {
    const schema = truth.setup ? await schemaWithSetup(template, parser, truth.setup) : plain;
    const forecast = forecastOne(parser, truth.sql, schema, server);
    found.set(truth.id, refineWithCatalog(forecast, schema));
  }
  await template.database.drop();
  return found;
}

async function schemaWithSetup(
  template: Template,
  parser: SqlParser,
  setup: readonly string[],
): Promise<KnownSchema> {
  const copy = await template.copy();
  const session = await testSession(copy);
  for (const sql of setup) await session.script(sql);
  const schema = await schemaOf(session, parser);
  await session.close();
  await copy.drop();
  return schema;
}

function schemaOf(session: Session, parser: SqlParser): Promise<KnownSchema> {
  return readKnownSchema(session, parser, { relations: null, signal: new AbortController().signal });
}

async function measuredForecasts(
  parser: SqlParser,
  statements: readonly Truth[],
  fixture: string,
): Promise<Map<string, Forecast>> {
  const template = await openTemplate(major, fixture);
  const found = new Map<string, Forecast>();
  for (const truth of statements) found.set(truth.id, await measuredForecast(template, parser, truth));
  await template.database.drop();
  return found;
}

/** A statement that fails holds nobody; one that was not measured counts as its catalog forecast. */
async function measuredForecast(template: Template, parser: SqlParser, truth: Truth): Promise<Forecast> {
  const copies: TestDatabase[] = [];
  try {
    const { statements } = await measureScript({
      state: {
        sessions: { open: (options) => openOf(copies.at(-1)!, options) },
        shadow: { kind: 'server', engine: 'postgres' },
        restore: async () => {
          copies.push(await template.copy());
          const session = await openOf(copies.at(-1)!);
          for (const sql of truth.setup ?? []) await session.script(sql);
          return session;
        },
      },
      statements: parser.parse(truth.sql).statements,
      direction: 'up',
      transaction: 'none',
      parser,
      rollback: true,
      progress: silentProgress(),
      signal: new AbortController().signal,
    });
    const { measured, predicted, error } = statements.at(-1)!;
    if (error !== null) return { ...predicted, locks: [], indexLocks: [], work: 'none' };
    return measured ?? predicted;
  } finally {
    for (const copy of copies) await copy.drop();
  }
}

function openOf(
  { connection, password }: TestDatabase,
  options?: Parameters<typeof openSession>[2],
): Promise<Session> {
  return openSession(connection, password, options);
}

interface Template {
  database: TestDatabase;
  copy(): Promise<TestDatabase>;
}

async function openTemplate(server: TestMajor, fixture: string): Promise<Template> {
  const running: TestServer = await testServer({ major: server });
  const database = await running.createDatabase();
  const session = await testSession(database);
  await session.script(fixture);
  await session.close();
  return { database, copy: () => running.createDatabase(database.connection.database) };
}
