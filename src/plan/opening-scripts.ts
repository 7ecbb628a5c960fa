import type { RecipePlan } from './recipe';

export interface OpeningScript {
  sql: string;
  /** Whether PostgreSQL refuses its statements in a transaction. */
  alone: boolean;
}

/** The SQL that a plan begins with: what it makes before the application, rows or time have a part in it. */
export function openingScripts({ phases }: RecipePlan): OpeningScript[] {
  const steps = phases.find(({ name }) => name === 'expand')?.steps ?? [];
  const end = steps.findIndex(({ kind }) => kind === 'deploy' || kind === 'wait' || kind === 'backfill');
  return steps
    .slice(0, end === -1 ? undefined : end)
    .flatMap((step) =>
      step.kind === 'migration' || step.kind === 'concurrent'
        ? [{ sql: step.forward, alone: step.kind === 'concurrent' }]
        : [],
    );
}
