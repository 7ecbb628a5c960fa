import { t } from '../../messages/translate';
import type { RoutinePart, Statement } from '../../sql/statement';
import type { Forecast } from '../forecast';
import type { KnownSchema } from '../known-schema';
import { applyToKnownSchema } from '../known-schema-fold';
import { routineRuns, type RoutineRun } from '../routines/routine-runs';
import { RunTrail } from '../routines/run-trail';
import { Effects, type ForecastContext } from './effects';

export interface ForecastStep {
  statement: Statement;
  forecast: Forecast;
  /** As it is before the statement, or after the statements inside it. Valid until the next step is taken. */
  schema: KnownSchema;
  /** What it is inside of; null for a statement of the script itself. */
  within: { statement: Statement; place: 'body' | 'elsewhere'; verbatim: boolean } | null;
}

type AddEffects = (statement: Statement, effects: Effects) => void;

/**
 * The forecast of a statement, after those of the statements that run inside it: of a DO block, and of the known
 * routines it calls. Its own is the union of theirs. What they do is applied to the schema.
 */
export function* forecastWithRuns(
  statement: Statement,
  context: ForecastContext,
  addEffects: AddEffects,
): Generator<ForecastStep, { ranInside: boolean }, undefined> {
  const runs = routineRuns(context.schema, statement);
  const effects = new Effects(context);
  addEffects(statement, effects);
  notePlaceholders(statement, effects);
  if (statement.kind === 'DoStmt' && !statement.body) noteNotRead(effects);
  const walk = new RunWalk(statement, context, addEffects);
  for (const run of runs) yield* walk.run(run, effects);
  yield { statement, forecast: effects.forecast(statement), schema: context.schema, within: null };
  return { ranInside: runs.length > 0 };
}

class RunWalk {
  private readonly trail = new RunTrail();

  constructor(
    private readonly outer: Statement,
    private readonly context: ForecastContext,
    private readonly addEffects: AddEffects,
  ) {}

  *run(run: RoutineRun, effects: Effects): Generator<ForecastStep, void, undefined> {
    const { schema } = this.context;
    const before = schema.searchPath;
    if (run.searchPath) schema.searchPath = run.searchPath;
    const inside = (): Generator<ForecastStep, void, undefined> => this.parts(run, effects);
    const entered = yield* this.trail.enter(run.body, inside);
    if (run.searchPath) schema.searchPath = before;
    if (!entered) {
      effects.note(
        t(
          '{0} runs in itself or too deep inside others: that part is not in this forecast.',
          run.routine === null ? 'DO' : `${run.routine}()`,
        ),
      );
    }
    noteBody(run, effects);
  }

  private *parts({ routine, body }: RoutineRun, effects: Effects): Generator<ForecastStep, void, undefined> {
    for (const part of body.parts) {
      const statement = { ...part.statement, index: this.outer.index };
      const inner = new Effects(this.context);
      this.addEffects(statement, inner);
      notePlaceholders(statement, inner);
      const runs = routineRuns(this.context.schema, statement);
      for (const run of runs) yield* this.run(run, inner);
      const forecast = inner.forecast(statement);
      // A routine's text may stand in another file: what is wrong in it shows at the call.
      const place = routine === null && this.outer.kind === 'DoStmt' ? 'body' : 'elsewhere';
      const within = {
        statement: this.outer,
        place,
        verbatim: body.verbatim && part.dynamic === 'no',
      } as const;
      yield { statement, forecast, schema: this.context.schema, within };
      effects.include(inner);
      if (!forecast.transactional && !isBlock(part)) {
        effects.note(t('It fails: {0} is refused inside a block or routine.', firstWords(statement)));
      }
      if (runs.length === 0 && part.dynamic !== 'composed')
        applyToKnownSchema(this.context.schema, statement, true);
    }
  }
}

/** A block or call inside commits by itself where it may; that is no statement refused. */
function isBlock(part: RoutinePart): boolean {
  return part.statement.kind === 'DoStmt' || part.statement.kind === 'CallStmt';
}

function noteBody({ routine, body }: RoutineRun, effects: Effects): void {
  const name = routine === null ? t('the DO block') : `${routine}()`;
  if (body.commits) effects.refusesTransaction();
  if (body.parts.some((part) => part.conditional)) {
    effects.note(
      t('What {0} does only under a condition, in a loop or after an error is counted as if it ran.', name),
    );
  }
  if (body.parts.some((part) => part.dynamic === 'composed')) {
    effects.note(
      t(
        'What {0} puts together when it runs was not looked at with its real names: those are only known then.',
        name,
      ),
    );
  }
  for (const { message, start } of body.problems) {
    effects.changesSomething();
    effects.note(
      routine === null
        ? t('Part of {0} was not looked at, line {1}: {2}', name, start.line, message)
        : t('Part of {0} was not looked at: {1}', name, message),
    );
  }
}

function noteNotRead(effects: Effects): void {
  effects.changesSomething();
  effects.note(
    t(
      'The inside of the DO block was not looked at: what it locks and changes is not part of this forecast.',
    ),
  );
}

function notePlaceholders({ placeholders = [] }: Statement, effects: Effects): void {
  if (placeholders.length === 0) return;
  const names = placeholders.join(', ');
  effects.note(
    placeholders.every((name) => name.startsWith(':'))
      ? t('{0} is filled in by psql.', names)
      : t('{0} is filled in by the migration tool.', names),
  );
}

function firstWords({ text }: Statement): string {
  return text.split(/\s+/).slice(0, 3).join(' ').slice(0, 60).toUpperCase();
}
