import { t } from '../../messages/translate';
import { relationLabels } from '../forecast/describe-forecast';
import { settingFix } from '../reading/setting-fix';
import { earlierInTransaction, locksToName, queuesOthers } from '../reading/strong-locks';
import { settingInForce } from '../reading/time-setting';
import type { Rule } from '../rule';

const setting = 'idle_in_transaction_session_timeout';

export const missingIdleTimeout: Rule = {
  id: 'missing-idle-timeout',
  title: 'A strong lock that outlives whoever took it',
  severity: 'info',
  since: null,
  until: null,
  optIn: true,
  why: 'A runner that hangs or loses its network between two statements leaves the transaction open, and its locks with it. With idle_in_transaction_session_timeout the server ends such a session by itself.',
  url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: "set local lock_timeout = '500ms'; alter table orders add column note text; comment on column orders.note is $$new$$;",
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: "set local lock_timeout = '500ms'; set local idle_in_transaction_session_timeout = '10s'; alter table orders add column note text;",
  },
  check(context) {
    const { statement, forecast, script } = context;
    // Sent as one text, the statements follow each other on the server.
    if (!queuesOthers(forecast) || script.transaction === 'implicit') return [];
    if ((script.blocks[statement.index] ?? null) === null) return [];
    if (earlierInTransaction(script, statement.index).some(queuesOthers)) return [];
    const limit = settingInForce(script, setting, statement.index);
    if (limit && limit.milliseconds > 0) return [];
    const message = t(
      'If whoever runs this hangs before COMMIT, its lock on {0} stays. Set {1} before it.',
      relationLabels(locksToName(context.schema, forecast)),
      setting,
    );
    return [{ message, fix: settingFix(context, setting, '10s', t('End a session that hangs after 10 s')) }];
  },
};
