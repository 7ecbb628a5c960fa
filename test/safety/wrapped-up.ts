import type { LintInput } from '../../src/safety/lint';

/** What lint is given for an up that its runner wraps, for PostgreSQL 18, where nothing before it is known. */
export function wrappedUp(sql: string, extra: Partial<LintInput> = {}): LintInput {
  return {
    path: 'example.sql',
    sql,
    offset: 0,
    direction: 'up',
    transaction: 'wrapped',
    schema: null,
    serverMajor: 18,
    levels: {},
    ...extra,
  };
}
