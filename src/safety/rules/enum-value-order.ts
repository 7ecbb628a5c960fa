import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { addedEnumValue } from '../reading/enums';
import type { Rule } from '../rule';

export const enumValueOrder: Rule = {
  id: 'enum-value-order',
  title: 'An enum value without a place in the order',
  severity: 'info',
  on: ['AlterEnumStmt'],
  since: null,
  until: null,
  optIn: true,
  why: 'Enum values sort and compare in the order they are declared, and a value without BEFORE or AFTER goes to the end. It cannot be moved later.',
  url: 'https://www.postgresql.org/docs/current/sql-altertype.html',
  bad: {
    before: "create type status as enum ('open', 'closed');",
    sql: "alter type status add value 'paused';",
  },
  good: {
    before: "create type status as enum ('open', 'closed');",
    sql: "alter type status add value 'paused' before 'closed';",
  },
  check({ statement, schema }) {
    const added = addedEnumValue(schema, statement);
    if (!added || asKind(statement.node, 'AlterEnumStmt')?.newValNeighbor !== undefined) return [];
    const message = t(
      "'{0}' sorts behind all other values of {1}, and stays there. Say BEFORE or AFTER which value it belongs.",
      added.value,
      relationLabel(added.type),
    );
    return [{ message, fix: null }];
  },
};
