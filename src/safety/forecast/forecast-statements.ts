import type { Direction } from '../../layouts/layout';
import type { Statement } from '../../sql/statement';
import type { Forecast } from '../forecast';
import { applyToKnownSchema } from '../known-schema-fold';
import { cloneKnownSchema, emptyKnownSchema, type KnownSchema } from '../known-schema';
import { Effects } from './effects';
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
  return [...forecastEach(input)].map((each) => each.forecast);
}

/** The same one by one, each with the schema as it is before the statement (valid until the next one is taken). */
export function* forecastEach(
  input: ForecastInput,
): Generator<{ statement: Statement; forecast: Forecast; schema: KnownSchema }, void, undefined> {
  const ours = input.schemaIsOurs ? input.schema : null;
  const schema = ours ?? (input.schema ? cloneKnownSchema(input.schema) : emptyKnownSchema());
  const context = {
    schema,
    major: input.serverMajor,
    direction: input.direction,
    transaction: input.transaction,
  };
  for (const statement of input.statements) {
    const effects = new Effects(context);
    byKind.get(statement.kind)?.add(statement.node[statement.kind] as never, effects);
    yield { statement, forecast: effects.forecast(statement), schema };
    // Nobody asks what is there after the last one.
    if (ours || statement !== input.statements.at(-1)) applyToKnownSchema(schema, statement, true);
  }
}
