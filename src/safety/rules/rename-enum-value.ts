import { t } from '../../messages/translate';
import { asKind, strings } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { dottedKey } from '../known-schema';
import { makesEnum } from '../reading/enums';
import type { Rule } from '../rule';

export const renameEnumValue: Rule = {
  id: 'rename-enum-value',
  title: 'Renaming an enum value in place',
  severity: 'error',
  on: ['AlterEnumStmt'],
  since: null,
  until: null,
  why: 'Code that writes or compares with the old value fails at once, and code that reads meets a value it does not know. A new value, to which the rows are moved while both are accepted, lets both versions of the code run.',
  url: 'https://www.postgresql.org/docs/current/sql-altertype.html',
  bad: {
    before: "create type status as enum ('open', 'closed');",
    sql: "alter type status rename value 'closed' to 'done';",
  },
  good: {
    before: "create type status as enum ('open', 'closed');",
    sql: "alter type status add value 'done' after 'closed';",
  },
  check({ statement, schema, script }) {
    const alter = asKind(statement.node, 'AlterEnumStmt');
    if (!alter || alter.oldVal === undefined || script.direction === 'down') return [];
    const type = dottedKey(schema, strings(alter.typeName), schema.types);
    if (makesEnum(schema, script.statements.slice(0, statement.index), type)) return [];
    const message = t(
      "Code that still uses '{0}' of {1} fails as soon as it is called '{2}'. Add '{2}' as a new value, let the code accept both, and change the rows in batches.",
      alter.oldVal,
      relationLabel(type),
      alter.newVal ?? '',
    );
    return [{ message, fix: null }];
  },
};
