import type { Node } from '@pgsql/types';
import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { asKind, strings, walkTree } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { dottedKey, type KnownSchema } from '../known-schema';
import { addedEnumValue, makesEnum } from '../reading/enums';
import { relationsNamed } from '../reading/tables-named';
import type { Rule } from '../rule';

export const enumValueUsedAtOnce: Rule = {
  id: 'enum-value-used-at-once',
  title: 'A new enum value used in the transaction that adds it',
  severity: 'error',
  since: null,
  until: null,
  why: 'PostgreSQL refuses a value that ALTER TYPE ADD VALUE has added until that is committed, so that the migration fails. In the next migration the value is like any other.',
  url: 'https://www.postgresql.org/docs/current/sql-altertype.html',
  bad: {
    before:
      "create type status as enum ('open', 'closed'); create table orders (id int primary key, state status);",
    sql: "alter type status add value 'archived'; alter table orders alter column state set default 'archived';",
    transaction: 'wrapped',
  },
  good: {
    before:
      "create type status as enum ('open', 'closed'); create table orders (id int primary key, state status, note text);",
    sql: "alter type status add value 'archived'; alter table orders alter column note set default 'archived';",
    transaction: 'wrapped',
  },
  check({ statement, schema, script }) {
    const block = script.blocks[statement.index] ?? null;
    if (block === null) return [];
    const before = script.statements.slice(0, statement.index);
    const used = before
      .filter((each) => each.kind === 'AlterEnumStmt' && script.blocks[each.index] === block)
      .map((each) => addedEnumValue(schema, each))
      .find((added) => added && !makesEnum(schema, before, added.type) && uses(schema, statement, added));
    if (!used) return [];
    const message = t(
      "This fails: {0} has the value '{1}' only when the transaction that adds it is committed. Move this to the next migration.",
      relationLabel(used.type),
      used.value,
    );
    return [{ message, fix: null }];
  },
};

function uses(schema: KnownSchema, statement: Statement, added: { type: string; value: string }): boolean {
  let cast = false;
  let written = false;
  walkTree(statement.node, (kind, fields) => {
    if (kind === 'TypeCast' && isValue(fields['arg'] as Node, added.value)) {
      const names = (fields['typeName'] as { names?: Node[] } | undefined)?.names;
      if (dottedKey(schema, strings(names), schema.types) === added.type) cast = true;
      return false;
    }
    if (kind === 'A_Const' && isValue({ A_Const: fields }, added.value)) written = true;
    return undefined;
  });
  if (cast || !written) return cast;
  return writtenToEnum(schema, statement, added.type);
}

/** Whether the literal can stand for the enum: a column of it is known in a table that is named, and named itself. */
function writtenToEnum(schema: KnownSchema, statement: Statement, type: string): boolean {
  const columns = relationsNamed(schema, statement)
    .flatMap((key) => schema.relations.get(key)?.columns ?? [])
    .filter((column) => column.type.name === type);
  return columns.some((column) => mentions(statement, column.name));
}

function mentions(statement: Statement, column: string): boolean {
  const insert = asKind(statement.node, 'InsertStmt');
  if (insert && (insert.cols ?? []).length === 0) return true;
  let found = false;
  walkTree(statement.node, (kind, fields) => {
    const name = kind === 'ColumnRef' ? strings(fields['fields'] as Node[]).at(-1) : fields['name'];
    if (name === column) found = true;
  });
  return found;
}

function isValue(node: Node | undefined, value: string): boolean {
  return asKind(node, 'A_Const')?.sval?.sval === value;
}
