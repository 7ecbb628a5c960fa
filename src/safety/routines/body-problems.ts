import type { SqlProblem, Statement } from '../../sql/statement';

export interface PlacedProblem extends SqlProblem {
  /** Index of the statement it is in; null for one of the script. */
  statement: number | null;
}

/**
 * What could not be understood inside blocks, and what PostgreSQL refuses there and in the bodies of new routines: it
 * compiles those too (https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-CHECK-FUNCTION-BODIES),
 * but runs nothing of them, so what is only known when they run is no news.
 */
export function bodyProblems(statements: readonly Statement[]): PlacedProblem[] {
  return statements.flatMap((statement) =>
    (statement.body?.problems ?? [])
      .filter((problem) => statement.kind === 'DoStmt' || problem.kind === 'syntax-error')
      .map((problem) => ({ ...problem, statement: statement.index })),
  );
}
