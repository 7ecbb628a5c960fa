import { t } from '../../messages/translate';
import type { PolicyFacts, TableFacts } from '../../catalog/table-facts';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { renameColumnReferences } from '../../sql/rename-column';
import type { ColumnRenaming } from './rename-in-definition';
import { renameContext, type Repointing } from './view-repointing';

/** ALTER POLICY for each row security policy of the table that uses the column. */
export function repointPolicies(parser: SqlParser, table: TableFacts, renaming: ColumnRenaming): Repointing {
  const result: Repointing = { forward: [], rollback: [], notes: [] };
  for (const policy of table.rowSecurity.policies.filter((each) => each.columns.includes(renaming.from))) {
    const ambiguous: string[] = [];
    const renamed = (expression: string | null): string | null => {
      if (expression === null) return null;
      const target = { table: table.name, ...renaming };
      const answer = renameColumnReferences(
        parser,
        expression,
        target,
        renameContext(table, renaming, 'expression'),
      );
      ambiguous.push(...answer.ambiguous);
      return answer.sql;
    };
    const changed = { ...policy, using: renamed(policy.using), withCheck: renamed(policy.withCheck) };
    if (ambiguous.length > 0) {
      result.notes.push(
        t(
          'The policy {0} could not be repointed by itself ({1}). Alter it by hand before contract.',
          policy.name,
          ambiguous.join('; '),
        ),
      );
      continue;
    }
    result.forward.push(alterPolicy(table, changed));
    result.rollback.unshift(alterPolicy(table, policy));
  }
  return result;
}

function alterPolicy(table: TableFacts, policy: PolicyFacts): string {
  const using = policy.using === null ? '' : `\n  USING (${policy.using})`;
  const check = policy.withCheck === null ? '' : `\n  WITH CHECK (${policy.withCheck})`;
  return `ALTER POLICY ${formatIdentifier(policy.name)} ON ${formatQualifiedName(table.name)}${using}${check}`;
}
