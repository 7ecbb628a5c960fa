import type { Change } from '../../src/assess/change';
import type { PlanOptions } from '../../src/plan/plan';
import {
  formatQualifiedName,
  quoteIdentifier,
  quoteLiteral,
  type QualifiedName,
} from '../../src/sql/identifier';

/** Names a case is played with: plain ones, hostile ones, random ones. */
export interface CaseNames {
  /** All that the case makes goes here; it is there already. */
  schema: string;
  table: QualifiedName;
  /** Another table. */
  other: QualifiedName;
  /** A column that is there. */
  column: string;
  /** A second one. */
  second: string;
  /** What is new: a column, a constraint, an index, a table. */
  fresh: string;
}

/** One way to use a recipe, and what the application's versions do meanwhile. */
export interface RecipeCase {
  change: Change;
  /** The options of the command line that say the same of plain names, beside --table; one case of each kind has them. */
  commandLine?: Record<string, string | boolean>;
  options?: Partial<PlanOptions>;
  /** Scripts that run before, each committed by itself: what the tables need and no migration makes. */
  before?: string[];
  /** Statements that make the tables, with at least 60 rows whose ids are 1 to 60. */
  schema: string;
  /**
   * The application's versions, the oldest first: the first runs from the beginning, the next one beside it from the
   * first release on, and so on; in contract only the last one runs. Without releases there is one.
   */
  versions: AppVersion[];
  /** A query over rows with ids up to 60, which nobody writes: the same before the plan and after its rollback. */
  untouched: string;
  /** A query of one row with `holds`, true while two versions run beside each other. */
  agree?: string;
  /** `fixed`: the case is about all the columns of its table, and it can have no others. */
  shape?: 'fixed';
  /** Queries of one row with `holds` that are true when the plan is done. */
  done: string[];
}

export interface AppVersion {
  /** What one user does, in one transaction each; `round` counts from 1001, for ids. Each must succeed at any moment. */
  writes: (round: number) => string[];
  /** What it reads; a rollback of a step changes nothing of it. */
  reads: string[];
}

/** A recipe's case by its name. `since`: the first major version it is for. */
export interface NamedCase {
  title: string;
  since?: number;
  build: (names: CaseNames) => RecipeCase;
}

type SqlValue = string | number | QualifiedName | { literal: string };

/** SQL with names in it: a string is an identifier, a number is itself, a qualified name has both its parts. */
export function sql(parts: TemplateStringsArray, ...values: SqlValue[]): string {
  return parts.reduce((text, part, index) => text + sqlOf(values[index - 1]!) + part);
}

function sqlOf(value: SqlValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoteIdentifier(value);
  return 'literal' in value ? quoteLiteral(value.literal) : formatQualifiedName(value);
}

export function namesIn(
  schema: string,
  [table, other, column, second, fresh]: [string, string, string, string, string],
): CaseNames {
  return {
    schema,
    table: { schema, name: table },
    other: { schema, name: other },
    column,
    second,
    fresh,
  };
}

export const plainNames = namesIn('app', ['orders', 'customers', 'amount', 'note', 'fresh']);

/** Quotes, capitals, words of SQL, and the 63 bytes PostgreSQL keeps. */
export const hostileNames = namesIn('App "1"', [
  `Bestellungen "${'x'.repeat(49)}`,
  'select',
  `Größe "${'y'.repeat(54)}`,
  'Order',
  `Neu '$$ ${'z'.repeat(54)}`,
]);
