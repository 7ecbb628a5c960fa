import type { Statement } from '../../sql/statement';
import type { KnownSchema } from '../known-schema';
import { routineRuns } from './routine-runs';
import { RunTrail } from './run-trail';

type Fold = (schema: KnownSchema, statement: Statement) => void;

/** What the bodies a statement runs do to what is known; a conditional statement counts as if it ran. */
export function foldRuns(schema: KnownSchema, statement: Statement, fold: Fold): void {
  const steps = runAll(schema, statement, fold, new RunTrail());
  while (!steps.next().done);
}

function* runAll(
  schema: KnownSchema,
  statement: Statement,
  fold: Fold,
  trail: RunTrail,
): Generator<void, void, undefined> {
  for (const { body, searchPath } of routineRuns(schema, statement)) {
    const before = schema.searchPath;
    if (searchPath) schema.searchPath = searchPath;
    yield* trail.enter(body, function* () {
      for (const part of body.parts) {
        // The names in composed text are stand-ins.
        if (part.dynamic === 'composed') continue;
        fold(schema, part.statement);
        yield* runAll(schema, part.statement, fold, trail);
      }
    });
    if (searchPath) schema.searchPath = before;
  }
}
