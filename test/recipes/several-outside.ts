import { stepsOf, type Plan, type Step } from '../../src/plan/plan';
import { splitForTest } from '../plan/split';

/**
 * Scripts of steps outside a transaction that have not one statement. Tools send a file without a transaction as one query, and
 * PostgreSQL runs several statements of one query in a transaction:
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export function severalOutside(plan: Plan): string[] {
  return stepsOf(plan).flatMap((step) =>
    scriptsOutside(step).filter((sql) => splitForTest(sql).length !== 1),
  );
}

function scriptsOutside(step: Step): string[] {
  if (step.kind !== 'concurrent') return [];
  return [step.forward, ...(step.rollback.kind === 'sql' ? [step.rollback.sql] : [])];
}
