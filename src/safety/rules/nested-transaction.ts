import { t } from '../../messages/translate';
import type { FixProposal } from '../fix-proposal';
import { removeStatement } from '../reading/script-edits';
import { nextEnd, openedBy, transactionControl } from '../reading/transaction-control';
import type { Rule, RuleContext } from '../rule';

export const nestedTransaction: Rule = {
  id: 'nested-transaction',
  title: 'BEGIN inside a transaction',
  severity: 'warning',
  on: ['TransactionStmt'],
  since: null,
  until: null,
  why: 'PostgreSQL has no transactions inside transactions: the second BEGIN does nothing, and the first COMMIT ends the whole. What comes after it runs outside a transaction, where the runner counts on one.',
  url: 'https://www.postgresql.org/docs/current/sql-begin.html',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'begin; alter table orders add column note text; commit;',
    transaction: 'wrapped',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column note text;',
    transaction: 'wrapped',
  },
  check(context) {
    const { statement, script } = context;
    if (transactionControl(statement) !== 'begin') return [];
    const open = openedBy(script, statement.index);
    if (open === null) return [];
    const message =
      open === 'runner'
        ? t(
            'The runner has begun a transaction around this file already: this BEGIN does nothing, and its COMMIT ends the one of the runner too early. Remove both.',
          )
        : t(
            'A transaction is open here already, so that this BEGIN does nothing. Remove it, or commit before it.',
          );
    return [{ message, fix: open === 'runner' ? withoutBoth(context) : null }];
  },
};

/** Only where the pair stands around all else: elsewhere the author wanted something to be committed apart. */
function withoutBoth({ statement, script }: RuleContext): FixProposal | null {
  const end = nextEnd(script, statement.index);
  const others = script.statements.filter((each) => transactionControl(each) !== null);
  const isLast = end !== null && end.index === script.statements.length - 1;
  if (!end || !isLast || others.length !== 2 || transactionControl(end) !== 'commit') return null;
  return {
    kind: 'edit',
    title: t('Remove BEGIN and COMMIT'),
    edits: [removeStatement(script, statement), removeStatement(script, end)],
    follows: [],
  };
}
