import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Forecast, LockMode } from '../../src/safety/forecast';
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
