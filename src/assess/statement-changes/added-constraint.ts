import type { Constraint } from '@pgsql/types';
import type { KnownSchema } from '../../safety/known-schema';
import { hasComment, inParentheses, textAfter } from '../../sql/clause-text';
import type { QualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { strings } from '../../sql/tree';
import type { SingleChange } from '../change';
import { existingTable } from './existing-table';

const actions = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' } as const;

/** ADD CONSTRAINT as a change; null for what no recipe makes, and for what is done safely already: NOT VALID, USING INDEX. */
export function addedConstraint(
  { text }: Statement,
  constraint: Constraint,
  table: QualifiedName,
  schema: KnownSchema,
): SingleChange | null {
  const name = constraint.conname ?? null;
  if (constraint.deferrable || constraint.skip_validation || constraint.indexname) return null;
  switch (constraint.contype) {
    case 'CONSTR_CHECK': {
      const expression = inParentheses(textAfter(text, ['check']) ?? '')?.trim();
      if (expression === undefined || hasComment(expression) || constraint.is_no_inherit) return null;
      return { kind: 'add-check', table, expression, name };
    }
    case 'CONSTR_UNIQUE': {
      if (constraint.nulls_not_distinct || constraint.including || constraint.options) return null;
      return { kind: 'add-unique', table, columns: strings(constraint.keys), name };
    }
    case 'CONSTR_PRIMARY':
      if (constraint.including || constraint.options) return null;
      return { kind: 'add-primary-key', table, columns: strings(constraint.keys), name };
    case 'CONSTR_FOREIGN':
      return addedForeignKey(constraint, table, schema);
    case 'CONSTR_EXCLUSION':
      return addedExclusion(text, constraint, table);
    default:
      return null;
  }
}

function addedForeignKey(
  constraint: Constraint,
  table: QualifiedName,
  schema: KnownSchema,
): SingleChange | null {
  const references = constraint.pktable && existingTable(constraint.pktable, schema);
  const isPlain = constraint.fk_matchtype !== 'f' && (constraint.fk_del_set_cols ?? []).length === 0;
  if (!references || !isPlain) return null;
  const toColumns = strings(constraint.pk_attrs);
  return {
    kind: 'add-foreign-key',
    table,
    columns: strings(constraint.fk_attrs),
    references,
    toColumns: toColumns.length > 0 ? toColumns : null,
    name: constraint.conname ?? null,
    onDelete: actionOf(constraint.fk_del_action),
    onUpdate: actionOf(constraint.fk_upd_action),
  };
}

function addedExclusion(text: string, constraint: Constraint, table: QualifiedName): SingleChange | null {
  if (constraint.including || constraint.options || constraint.indexspace) return null;
  const behind = textAfter(text, ['exclude']) ?? '';
  const expression = inParentheses(behind)?.trim();
  if (expression === undefined || hasComment(behind)) return null;
  const where = constraint.where_clause
    ? inParentheses(textAfter(behind.slice(behind.indexOf(expression) + expression.length), ['where']) ?? '')
    : null;
  return {
    kind: 'add-exclusion',
    table,
    expression,
    name: constraint.conname ?? null,
    method: constraint.access_method ?? 'gist',
    where: where?.trim() ?? null,
  };
}

function actionOf(code: string | undefined): (typeof actions)[keyof typeof actions] {
  return code !== undefined && code in actions ? actions[code as keyof typeof actions] : 'no action';
}
