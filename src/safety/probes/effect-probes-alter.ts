import { quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import { asKind, strings, type Fields } from '../../sql/tree';
import {
  columnProbe,
  columnSql,
  constraintProbe,
  partProbe,
  relationOf,
  type EffectProbe,
  type NamedRelation,
} from './effect-probe';

/** What the actions of an ALTER TABLE leave; those the catalog does not tell are left out, as all are done or none. */
export function alterTableProbes(alter: Fields<'AlterTableStmt'>): EffectProbe[] | null {
  const table = relationOf(alter.relation);
  if (!table) return null;
  return (alter.cmds ?? []).flatMap((node) => {
    const command = asKind(node, 'AlterTableCmd');
    return (command && actionProbes(table, command)) ?? [];
  });
}

function actionProbes(table: NamedRelation, command: Fields<'AlterTableCmd'>): EffectProbe[] | null {
  const name = command.name ?? '';
  switch (command.subtype) {
    case 'AT_AddColumn': {
      const column = asKind(command.def, 'ColumnDef')?.colname;
      return column ? [columnProbe(table, column, 'there')] : null;
    }
    case 'AT_DropColumn':
      return [columnProbe(table, name, 'gone')];
    case 'AT_AddConstraint':
      return addedConstraint(table, asKind(command.def, 'Constraint'));
    case 'AT_DropConstraint':
      return [constraintProbe(table, name, 'gone')];
    case 'AT_ValidateConstraint': {
      const exists = `select from pg_constraint where conrelid = ${table.sql} and conname = ${quoteLiteral(name)} and convalidated`;
      return [partProbe('constraint', table, name, 'there', exists)];
    }
    case 'AT_SetNotNull':
      return [columnIs(table, name, 'NOT NULL of', 'attnotnull')];
    case 'AT_DropNotNull':
      return [columnIs(table, name, 'NULL of', 'not attnotnull')];
    case 'AT_ColumnDefault':
      // What the default was before is not known: that there is one decides nothing.
      return command.def
        ? [{ ...columnIs(table, name, 'default of', 'atthasdef'), decides: false }]
        : [columnIs(table, name, 'no default of', 'not atthasdef')];
    case 'AT_AlterColumnType':
      return changedType(table, name, asKind(command.def, 'ColumnDef'));
    case 'AT_EnableRowSecurity':
    case 'AT_DisableRowSecurity':
      return [rowSecurity(table, command.subtype === 'AT_EnableRowSecurity')];
    case 'AT_AttachPartition':
    case 'AT_DetachPartition': {
      const partition = relationOf(asKind(command.def, 'PartitionCmd')?.name);
      if (!partition) return null;
      const exists = `select from pg_inherits where inhparent = ${table.sql} and inhrelid = ${partition.sql}`;
      const wants = command.subtype === 'AT_AttachPartition' ? 'there' : 'gone';
      return [partProbe('partition', table, partition.words, wants, exists)];
    }
    default:
      return null;
  }
}

function addedConstraint(
  table: NamedRelation,
  constraint: Fields<'Constraint'> | null,
): EffectProbe[] | null {
  if (constraint?.conname) return [constraintProbe(table, constraint.conname, 'there')];
  if (constraint?.contype !== 'CONSTR_PRIMARY') return null;
  const exists = `select from pg_constraint where conrelid = ${table.sql} and contype = 'p'`;
  return [partProbe('primary key of', table, '', 'there', exists)];
}

function columnIs(table: NamedRelation, column: string, word: string, condition: string): EffectProbe {
  return partProbe(word, table, column, 'there', `${columnSql(table, column)} and ${condition}`);
}

/** A length, a precision and a collation are not compared where given; where none is given, there must be none. */
function changedType(
  table: NamedRelation,
  column: string,
  def: Fields<'ColumnDef'> | null,
): EffectProbe[] | null {
  const names = strings(def?.typeName?.names);
  if (names.length === 0 || names.length > 2) return null;
  const array = def?.typeName?.arrayBounds?.length ? '[]' : '';
  const type = quoteLiteral(`${names.map(quoteIdentifier).join('.')}${array}`);
  const isPlain = !def?.typeName?.typmods?.length && !def?.collClause;
  const plain = isPlain
    ? ' and atttypmod = -1 and attcollation = (select typcollation from pg_type where oid = atttypid)'
    : '';
  const probe = columnIs(table, column, 'type of', `atttypid = to_regtype(${type})${plain}`);
  return [{ ...probe, decides: isPlain }];
}

function rowSecurity(table: NamedRelation, on: boolean): EffectProbe {
  const exists = `select from pg_class where oid = ${table.sql} and ${on ? '' : 'not '}relrowsecurity`;
  return partProbe(on ? 'row security of' : 'no row security of', table, '', 'there', exists);
}
