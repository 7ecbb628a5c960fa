import { tableOfIndex } from '../../safety/known-neighbours';
import { relationKey, type KnownSchema } from '../../safety/known-schema';
import { parseQualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import type { SingleChange } from '../change';
import { existingTable } from './existing-table';

/** DROP of one table or index, with nothing that depends on it; null for all else, and for an index of a table not known. */
export function droppedObject({ node }: Statement, schema: KnownSchema): SingleChange | null {
  const drop = asKind(node, 'DropStmt');
  if (!drop || drop.missing_ok || drop.behavior === 'DROP_CASCADE' || drop.objects?.length !== 1) return null;
  const parts = strings(asKind(drop.objects[0], 'List')?.items);
  const name = parts.at(-1);
  if (!name || parts.length > 2) return null;
  const [schemaname] = parts.length === 2 ? parts : [];
  const relation = { relname: name, ...(schemaname ? { schemaname } : {}) };
  if (drop.removeType === 'OBJECT_TABLE') {
    const table = existingTable(relation, schema);
    return table && { kind: 'drop-table', table, backup: false };
  }
  if (drop.removeType !== 'OBJECT_INDEX') return null;
  const found = tableOfIndex(schema, relationKey(schema, relation));
  return found === null ? null : { kind: 'drop-index', table: parseQualifiedName(found.table), index: name };
}
