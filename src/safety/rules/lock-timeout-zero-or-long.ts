import { t } from '../../messages/translate';
import { duration, relationLabels } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { locksToName, queuesOthers } from '../reading/strong-locks';
import { settingChange, settingInForce } from '../reading/time-setting';
import type { Rule, RuleScript } from '../rule';
import type { Statement } from '../../sql/statement';

/** Longer than this, and clients run into limits of their own. */
const mostMilliseconds = 10_000;

export const lockTimeoutZeroOrLong: Rule = {
  id: 'lock-timeout-zero-or-long',
  title: 'A lock_timeout that is no limit',
  severity: 'warning',
  since: null,
  until: null,
  why: 'Zero means to wait without end, and everybody who comes later waits behind the statement that waits. A limit of many seconds is an outage of as many seconds, each time it is tried.',
  url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'set local lock_timeout = 0; alter table orders add column note text;',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: "set local lock_timeout = '2s'; alter table orders add column note text;",
  },
  check({ statement, forecast, schema, script }) {
    if (!queuesOthers(forecast)) return [];
    const limit = settingInForce(script, 'lock_timeout', statement.index);
    if (!limit || (limit.milliseconds > 0 && limit.milliseconds <= mostMilliseconds)) return [];
    if (Number.isNaN(limit.milliseconds)) return [];
    const saidBefore = script.earlier.some(
      (each) =>
        each.index > limit.statement.index &&
        queuesOthers(each) &&
        settingInForce(script, 'lock_timeout', each.index)?.statement === limit.statement,
    );
    if (saidBefore) return [];
    const tables = relationLabels(locksToName(schema, forecast));
    const message =
      limit.milliseconds > 0
        ? t(
            'Everybody who uses {0} may wait {1} behind this. Set lock_timeout to half a second, and try again when it gives up.',
            tables,
            duration(limit.milliseconds),
          )
        : t(
            'lock_timeout is 0 here, so that everybody who uses {0} waits behind this without a limit. Set it to half a second, and try again when it gives up.',
            tables,
          );
    return [{ message, fix: shorter(script, limit.statement) }];
  },
};

/** What runs CONCURRENTLY in the same script may need the long wait. */
function shorter(script: RuleScript, setting: Statement): FixProposal | null {
  if (setting.kind !== 'VariableSetStmt') return null;
  if (script.statements.some((each) => /\bconcurrently\b/i.test(each.text) || each.kind === 'VacuumStmt'))
    return null;
  const { start, end } = setting;
  const local = settingChange(setting)?.local ? 'LOCAL ' : '';
  return {
    kind: 'edit',
    title: t('Give up waiting after 500 ms'),
    edits: [{ start: start.offset, end: end.offset, newText: `SET ${local}lock_timeout = '500ms'` }],
    follows: [],
  };
}
