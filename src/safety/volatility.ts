import { strings, walkTree } from '../sql/tree';
import { steadyFunctions, volatileFunctions } from './built-in-functions';
import { dottedKey, type KnownSchema, type Volatility } from './known-schema';

/**
 * How an expression's functions behave: https://www.postgresql.org/docs/current/xfunc-volatility.html
 * A function that is neither PostgreSQL's nor known counts as volatile, which is what CREATE FUNCTION makes
 * by default; it is named in `unknown`.
 */
export function expressionVolatility(
  schema: KnownSchema,
  expression: object | undefined,
): { volatility: Volatility; unknown: string[] } {
  const unknown: string[] = [];
  let volatility: Volatility = 'immutable';
  walkTree(expression, (kind, fields) => {
    if (kind === 'SQLValueFunction' && volatility === 'immutable') volatility = 'stable';
    if (kind !== 'FuncCall') return;
    const parts = strings(fields['funcname'] as Parameters<typeof strings>[0]);
    const found = functionVolatility(schema, parts);
    if (found === null) unknown.push(parts.join('.'));
    if (found === null || found === 'volatile') volatility = 'volatile';
    else if (found === 'stable' && volatility === 'immutable') volatility = 'stable';
  });
  return { volatility, unknown };
}

/** Null for a function nothing is known of. Built-in ones that are not volatile count as stable. */
export function functionVolatility(schema: KnownSchema, parts: readonly string[]): Volatility | null {
  const known = schema.functions.get(dottedKey(schema, parts, schema.functions));
  if (known) return known;
  const name = parts.at(-1) ?? '';
  if (volatileFunctions.has(name)) return 'volatile';
  return parts[0] === 'pg_catalog' || steadyFunctions.has(name) ? 'stable' : null;
}
