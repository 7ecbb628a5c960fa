import { relationKey, type KnownSchema } from '../../safety/known-schema';
import { hasComment, textAfter } from '../../sql/clause-text';
import { parseQualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { SingleChange } from '../change';

/** CREATE OR REPLACE of a view that others can see, by a query alone; null for all else. */
export function replacedView({ node, text }: Statement, schema: KnownSchema): SingleChange | null {
  const view = asKind(node, 'ViewStmt');
  if (!view?.view || view.replace !== true || view.aliases || view.options) return null;
  if (view.withCheckOption !== 'NO_CHECK_OPTION' || view.view.relpersistence === 't') return null;
  const key = relationKey(schema, view.view);
  const known = schema.relations.get(key);
  if (known?.kind !== 'view' || known.fresh) return null;
  const definition = textAfter(text, ['as'])?.trim();
  if (!definition || hasComment(definition)) return null;
  return { kind: 'replace-view', table: parseQualifiedName(key), definition };
}
