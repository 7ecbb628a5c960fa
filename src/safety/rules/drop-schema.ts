import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { nameParts } from '../known-schema-drop';
import type { Rule, RuleContext } from '../rule';

export const dropSchema: Rule = {
  id: 'drop-schema',
  title: 'Dropping a schema',
  severity: 'error',
  on: ['DropStmt'],
  since: null,
  until: null,
  why: 'DROP SCHEMA with CASCADE drops every table, view and function in it with all their rows, and what depends on them elsewhere, without naming any. It locks all of them at once until the transaction ends.',
  url: 'https://www.postgresql.org/docs/current/sql-dropschema.html',
  bad: {
    before: 'create schema if not exists reports; create table if not exists reports.daily (id int);',
    sql: 'drop schema reports cascade;',
  },
  good: { before: '', sql: 'create schema scratch; drop schema scratch cascade;' },
  check(context) {
    const { statement, script } = context;
    const drop = asKind(statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_SCHEMA' || script.direction === 'down') return [];
    const cascade = drop.behavior === 'DROP_CASCADE';
    return (drop.objects ?? [])
      .map((object) => nameParts(object)[0] ?? '')
      .filter((name) => !isMadeHere(context, name))
      .map((name) => ({
        message: cascade
          ? t(
              'Everything in the schema {0} is gone for good, and what depends on it elsewhere. Drop its tables one by one, each after a backup, and the empty schema at last without CASCADE.',
              name,
            )
          : t('Code that still names the schema {0} fails. Make sure nobody uses it any more.', name),
        fix: null,
        severity: cascade ? 'error' : 'warning',
      }));
  },
};

function isMadeHere({ script, statement }: RuleContext, name: string): boolean {
  return script.statements
    .slice(0, statement.index)
    .some((each) => asKind(each.node, 'CreateSchemaStmt')?.schemaname === name);
}
