import { t } from '../../messages/translate';
import { relationLabels } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { insertBefore, removeStatement } from '../reading/script-edits';
import { queuesOthers } from '../reading/strong-locks';
import { settingChange, settingInForce, timeMilliseconds } from '../reading/time-setting';
import type { Rule, RuleContext } from '../rule';

export const lockTimeoutTooLate: Rule = {
  id: 'lock-timeout-too-late',
  title: 'A limit on waiting that comes after the wait',
  severity: 'warning',
  on: ['VariableSetStmt'],
  since: null,
  until: null,
  why: 'A lock_timeout holds for the statements after it only. What waited for its lock before it waited without a limit, with everybody else behind it.',
  url: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: "alter table orders add column note text; set local lock_timeout = '500ms'; alter table orders add column code text;",
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: "set local lock_timeout = '500ms'; alter table orders add column note text; alter table orders add column code text;",
  },
  check(context) {
    const { statement, script } = context;
    const change = settingChange(statement);
    if (change?.name !== 'lock_timeout' || change.value === null) return [];
    if (!(timeMilliseconds(change.value) > 0) || (change.local && script.blocks[statement.index] === null))
      return [];
    const isFirst = !script.statements
      .slice(0, statement.index)
      .some((each) => settingChange(each)?.name === 'lock_timeout');
    const unlimited = script.earlier.filter(
      (each) => queuesOthers(each) && settingInForce(script, 'lock_timeout', each.index) === null,
    );
    if (!isFirst || unlimited.length === 0) return [];
    const message = t(
      'The statements before this have waited for their locks on {0} without a limit. Set lock_timeout before the first of them.',
      relationLabels([...new Set(unlimited.flatMap((each) => each.locks.map((lock) => lock.relation)))]),
    );
    return [{ message, fix: moveUp(context, unlimited[0]!.index) }];
  },
};

/** Only inside one transaction, so that nothing else comes under the limit. */
function moveUp({ statement, script }: RuleContext, to: number): FixProposal | null {
  const block = script.blocks[statement.index] ?? null;
  if (block === null || script.blocks[to] !== block) return null;
  return {
    kind: 'edit',
    title: t('Set lock_timeout first'),
    edits: [
      insertBefore(script, script.statements[to]!, [`${statement.text};`]),
      removeStatement(script, statement),
    ],
    follows: [],
  };
}
