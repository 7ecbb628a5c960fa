import type { AlterTableCmd, Constraint, DropStmt, IndexStmt, Node } from '@pgsql/types';
import type { KnownSchema } from '../safety/known-schema';
import type { ParseNode, Statement } from '../sql/statement';
import { asKind } from '../sql/tree';
import type { SingleChange } from './change';
import { changeOfStatement } from './change-of-statement';

/**
 * The changes that a statement of the past made, whether or not it made them safely: only their kind and their table count.
 * `schema` is what was there before it.
 */
export function pastChanges(statement: Statement, schema: KnownSchema): SingleChange[] {
  return plainForms(statement).flatMap((form) => changeOfStatement({ ...statement, ...form }, schema) ?? []);
}

/** A statement as it would be without what makes it safe or forgiving, one for each of its commands. */
function plainForms({ node }: Statement): { node: ParseNode; text?: string }[] {
  const alter = asKind(node, 'AlterTableStmt');
  if (alter) {
    const commands = (alter.cmds ?? []).flatMap((each) => asKind(each, 'AlterTableCmd') ?? []);
    return commands.map((command) => ({
      node: { AlterTableStmt: { ...alter, cmds: [{ AlterTableCmd: plainCommand(command) }] } },
    }));
  }
  const index = asKind(node, 'IndexStmt');
  // Its text is read for expressions and comments, which may be of any form here.
  if (index) return [{ node: { IndexStmt: plainIndex(index) }, text: '' }];
  const drop = asKind(node, 'DropStmt');
  if (drop) return plainDrops(drop).map((each) => ({ node: { DropStmt: each } }));
  return [{ node }];
}

function plainCommand(command: AlterTableCmd): AlterTableCmd {
  const constraint = asKind(command.def, 'Constraint');
  return {
    ...command,
    missing_ok: false,
    ...(constraint ? { def: { Constraint: plainConstraint(constraint) } } : {}),
  };
}

function plainConstraint(constraint: Constraint): Constraint {
  const { indexname: _made, ...rest } = constraint;
  return { ...rest, skip_validation: false, deferrable: false };
}

/** Only its table counts, and that it is an index: an expression is a column without a name here. */
function plainIndex({ options: _set, tableSpace: _place, ...index }: IndexStmt): IndexStmt {
  return {
    ...index,
    concurrent: false,
    nulls_not_distinct: false,
    indexParams: (index.indexParams ?? []).map((node) => plainElement(node)),
  };
}

function plainElement(node: Node): Node {
  return { IndexElem: { name: asKind(node, 'IndexElem')?.name ?? '' } };
}

function plainDrops(drop: DropStmt): DropStmt[] {
  return (drop.objects ?? []).map((object) => ({
    ...drop,
    objects: [object],
    missing_ok: false,
    concurrent: false,
  }));
}
