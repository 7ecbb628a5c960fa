import { quoteLiteral } from '../../sql/identifier';
import type { ParseNode, Statement } from '../../sql/statement';
import { asKind, strings, walkTree, type Fields } from '../../sql/tree';
import {
  columnProbe,
  constraintProbe,
  namedRelation,
  partProbe,
  relationOf,
  relationProbe,
  type EffectProbe,
} from './effect-probe';
import { relationWords, typeProbe } from './effect-probe-objects';
import { alterTableProbes } from './effect-probes-alter';
import { createdProbes } from './effect-probes-create';
import { droppedProbes } from './effect-probes-drop';

/** What a statement should have left in the catalog; null where the catalog does not tell, as of rows. */
export function effectProbes({ node, placeholders }: Statement): EffectProbe[] | null {
  if (placeholders && placeholders.length > 0) return null;
  const probes = createdProbes(node) ?? changedProbes(node) ?? droppedProbes(node);
  return probes !== null && probes.length > 0 ? probes : null;
}

/** Whether a statement leaves nothing behind after its session: settings, BEGIN and COMMIT, a query that calls nothing. */
export function leavesNothing({ node, kind }: Statement): boolean {
  if (['VariableSetStmt', 'VariableShowStmt', 'TransactionStmt', 'LockStmt'].includes(kind)) return true;
  if (!asKind(node, 'SelectStmt')) return false;
  let calls = false;
  walkTree(node, (found) => {
    calls ||= ['FuncCall', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'IntoClause'].includes(
      found,
    );
  });
  return !calls;
}

/** Whether running a statement once more does no harm where it ran already: comments, rights, statistics. */
export function isRepeatable({ kind }: Statement): boolean {
  return [
    'CommentStmt',
    'GrantStmt',
    'GrantRoleStmt',
    'AlterOwnerStmt',
    'SecLabelStmt',
    'VacuumStmt',
  ].includes(kind);
}

/** Whether a statement changes where names without a schema are looked for. */
export function setsSearchPath({ node }: Statement): boolean {
  return asKind(node, 'VariableSetStmt')?.name === 'search_path';
}

function changedProbes(node: ParseNode): EffectProbe[] | null {
  const alter = asKind(node, 'AlterTableStmt');
  if (alter) return alterTableProbes(alter);
  const rename = asKind(node, 'RenameStmt');
  if (rename) return rename.renameType === 'OBJECT_TYPE' ? renamedType(rename) : renamed(rename);
  const moved = asKind(node, 'AlterObjectSchemaStmt');
  if (moved) return movedToSchema(moved);
  const value = asKind(node, 'AlterEnumStmt');
  if (value?.newVal && !value.oldVal) {
    const named = namedRelation(strings(value.typeName));
    if (!named) return null;
    const type = named.sql.replace('to_regclass', 'to_regtype');
    const exists = `select from pg_enum where enumtypid = ${type} and enumlabel = ${quoteLiteral(value.newVal)}`;
    return [partProbe('value', named, value.newVal, 'there', exists)];
  }
  return null;
}

function renamed(rename: Fields<'RenameStmt'>): EffectProbe[] | null {
  const from = relationOf(rename.relation);
  const name = rename.newname;
  if (!from || !name) return null;
  if (rename.renameType === 'OBJECT_COLUMN' && rename.subname) {
    return [columnProbe(from, name, 'there'), columnProbe(from, rename.subname, 'gone')];
  }
  if (rename.renameType === 'OBJECT_TABCONSTRAINT' && rename.subname) {
    return [constraintProbe(from, name, 'there'), constraintProbe(from, rename.subname, 'gone')];
  }
  const word = relationWords[rename.renameType ?? ''];
  const schema = rename.relation?.schemaname;
  const to = namedRelation(schema ? [schema, name] : [name]);
  return word === undefined || !to
    ? null
    : [relationProbe(word, to, 'there'), relationProbe(word, from, 'gone')];
}

function renamedType({ object, newname }: Fields<'RenameStmt'>): EffectProbe[] | null {
  const parts = strings(asKind(object, 'List')?.items);
  if (!newname) return null;
  const probes = [typeProbe([...parts.slice(0, -1), newname], 'there'), typeProbe(parts, 'gone')];
  return probes.every((probe) => probe !== null) ? probes : null;
}

function movedToSchema(move: Fields<'AlterObjectSchemaStmt'>): EffectProbe[] | null {
  const word = relationWords[move.objectType ?? ''];
  const from = relationOf(move.relation);
  const to = namedRelation([move.newschema ?? '', move.relation?.relname ?? '']);
  return word === undefined || !from || !to || !move.newschema
    ? null
    : [relationProbe(word, to, 'there'), relationProbe(word, from, 'gone')];
}
