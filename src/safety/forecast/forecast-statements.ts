import type { Direction } from '../../layouts/layout';
import type { Statement } from '../../sql/statement';
import type { Forecast } from '../forecast';
import { asKind, kindOf, stringOf } from '../../sql/tree';
import { applyToKnownSchema } from '../known-schema-fold';
import { cloneKnownSchema, emptyKnownSchema, type KnownSchema } from '../known-schema';
import { Effects } from './effects';
import { forecastWithRuns, type ForecastStep } from './forecast-runs';
import { forecasters } from './forecasters';

export interface ForecastInput {
  statements: readonly Statement[];
  direction: Direction;
  /** What is there before the script; null when nothing is known. It is not changed, unless it is said to be ours. */
  schema: KnownSchema | null;
  /** `schema` becomes what is there after the script; what the script makes stays marked as fresh. */
  schemaIsOurs?: boolean;
  /** How the layout's runner wraps the script. */
  transaction: 'wrapped' | 'implicit' | 'none';
  serverMajor: number;
}

const byKind = new Map(forecasters.map((each) => [each.kind, each]));

/** One forecast per statement, each knowing what the statements before it did. Never throws. */
export function forecastStatements(input: ForecastInput): Forecast[] {
  return [...forecastEach(input)].filter((step) => step.within === null).map((step) => step.forecast);
}

/** The same one by one, the statements that run inside blocks and routines before the one they are in. */
export function* forecastEach(input: ForecastInput): Generator<ForecastStep, void, undefined> {
  const ours = input.schemaIsOurs ? input.schema : null;
  const schema = ours ?? (input.schema ? cloneKnownSchema(input.schema) : emptyKnownSchema());
  const context = {
    schema,
    major: input.serverMajor,
    direction: input.direction,
    transaction: input.transaction,
  };
  for (const statement of input.statements) {
    const { ranInside } = yield* forecastWithRuns(statement, context, ({ node }, effects) => {
      addEffects(node, effects);
    });
    // Nobody asks what is there after the last one.
    if (!ranInside && (ours || statement !== input.statements.at(-1)))
      applyToKnownSchema(schema, statement, true);
  }
}

/** The effects of a statement, and of those inside CREATE SCHEMA and EXPLAIN. */
function addEffects(node: object, effects: Effects): void {
  const kind = kindOf(node);
  byKind.get(kind)?.add((node as Record<string, unknown>)[kind] as never, effects);
  for (const element of asKind(node, 'CreateSchemaStmt')?.schemaElts ?? []) addEffects(element, effects);
  const explain = asKind(node, 'ExplainStmt');
  if (!explain?.query) return;
  const inner = new Effects(effects.context);
  addEffects(explain.query, inner);
  const runs = (explain.options ?? []).some((option) => {
    const { defname, arg } = asKind(option, 'DefElem') ?? {};
    return defname === 'analyze' && !/^(false|off|0)$/.test(stringOf(arg));
  });
  if (runs) effects.include(inner);
  else effects.includeLocks(inner);
}
