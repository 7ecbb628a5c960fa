import { t } from '../../messages/translate';
import { insertAfter } from '../reading/script-edits';
import { nextEnd, openedBy, transactionControl } from '../reading/transaction-control';
import type { Rule } from '../rule';

export const unclosedTransaction: Rule = {
  id: 'unclosed-transaction',
  title: 'A transaction that the script leaves open',
  severity: 'error',
  on: ['TransactionStmt'],
  since: null,
  until: null,
  why: 'Without COMMIT all that the script did is lost when its session ends, and its locks are held until then. What the runner writes into its history falls into the same transaction.',
  url: 'https://www.postgresql.org/docs/current/sql-begin.html',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'begin; alter table orders add column note text;',
    transaction: 'none',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'begin; alter table orders add column note text; commit;',
    transaction: 'none',
  },
  check({ statement, script }) {
    if (script.transaction === 'wrapped' || transactionControl(statement) !== 'begin') return [];
    if (openedBy(script, statement.index) !== null || nextEnd(script, statement.index) !== null) return [];
    const last = script.statements.at(-1)!;
    return [
      {
        message: t(
          'This transaction is never committed: what follows is taken back when the session ends, and keeps its locks until then. Write COMMIT at the end.',
        ),
        fix: {
          kind: 'edit',
          title: t('Write COMMIT at the end'),
          edits: [insertAfter(script, last, ['COMMIT;'])],
          follows: [],
        },
      },
    ];
  },
};
