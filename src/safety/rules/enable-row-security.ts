import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule, RuleContext } from '../rule';

export const enableRowSecurity: Rule = {
  id: 'enable-row-security',
  title: 'Row security without a policy',
  severity: 'error',
  planned: true,
  on: ['AT_EnableRowSecurity'],
  since: null,
  until: null,
  why: 'A table with row security and no policy shows its rows to nobody but its owner and roles that pass by row security, and takes none from others. Queries of all other roles find nothing instead of failing, so that nobody notices at first.',
  url: 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html',
  bad: {
    before: 'create table orders (id int primary key, tenant text);',
    sql: 'alter table orders enable row level security;',
  },
  good: {
    before: 'create table orders (id int primary key, tenant text);',
    sql: 'create policy all_rows on orders using (true); alter table orders enable row level security;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table || commandsOf(context, 'AT_EnableRowSecurity').length === 0) return [];
    if (context.script.direction === 'down' || hasPolicy(context)) return [];
    const message = t(
      'Without a policy, nobody but the owner of {0} finds a row in it from here on. Create the policies first, or in the same transaction.',
      table,
    );
    return [{ message, fix: null }];
  },
};

/** A policy that is there, or one of the same script. */
function hasPolicy({ statement, schema, script }: RuleContext): boolean {
  const key = relationKey(schema, asKind(statement.node, 'AlterTableStmt')?.relation);
  return (
    schema.relations.get(key)?.dependents.some((each) => each.kind === 'policy') ||
    script.statements.some((each) => {
      const policy = asKind(each.node, 'CreatePolicyStmt');
      return policy !== null && relationKey(schema, policy.table) === key;
    })
  );
}
