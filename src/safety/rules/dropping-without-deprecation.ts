import type { DropStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey, type KnownSchema } from '../known-schema';
import { commandsOf, isUnseen } from '../reading/commands';
import { isDeprecationRecorded } from '../reading/deprecation';
import { droppedKeys, isMadeByScript, objectsOf } from '../reading/made-names';
import type { Rule, RuleContext } from '../rule';

export const droppingWithoutDeprecation: Rule = {
  id: 'dropping-without-deprecation',
  title: 'Dropping what nobody declared out of use',
  severity: 'info',
  since: null,
  until: null,
  yieldsTo: ['drop-column', 'drop-column-still-required', 'drop-schema', 'drop-table'],
  why: 'Code that runs while it is dropped, also jobs, reports and the version before, fails on its next use. A recorded time in which it was declared out of use is the proof that nobody needs it any more.',
  url: 'https://www.postgresql.org/docs/current/ddl-depend.html',
  bad: {
    before: 'create function total(a int, b int) returns int language sql as $$select a + b$$;',
    sql: 'drop function total(int, int);',
    plan: { kind: 'none' },
  },
  good: {
    before: 'create function total(a int, b int) returns int language sql as $$select a + b$$;',
    sql: '-- switchback:deprecated since 2024-02-29 reports add it up themselves\ndrop function total(int, int);',
    plan: { kind: 'none' },
  },
  check(context) {
    if (context.script.plan === null || context.script.direction === 'down') return [];
    const dropped = droppedNames(context);
    if (dropped.length === 0 || isDeprecationRecorded(context)) return [];
    const message = t(
      'Nothing records that {0} is out of use. Drop it in the contract phase of a plan, or write "-- switchback:deprecated since YYYY-MM-DD" and why above this.',
      dropped.map(relationLabel).join(', '),
    );
    return [{ message, fix: null }];
  },
};

/** What is dropped and was there before the script, as far as is known. */
function droppedNames(context: RuleContext): string[] {
  const { statement, schema } = context;
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (alter) {
    const table = relationKey(schema, alter.relation);
    if (isUnseen(context, table)) return [];
    return commandsOf(context, 'AT_DropColumn').map((command) => `${table}.${command.name ?? ''}`);
  }
  const drop = asKind(statement.node, 'DropStmt');
  if (!drop || !isUsedByCode(drop)) return [];
  return droppedKeys(schema, drop).filter(
    (key) => !isUnseen(context, key) && isKnown(schema, drop, key) && !isMadeByScript(context, key),
  );
}

const usedByCode =
  /^OBJECT_(TABLE|VIEW|MATVIEW|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROCEDURE|ROUTINE|FOREIGN_TABLE)$/;

function isUsedByCode(drop: DropStmt): boolean {
  return usedByCode.test(drop.removeType ?? '');
}

/** IF EXISTS of something unknown may drop nothing at all. */
function isKnown(schema: KnownSchema, drop: DropStmt, key: string): boolean {
  return !drop.missing_ok || objectsOf(schema, drop).has(key);
}
