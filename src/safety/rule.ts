import type { Direction } from '../layouts/layout';
import type { SqlComment, Statement } from '../sql/statement';
import type { Finding, Fix, Severity } from './finding';
import type { Forecast } from './forecast';
import type { KnownSchema } from './known-schema';

/** One safety rule: one file in rules/, listed in rules/index.ts. Its examples are its tests. */
export interface Rule {
  id: string;
  title: string;
  severity: Severity;
  /** First and last major version it holds for; null means all supported ones. */
  since: number | null;
  until: number | null;
  /** Two sentences: what happens, and why it hurts. */
  why: string;
  /** PostgreSQL's own documentation of it. */
  url: string;
  bad: RuleExample;
  good: RuleExample;
  /** Looks at one statement, knowing those before it. Returns the findings on it. */
  check(context: RuleContext): RuleFinding[];
}

export interface RuleExample {
  /** The migration before it: what exists. */
  before: string;
  sql: string;
  transaction?: ForecastTransaction;
}

export type ForecastTransaction = 'wrapped' | 'implicit' | 'none';

export interface RuleContext {
  statement: Statement;
  forecast: Forecast;
  /** What exists before the statement. Only valid during the call. */
  schema: KnownSchema;
  script: RuleScript;
}

/** The script as a whole, with what was seen of it so far. */
export interface RuleScript {
  statements: readonly Statement[];
  /** Forecasts of the statements before this one. */
  earlier: readonly Forecast[];
  comments: readonly SqlComment[];
  /** Per statement, the transaction it shares with others; null for one of its own. */
  blocks: readonly (number | null)[];
  direction: Direction;
  transaction: ForecastTransaction;
  serverMajor: number;
}

export interface RuleFinding {
  message: string;
  fix: Fix | null;
  /** Where it is, when that is less than the whole statement. */
  place?: Pick<Finding, 'start' | 'end'>;
}
