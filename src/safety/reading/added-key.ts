import type { Constraint } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind, strings } from '../../sql/tree';
import { freeConstraintName } from '../default-name';
import type { OutsideTransactionProposal } from '../fix-proposal';
import { relationKey } from '../known-schema';
import type { RuleContext } from '../rule';
import { constraintByIndex } from './constraint-by-index';

/** The way to a UNIQUE or PRIMARY KEY by an index, for an ALTER TABLE that does nothing else; null where there is none. */
export function keyByIndex(
  { statement, schema }: RuleContext,
  constraint: Constraint,
): OutsideTransactionProposal | null {
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (!alter || alter.cmds?.length !== 1 || alter.missing_ok) return null;
  const table = relationKey(schema, alter.relation);
  const kind = constraint.contype === 'CONSTR_PRIMARY' ? 'primary' : 'unique';
  const name =
    constraint.conname ??
    freeConstraintName(schema, table, kind, [...strings(constraint.keys), ...strings(constraint.including)]);
  const steps = constraintByIndex(schema, table, name, constraint);
  if (!steps) return null;
  return {
    kind: 'outside-transaction',
    title: t('Build the unique index {0} CONCURRENTLY, then add the constraint USING INDEX', name),
    statement: `${steps.index};\n${steps.constraint}`,
    inverse: steps.inverse,
    name: `constraint ${name}`,
    object: { kind: 'constraint', table, name },
    apart: steps.apart,
  };
}
