import { t } from '../../messages/translate';
import { relationLabels } from '../forecast/describe-forecast';
import { settingFix } from '../reading/setting-fix';
import { locksToName, queuesOthers } from '../reading/strong-locks';
import { settingChange, settingInForce, timeMilliseconds } from '../reading/time-setting';
import type { Rule, RuleScript } from '../rule';

export const missingLockTimeout: Rule = {
  id: 'missing-lock-timeout',
  title: 'Waiting for a lock without a limit',
  severity: 'info',
  since: null,
  until: null,
  why: 'A statement that waits for a strong lock makes everybody behind it wait too, also readers, for as long as some old transaction lasts. With a short lock_timeout it gives up and can be tried again.',
  url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column note text;',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: "set local lock_timeout = '500ms'; alter table orders add column note text;",
  },
  check(context) {
    const { statement, forecast, script } = context;
    if (script.plan?.kind === 'step' && script.plan.timed) return [];
    if (!queuesOthers(forecast) || hasLimit(script, statement.index)) return [];
    if (script.earlier.some((each) => queuesOthers(each) && !hasLimit(script, each.index))) return [];
    // A limit that comes later is lock-timeout-too-late.
    if (script.statements.slice(statement.index + 1).some(({ index }) => setsLimit(script, index))) return [];
    const message = t(
      'While this waits for its lock on {0}, everybody else waits behind it. Write SET lock_timeout before it, and try again when it gives up.',
      relationLabels(locksToName(context.schema, forecast)),
    );
    const fix = settingFix(context, 'lock_timeout', '500ms', t('Give up waiting after 500 ms'));
    return [{ message, fix }];
  },
};

/** Whether the script says how long this may wait. No limit on purpose is lock-timeout-zero-or-long. */
function hasLimit(script: RuleScript, index: number): boolean {
  return settingInForce(script, 'lock_timeout', index) !== null;
}

function setsLimit(script: RuleScript, index: number): boolean {
  const change = settingChange(script.statements[index]!);
  if (change?.name !== 'lock_timeout' || change.value === null) return false;
  return timeMilliseconds(change.value) > 0 && (!change.local || script.blocks[index] !== null);
}
