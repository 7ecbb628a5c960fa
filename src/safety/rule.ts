import type { AlterTableType } from '@pgsql/types';
import type { Direction, OutsideTransaction } from '../layouts/layout';
import type { SqlComment, Statement } from '../sql/statement';
import type { NodeKind } from '../sql/tree';
import type { Finding, Severity } from './finding';
import type { FixProposal } from './fix-proposal';
import type { Forecast } from './forecast';
import type { KnownRelation, KnownSchema } from './known-schema';

/** One safety rule: one file in rules/, listed in rules/index.ts. Its examples are its tests. */
export interface Rule {
  id: string;
  title: string;
  severity: Severity;
  /** The only statements it may say something of, so that it need not be asked of others; left out: all. */
  on?: readonly RuleSubject[];
  /** First and last major version it holds for; null means all supported ones. */
  since: number | null;
  until: number | null;
  /** A matter of taste: silent unless the configuration gives it a severity. */
  optIn?: true;
  /** What it warns of is what a plan arranges, so that it is silent in the files of a plan's steps. */
  planned?: true;
  /** Silent on a statement on which one of these rules found something: they say the same, and more. */
  yieldsTo?: readonly string[];
  /** Two sentences: what happens, and why it hurts. */
  why: string;
  /** PostgreSQL's own documentation of it. */
  url: string;
  bad: RuleExample;
  good: RuleExample;
  /** Looks at one statement, knowing those before it. Returns the findings on it. */
  check(context: RuleContext): RuleFinding[];
}

/** A kind of statement, or any ALTER TABLE (or of its like) that has a command of this kind. */
export type RuleSubject = NodeKind | AlterTableType;

export interface RuleExample {
  /** The migration before it: what exists. */
  before: string;
  sql: string;
  transaction?: ForecastTransaction;
  /** The first major version that can run it, where that is not the oldest supported one. */
  since?: number;
  /** What plans say of its file, for rules that ask. */
  plan?: ScriptPlan;
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
  /** The text all places are offsets in. */
  sql: string;
  statements: readonly Statement[];
  /** Forecasts of the statements before this one. */
  earlier: readonly Forecast[];
  /**
   * The relations as the whole script leaves them, from what exists before one of its statements; read once for all
   * rules. They must not be changed.
   */
  atEnd(schema: KnownSchema, statement: Statement): ReadonlyMap<string, KnownRelation>;
  comments: readonly SqlComment[];
  /** Per statement, the transaction it shares with others; null for one of its own. */
  blocks: readonly (number | null)[];
  direction: Direction;
  transaction: ForecastTransaction;
  serverMajor: number;
  /** How its layout runs a script without a transaction; null for a file of no layout. */
  outside: OutsideTransaction | null;
  /** What the workspace's plans say of this file; null where nobody looked: a rule then says nothing. */
  plan: ScriptPlan | null;
}

/** What is recorded about a migration file beside its own text. */
export type ScriptPlan =
  /** No plan holds this file. */
  | { kind: 'none' }
  /** A plan's folder names it as a step. `deprecationDays`: what the plan waits between switch and contract. */
  | {
      kind: 'step';
      plan: string;
      phase: 'expand' | 'migrate' | 'contract';
      deprecationDays: number;
      /** Whether what runs the file limits its waiting for locks: a migration that is released says so itself. */
      timed: boolean;
    };

export interface RuleFinding {
  message: string;
  fix: FixProposal | null;
  /** Where it differs from the rule's, unless the configuration says one. */
  severity?: Severity;
  /** Where it is, when that is less than the whole statement. */
  place?: Pick<Finding, 'start' | 'end'>;
}
