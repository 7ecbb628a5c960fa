import { compareCatalogs, type Difference } from '../catalog/compare';
import { readCatalog } from '../catalog/read-catalog';
import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { SqlStep, Step } from '../plan/plan';
import type { Database } from './database';
import { inSchemaShadow, runThere } from './schema-shadow';
import type { JourneyContext } from './workspace';

/**
 * Shows that steps whose effect is on a database are those of the plan: in a shadow with its schema they are taken back and done
 * again, and the schema is the same. Throws `verification-failed` with what differs, or with the way back that does not run.
 */
export async function proveAdoption(
  context: JourneyContext,
  database: Database,
  steps: readonly Step[],
): Promise<void> {
  const written = steps.filter(isWritten);
  if (written.length === 0) return;
  await inSchemaShadow(context, database, (there) => proveThere(there, written, context.signal));
}

/** Whether a step has SQL of its own that stands in a file. */
export function isWritten(step: Step): step is SqlStep {
  return step.kind === 'migration' || step.kind === 'concurrent';
}

async function proveThere(there: Session, steps: readonly SqlStep[], signal: AbortSignal): Promise<void> {
  const before = await readCatalog(there);
  for (const step of [...steps].reverse()) await takeBack(there, step, signal);
  for (const step of steps) await run(there, step, step.forward, signal);
  const differences = compareCatalogs(before, await readCatalog(there)).filter(
    ({ kind }) => kind === 'structure',
  );
  if (differences.length === 0) return;
  throw new SwitchbackError(
    'verification-failed',
    t(
      'What is on the database is not what the plan makes: {0}. Change it to that, or take it away and apply the steps.',
      differences.slice(0, 5).map(sentenceOf).join('; '),
    ),
    { details: { differences: differences.length } },
  );
}

async function takeBack(there: Session, step: SqlStep, signal: AbortSignal): Promise<void> {
  switch (step.rollback.kind) {
    case 'sql':
      return run(there, step, step.rollback.sql, signal);
    case 'nothing':
      return;
    case 'no-return':
      throw new SwitchbackError(
        'verification-failed',
        t(
          '"{0}" cannot be taken as done: {1} Whether the plan would have done the same cannot be shown.',
          step.title,
          step.rollback.why,
        ),
      );
  }
}

async function run(there: Session, step: SqlStep, sql: string, signal: AbortSignal): Promise<void> {
  try {
    await runThere(there, { sql, alone: step.kind !== 'migration' }, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isSwitchbackError(error) || there.lost.aborted) throw error;
    throw new SwitchbackError(
      'verification-failed',
      t(
        'What is on the database is not what the plan makes: "{0}" does not run on it in a shadow database. {1}',
        step.title,
        error.sentence,
      ),
      { cause: error },
    );
  }
}

function sentenceOf({ object, property, before, after }: Difference): string {
  if (before === null) return t('{0} has no {1}', object, property);
  if (after === null) return t('{0} has {1}, which the plan does not make', object, property);
  return t('{0} of {1} is {2}, and the plan makes it {3}', property, object, before, after);
}
