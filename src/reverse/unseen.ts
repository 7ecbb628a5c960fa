import { t } from '../messages/translate';
import type { Statement } from '../sql/statement';

/** Statements whose work no schema of one database shows. */
const unseen: Record<string, () => string> = {
  CreateRoleStmt: () => t('a role'),
  AlterRoleStmt: () => t('a role'),
  AlterRoleSetStmt: () => t('the settings of a role'),
  DropRoleStmt: () => t('a role'),
  GrantRoleStmt: () => t('the members of a role'),
  AlterDatabaseSetStmt: () => t('the settings of a database'),
  AlterDatabaseStmt: () => t('a database'),
  CreatedbStmt: () => t('a database'),
  DropdbStmt: () => t('a database'),
  CreateTableSpaceStmt: () => t('a tablespace'),
  DropTableSpaceStmt: () => t('a tablespace'),
  AlterTableSpaceOptionsStmt: () => t('a tablespace'),
  AlterSystemStmt: () => t('the settings of the server'),
  SecLabelStmt: () => t('a security label'),
  CreateUserMappingStmt: () => t('a user mapping'),
  AlterUserMappingStmt: () => t('a user mapping'),
  DropUserMappingStmt: () => t('a user mapping'),
  CreateSubscriptionStmt: () => t('a subscription'),
  AlterSubscriptionStmt: () => t('a subscription'),
  DropSubscriptionStmt: () => t('a subscription'),
};

/** A sentence for a statement whose work the comparison of schemas does not see; null for all others. */
export function unseenNote(statement: Statement): string | null {
  const what = unseen[statement.kind];
  return what
    ? t(
        'Line {0} is about {1}, which is neither compared nor taken back: do that by hand.',
        statement.start.line,
        what(),
      )
    : null;
}
