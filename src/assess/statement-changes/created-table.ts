import { hasComment, inParentheses, textAfter } from '../../sql/clause-text';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { SingleChange } from '../change';

/** CREATE TABLE with columns of its own, in a schema that it names; null for one with anything else. */
export function createdTable({ node, text }: Statement): SingleChange | null {
  const create = asKind(node, 'CreateStmt');
  const { schemaname, relname, relpersistence } = create?.relation ?? {};
  if (!create || !schemaname || !relname || relpersistence !== 'p' || create.if_not_exists) return null;
  if (create.inhRelations || create.partbound || create.ofTypename || create.options) return null;
  if (create.tablespacename || create.accessMethod || !create.tableElts) return null;
  const definition = inParentheses(text)?.trim();
  if (!definition || hasComment(definition)) return null;
  const partitionBy = create.partspec ? textAfter(text, ['partition', 'by'])!.trim() : null;
  const table = { schema: schemaname, name: relname };
  return { kind: 'create-table', table, definition, partitionBy, more: null };
}
