import type { AlterObjectSchemaStmt, RenameStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { isUnseen } from '../reading/commands';
import type { Rule, RuleContext } from '../rule';

export const renameTableOrSchema: Rule = {
  id: 'rename-table-or-schema',
  title: 'Renaming a table, view or schema in place',
  severity: 'error',
  planned: true,
  on: ['RenameStmt', 'AlterObjectSchemaStmt'],
  since: null,
  until: null,
  why: 'The old name is gone at once, and application code that still runs fails on every statement that uses it. A view with the old name, made in the same transaction, lets both versions of the code run.',
  url: 'https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS',
  bad: {
    before: 'create table clients (id int primary key, name text);',
    sql: 'alter table clients rename to customers;',
  },
  good: {
    before: 'create table clients (id int primary key, name text);',
    sql: 'alter table clients rename to customers; create view clients as select * from customers;',
  },
  check(context) {
    if (context.script.direction === 'down') return [];
    const rename = asKind(context.statement.node, 'RenameStmt');
    const move = asKind(context.statement.node, 'AlterObjectSchemaStmt');
    if (rename?.renameType === 'OBJECT_SCHEMA') {
      const message = t(
        'Code that still uses the schema {0} fails as soon as it is called {1}. Make the new schema beside it, move the code, and drop the old one when nobody uses it.',
        rename.subname ?? '',
        rename.newname ?? '',
      );
      return [{ message, fix: null }];
    }
    const moved = rename ? renamed(context, rename) : move ? otherSchema(context, move) : null;
    if (!moved || isUnseen(context, moved.from)) return [];
    if (namedByView(context, moved.from) || takesPlace(context)) return [];
    const message = t(
      'Code that still uses {0} fails as soon as it is called {1}. Make a view with the old name and the same grants in the same transaction, or keep the old name.',
      relationLabel(moved.from),
      moved.to,
    );
    return [{ message, fix: null }];
  },
};

const renamedKinds = /^OBJECT_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/;

function renamed({ schema }: RuleContext, rename: RenameStmt): { from: string; to: string } | null {
  if (!renamedKinds.test(rename.renameType ?? '')) return null;
  const from = relationKey(schema, rename.relation);
  // ALTER TABLE renames indexes and sequences too, whose names code does not use.
  const kind = schema.relations.get(from)?.kind;
  return kind === 'sequence' ? null : { from, to: rename.newname ?? '' };
}

function otherSchema(
  { schema }: RuleContext,
  move: AlterObjectSchemaStmt,
): { from: string; to: string } | null {
  if (!renamedKinds.test(move.objectType ?? '')) return null;
  const name = move.relation?.relname ?? '';
  return { from: relationKey(schema, move.relation), to: `${move.newschema ?? ''}.${name}` };
}

/** Whether a later statement of the same transaction gives that name to a view or another table. */
function namedByView(context: RuleContext, key: string): boolean {
  return sameTransaction(context).some((each) => {
    if (each.index < context.statement.index) return false;
    const rename = asKind(each.node, 'RenameStmt');
    const range =
      asKind(each.node, 'ViewStmt')?.view ??
      asKind(each.node, 'CreateStmt')?.relation ??
      (rename && { ...rename.relation, relname: rename.newname });
    return range ? relationKey(context.schema, range) === key : false;
  });
}

/** Whether it takes the name of a table that the same transaction renamed before: both change places. */
function takesPlace(context: RuleContext): boolean {
  const own = asKind(context.statement.node, 'RenameStmt');
  if (!own) return false;
  const key = relationKey(context.schema, { ...own.relation, relname: own.newname });
  return sameTransaction(context).some((each) => {
    const rename = asKind(each.node, 'RenameStmt');
    if (each.index > context.statement.index || !renamedKinds.test(rename?.renameType ?? '')) return false;
    return relationKey(context.schema, rename?.relation) === key;
  });
}

function sameTransaction({ statement, script }: RuleContext): Statement[] {
  const block = script.blocks[statement.index];
  if (block === null || block === undefined) return [];
  return script.statements.filter(
    (each) => each.index !== statement.index && script.blocks[each.index] === block,
  );
}
