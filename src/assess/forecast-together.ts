import type { Forecast } from '../safety/forecast';
import { forecastStatements } from '../safety/forecast/forecast-statements';
import type { KnownSchema } from '../safety/known-schema';
import type { Statement } from '../sql/statement';

/** What statements of one transaction do to a schema, each after those before it. */
export function forecastTogether(
  statements: readonly Statement[],
  schema: KnownSchema,
  serverMajor: number,
): Forecast[] {
  return forecastStatements({ statements, direction: 'up', schema, transaction: 'wrapped', serverMajor });
}
