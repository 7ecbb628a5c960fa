import { t } from '../../messages/translate';
import type { FixProposal } from '../fix-proposal';
import { removeStatement } from '../reading/script-edits';
import { openedBy, transactionControl } from '../reading/transaction-control';
import type { Rule, RuleContext } from '../rule';

export const commitInWrappedFile: Rule = {
  id: 'commit-in-wrapped-file',
  title: 'Ending the transaction of the runner',
  severity: 'error',
  on: ['TransactionStmt'],
  since: null,
  until: null,
  why: 'COMMIT or ROLLBACK ends the transaction that the runner has begun around the file. What follows is not rolled back when it fails, and the row of the history is written apart from what it records.',
  url: 'https://www.postgresql.org/docs/current/sql-commit.html',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column note text; commit;',
    transaction: 'wrapped',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column note text;',
    transaction: 'wrapped',
  },
  check(context) {
    const { statement, script } = context;
    const control = transactionControl(statement);
    if (control !== 'commit' && control !== 'rollback') return [];
    if (openedBy(script, statement.index) !== 'runner' || beganBefore(context)) return [];
    const message =
      control === 'rollback'
        ? t(
            'This takes back all of the file so far, and the runner records it as done. Remove it, or the statements before it.',
          )
        : script.outside?.by === 'header'
          ? t(
              'This commits the transaction of the runner, and what follows has none. Remove it, or write "{0}" at the top of the file to run all of it without one.',
              script.outside.marker,
            )
          : t('This commits the transaction of the runner, and what follows has none. Remove it.');
    return [{ message, fix: control === 'commit' ? withoutIt(context) : null }];
  },
};

/** A COMMIT after a BEGIN in the file is the business of nested-transaction. */
function beganBefore({ statement, script }: RuleContext): boolean {
  return script.statements.slice(0, statement.index).some((each) => transactionControl(each) === 'begin');
}

/** Only at the end of the file: in the middle it is there for a reason. */
function withoutIt({ statement, script }: RuleContext): FixProposal | null {
  if (statement.index !== script.statements.length - 1) return null;
  return {
    kind: 'edit',
    title: t('Remove COMMIT'),
    edits: [removeStatement(script, statement)],
    follows: [],
  };
}
