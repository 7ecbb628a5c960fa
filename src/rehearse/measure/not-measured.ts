import { t } from '../../messages/translate';
import type { ShadowKind } from '../../shadow/shadow';
import { obstacleToSending } from '../../sql/obstacle';
import type { SqlParser } from '../../sql/parser';
import type { Statement } from '../../sql/statement';
import { leavesShadow } from '../beyond-shadow';

/** Why a statement is left out on purpose, as a sentence; null for what is run. */
export function notMeasured(statement: Statement, parser: SqlParser, ground: ShadowKind): string | null {
  const beyond = t('Not run: it reaches beyond the shadow database.');
  if (leavesShadow(statement, ground)) return beyond;
  const obstacle = obstacleToSending(parser.parse(statement.text));
  if (obstacle !== null) return t('Not run: {0}', obstacle.message);
  switch (statement.kind) {
    case 'TransactionStmt':
      return t('Not run: each statement is measured in a transaction of its own.');
    case 'CreatedbStmt':
    case 'DropdbStmt':
    case 'AlterDatabaseStmt':
    case 'AlterSystemStmt':
    case 'CreateTableSpaceStmt':
    case 'DropTableSpaceStmt':
    case 'CreateSubscriptionStmt':
    case 'AlterSubscriptionStmt':
    case 'DropSubscriptionStmt':
      return beyond;
    default:
      return null;
  }
}
