import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lockModes, type Forecast, type LockMode } from '../../src/safety/forecast';
import { forecastStatements } from '../../src/safety/forecast/forecast-statements';
import { holdsOthersForItsWork } from '../../src/safety/forecast/effects';
import { applyToKnownSchema } from '../../src/safety/known-schema-fold';
import { emptyKnownSchema, type KnownSchema } from '../../src/safety/known-schema';
import type { SqlParser } from '../../src/sql/parser';

/** Beside the repository: measured locks, rewrites and scans of 120 statements. */
export const truthFolder = path.resolve(__dirname, '..', '..', '..', 'shared', 'lock-truth');

export interface Truth {
  id: string;
  sql: string;
  setup?: string[];
  outsideTransaction?: boolean;
  class: 'danger' | 'metadata' | 'unscored';
  majors: Record<
    string,
    {
      error?: string;
      locks?: { relation: string; mode: LockMode; kind: string }[];
      rewrites?: string[];
      scans?: string[];
      indexRebuild?: boolean;
    }
  >;
}

export function truthIsPresent(): boolean {
  return existsSync(path.join(truthFolder, 'statements.json'));
}

export function readTruth(): { statements: Truth[]; fixture: string } {
  return {
    statements: JSON.parse(readFileSync(path.join(truthFolder, 'statements.json'), 'utf8')) as Truth[],
    fixture: readFileSync(path.join(truthFolder, 'fixture.sql'), 'utf8'),
  };
}

/** The schema a script leaves behind, as if it were an earlier migration. */
export function schemaAfter(parser: SqlParser, ...scripts: string[]): KnownSchema {
  const schema = emptyKnownSchema();
  for (const script of scripts)
    for (const statement of parser.parse(script).statements) applyToKnownSchema(schema, statement);
  return schema;
}

export function forecastOne(
  parser: SqlParser,
  sql: string,
  schema: KnownSchema | null,
  major: number,
): Forecast {
  const { statements } = parser.parse(sql);
  return forecastStatements({
    statements,
    direction: 'up',
    schema,
    transaction: 'none',
    serverMajor: major,
  }).at(-1)!;
}

export interface Score {
  found: number;
  dangerous: number;
  falseAlarms: number;
  harmless: number;
  missed: string[];
  alarmed: string[];
}

export function score(truths: readonly Truth[], forecast: (truth: Truth) => Forecast): Score {
  const dangerous = truths.filter((truth) => truth.class === 'danger');
  const harmless = truths.filter((truth) => truth.class === 'metadata');
  const missed = dangerous.filter((truth) => !holdsOthersForItsWork(forecast(truth)));
  const alarmed = harmless.filter((truth) => holdsOthersForItsWork(forecast(truth)));
  return {
    found: dangerous.length - missed.length,
    dangerous: dangerous.length,
    falseAlarms: alarmed.length,
    harmless: harmless.length,
    missed: missed.map((truth) => truth.id),
    alarmed: alarmed.map((truth) => truth.id),
  };
}

/** The result of a major, from keys like `12-18` and `18`. */
export function resultOf(truth: Truth, major: number): Truth['majors'][string] | undefined {
  for (const [range, result] of Object.entries(truth.majors)) {
    const [low, high = low] = range.split('-').map(Number);
    if (low! <= major && major <= high!) return result;
  }
  return undefined;
}

/** The majors that were measured. */
export const truthMajors = [12, 13, 14, 15, 16, 17, 18] as const;

/**
 * The class of a statement on one major, from what was measured there, as the README beside the truth defines it; null
 * where that major refuses the statement.
 */
export function classOn(truth: Truth, major: number): Truth['class'] | null {
  const result = resultOf(truth, major);
  if (!result || result.error !== undefined) return null;
  if (truth.class === 'unscored') return 'unscored';
  const strong = (result.locks ?? []).some(
    ({ kind, mode }) =>
      (kind === 'table' || kind === 'matview') && lockModes.indexOf(mode) >= lockModes.indexOf('ShareLock'),
  );
  const works = [...(result.rewrites ?? []), ...(result.scans ?? [])].length > 0 || result.indexRebuild;
  return strong && works ? 'danger' : 'metadata';
}

export interface LockAgreement {
  right: number;
  wrong: string[];
}

/** Compares the strongest lock on every relation, indexes too, that was measured or is forecast. */
export function compareLocks(
  truths: readonly Truth[],
  major: number,
  forecast: (truth: Truth) => Forecast,
): LockAgreement {
  const agreement: LockAgreement = { right: 0, wrong: [] };
  for (const truth of truths) {
    const result = resultOf(truth, major);
    if (!result?.locks || result.error !== undefined) continue;
    const { locks, indexLocks } = forecast(truth);
    const modes = (list: readonly { relation: string; mode: LockMode }[]): Map<string, LockMode> =>
      new Map(list.map(({ relation, mode }) => [relation, mode]));
    const [expected, forecasted] = [modes(result.locks), modes([...locks, ...indexLocks])];
    for (const relation of new Set([...expected.keys(), ...forecasted.keys()])) {
      const [was, is] = [forecasted.get(relation) ?? 'none', expected.get(relation) ?? 'none'];
      if (was === is) agreement.right += 1;
      else agreement.wrong.push(`${major} ${truth.id} ${relation}: ${was} (measured ${is})`);
    }
  }
  return agreement;
}

/** The share of locks that were forecast as measured. */
export function shareRight({ right, wrong }: LockAgreement): number {
  return right / (right + wrong.length);
}
