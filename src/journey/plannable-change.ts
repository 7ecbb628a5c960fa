import { changeOfStatement } from '../assess/change-of-statement';
import type { SingleChange } from '../assess/change';
import type { Forecast } from '../safety/forecast';
import { emptyKnownSchema } from '../safety/known-schema';
import { formatQualifiedName, parseQualifiedName } from '../sql/identifier';
import { loadParser } from '../sql/parser';

/**
 * The change that a statement of an up script makes at once and a recipe could make in phases; null for others.
 * `text` is the statement's own; its forecast says which table is meant, and that others can see it.
 */
export async function plannableChange(text: string, forecast: Forecast): Promise<SingleChange | null> {
  if (forecast.direction !== 'up') return null;
  const [statement] = (await loadParser()).parse(text).statements;
  if (!statement) return null;
  for (const { relation } of forecast.locks) {
    const schema = { ...emptyKnownSchema(), searchPath: [parseQualifiedName(relation).schema] };
    const change = changeOfStatement(statement, schema);
    if (change && formatQualifiedName(change.table) === relation) return change;
  }
  return null;
}
