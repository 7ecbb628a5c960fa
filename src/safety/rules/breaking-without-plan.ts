import type { DropStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { dottedKey, relationKey } from '../known-schema';
import { nameParts } from '../known-schema-drop';
import { isDeprecationRecorded } from '../reading/deprecation';
import { droppedKeys, isMadeByScript } from '../reading/made-names';
import type { Rule, RuleContext } from '../rule';

export const breakingWithoutPlan: Rule = {
  id: 'breaking-without-plan',
  title: 'A change that running code does not survive, without a plan',
  severity: 'info',
  since: null,
  until: null,
  yieldsTo: [
    'adding-required-column',
    'drop-column',
    'drop-column-still-required',
    'drop-database',
    'drop-schema',
    'drop-table',
    'dropping-without-deprecation',
    'enable-row-security',
    'rename-column',
    'rename-enum-value',
    'rename-table-or-schema',
  ],
  why: 'The application is never released in the same instant as the schema, so that one of its versions meets the other schema. A plan puts what old and new code both survive first, and the rest after the release.',
  url: 'https://www.postgresql.org/docs/current/ddl-alter.html',
  bad: {
    before: 'create type amount as (value int, currency text);',
    sql: 'alter type amount rename to money_amount;',
    plan: { kind: 'none' },
  },
  good: {
    before: 'create type amount as (value int, currency text);',
    sql: 'alter type amount rename to money_amount;',
    plan: { kind: 'step', plan: '20250101-amounts', phase: 'contract', deprecationDays: 30, timed: false },
  },
  check(context) {
    const { forecast, script } = context;
    if (forecast.compatible || script.plan?.kind !== 'none' || script.direction === 'down') return [];
    // It is a fact of the file, and said once.
    if (script.earlier.some((each) => !each.compatible)) return [];
    if (isDeprecationRecorded(context) || isReplaced(context)) return [];
    const tables = [...new Set(forecast.locks.map((lock) => relationLabel(lock.relation)))];
    const message =
      tables.length > 0
        ? t(
            'Code that still uses {0} as it was does not survive this, and no plan has this file. Plan it in phases.',
            tables.join(', '),
          )
        : t(
            'Code that was written before does not survive this, and no plan has this file. Plan it in phases.',
          );
    return [{ message, fix: null }];
  },
};

/** Dropped to be made anew: code meets it again after the migration. */
function isReplaced(context: RuleContext): boolean {
  const drop = asKind(context.statement.node, 'DropStmt');
  if (drop === null) return false;
  if (/POLICY|INDEX/.test(drop.removeType ?? '')) return isLikeMade(drop, context);
  return droppedKeys(context.schema, drop).every((key) => isMadeByScript(context, key));
}

/** Whether the same script makes a policy of the table, or a unique index by the name, that stands for what is dropped. */
function isLikeMade({ removeType, objects }: DropStmt, { schema, script }: RuleContext): boolean {
  return (objects ?? []).every((object) => {
    const parts = nameParts(object);
    return script.statements.some(({ node }) => {
      if (removeType === 'OBJECT_INDEX') {
        const index = asKind(node, 'IndexStmt');
        return index?.unique === true && index.idxname === parts.at(-1);
      }
      const policy = asKind(node, 'CreatePolicyStmt');
      const table = dottedKey(schema, parts.slice(0, -1), schema.relations);
      return policy !== null && relationKey(schema, policy.table) === table;
    });
  });
}
