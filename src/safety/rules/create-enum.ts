import { t } from '../../messages/translate';
import { asKind, strings } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { dottedKey } from '../known-schema';
import type { Rule } from '../rule';

export const createEnum: Rule = {
  id: 'create-enum',
  title: 'An enum for values that may change',
  severity: 'info',
  on: ['CreateEnumStmt'],
  since: null,
  until: null,
  optIn: true,
  why: 'Values of an enum can be added and renamed, and never removed or put in another order. Taking one away needs a new type, and a rewrite of every table that uses it.',
  url: 'https://www.postgresql.org/docs/current/datatype-enum.html#DATATYPE-ENUM-IMPLEMENTATION-DETAILS',
  bad: { before: '', sql: "create type status as enum ('open', 'closed');" },
  good: { before: '', sql: 'create table statuses (name text primary key);' },
  check({ statement, schema }) {
    const create = asKind(statement.node, 'CreateEnumStmt');
    if (!create) return [];
    const message = t(
      'A value of {0} cannot be removed again. Where the values may change, use a table of them with a foreign key, or text with a CHECK.',
      relationLabel(dottedKey(schema, strings(create.typeName), schema.types)),
    );
    return [{ message, fix: null }];
  },
};
