import { t } from '../../messages/translate';
import type { Check, CodeSample, StepForecast, Verification } from '../plan';
import { daysText } from '../../templates/duration-text';
import { holdsQuery, sqlScript } from './sql-text';
import type { StepDraft } from './step-draft';

interface StepWords {
  slug: string;
  title: string;
  /** What it does and why, one or two sentences. */
  action: string;
}

interface Proof {
  /** SQL conditions that are all true when the step has had its effect, and not all before. */
  holds: readonly string[];
  /** The same in words. */
  expectation: string;
}

export interface SqlStepParts extends StepWords, Proof {
  /** Statements without their semicolons. */
  forward: readonly string[];
  /** Statements that take them back, or why there are none. */
  rollback: readonly string[] | { nothing: string } | { noReturn: string };
  forecast: StepForecast;
}

/** Statements that share a transaction: a migration file of the layout. */
export function migrationStep(parts: SqlStepParts): StepDraft {
  return sqlStep('migration', parts);
}

/** Statements that refuse a transaction, such as CREATE INDEX CONCURRENTLY. */
export function concurrentStep(parts: SqlStepParts): StepDraft {
  return sqlStep('concurrent', parts);
}

function sqlStep(kind: 'migration' | 'concurrent', parts: SqlStepParts): StepDraft {
  const { slug, title, action, forward, rollback, forecast } = parts;
  return {
    slug,
    kind,
    title,
    action,
    forward: sqlScript(forward),
    rollback:
      'nothing' in rollback
        ? { kind: 'nothing', why: rollback.nothing }
        : 'noReturn' in rollback
          ? { kind: 'no-return', why: rollback.noReturn }
          : { kind: 'sql', sql: sqlScript(rollback) },
    verification: verificationOf(parts),
    forecast,
  };
}

export interface DeployStepParts extends StepWords, Proof {
  /** What the application must do from this release on. */
  instructions: string;
  rollbackInstructions: string;
  sample?: CodeSample;
}

/** A release of the application. */
export function deployStep({ holds, expectation, sample, ...words }: DeployStepParts): StepDraft {
  return {
    ...words,
    kind: 'deploy',
    sample: sample ?? null,
    verification: verificationOf({ holds, expectation }),
    forecast: null,
  };
}

export interface CheckStepParts extends StepWords {
  checks: Check[];
  verification: Verification;
  forecast: StepForecast | null;
}

/** Looks at the rows without changing any. */
export function checkStep(parts: CheckStepParts): StepDraft {
  return { ...parts, kind: 'check' };
}

/** The deprecation window: `action` says what still works meanwhile, `why` who may still need it. */
export function waitStep(days: number, action: string, why: string): StepDraft {
  return {
    slug: 'wait',
    kind: 'wait',
    title: t('Wait {0}', daysText(days)),
    action,
    days,
    why,
    verification: null,
    forecast: null,
  };
}

function verificationOf({ holds, expectation }: Proof): Verification {
  return { sql: holdsQuery(...holds), expectation };
}
