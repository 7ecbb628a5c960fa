import type { Node, RangeVar } from '@pgsql/types';
import type { KnownSchema } from '../../safety/known-schema';
import { hasComment, textAfter, textBefore } from '../../sql/clause-text';
import type { QualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind, walkTree } from '../../sql/tree';
import type { SingleChange } from '../change';
import { existingTable } from './existing-table';

/** UPDATE of one column and DELETE, of all rows or of those with a condition over the row alone; null for all else. */
export function changedRows(statement: Statement, schema: KnownSchema): SingleChange | null {
  return updatedColumn(statement, schema) ?? deletedRows(statement, schema);
}

function updatedColumn({ node, text }: Statement, schema: KnownSchema): SingleChange | null {
  const update = asKind(node, 'UpdateStmt');
  const [target, ...others] = (update?.targetList ?? []).map((each) => asKind(each, 'ResTarget'));
  if (!update || !target?.name || others.length > 0 || (target.indirection ?? []).length > 0) return null;
  if (update.fromClause || update.returningClause || update.withClause) return null;
  if (hasComment(text) || !isOfTheRow([target.val, update.whereClause])) return null;
  const table = wholeTable(update.relation, schema);
  const value = /^\s*(?:"(?:[^"]|"")*"|[^\s"=]+)\s*=([^]*)$/.exec(textAfter(text, ['set']) ?? '')?.[1];
  if (!table || value === undefined) return null;
  const where = update.whereClause ? textAfter(value, ['where'])!.trim() : null;
  const expression = textBefore(value, ['where']).trim();
  return { kind: 'backfill-column', table, column: target.name, expression, where };
}

function deletedRows({ node, text }: Statement, schema: KnownSchema): SingleChange | null {
  const deletion = asKind(node, 'DeleteStmt');
  if (!deletion?.whereClause || deletion.usingClause || deletion.returningClause || deletion.withClause)
    return null;
  if (hasComment(text) || !isOfTheRow([deletion.whereClause])) return null;
  const table = wholeTable(deletion.relation, schema);
  const where = textAfter(text, ['where'])?.trim();
  return table && where ? { kind: 'purge-rows', table, where, archive: false } : null;
}

/** Not ONLY, and by its own name, which the recipes' statements do not know another one for. */
function wholeTable(relation: RangeVar | undefined, schema: KnownSchema): QualifiedName | null {
  return relation?.inh === true && !relation.alias ? existingTable(relation, schema) : null;
}

/** Whether it can be computed from a row: no subquery, no DEFAULT, no cursor. */
function isOfTheRow(trees: readonly (Node | undefined)[]): boolean {
  let found = false;
  for (const tree of trees)
    walkTree(tree, (kind) => {
      found ||= ['SubLink', 'SetToDefault', 'MultiAssignRef', 'CurrentOfExpr'].includes(kind);
    });
  return !found;
}
