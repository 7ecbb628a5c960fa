import type { Session } from '../database/session';
import type { Statement } from '../sql/statement';
import { asKind } from '../sql/tree';
import { isCommittingBlock } from '../sql/committing-block';
import { statementEffectSql } from './statement-effect-sql';

/**
 * What the catalog says a statement has already done. `unknown`: this kind cannot be told from the catalog.
 * `leftover`: an earlier try broke off and left something half made; `cure` removes or finishes it.
 */
export type StatementEffect =
  | { state: 'present' | 'absent' | 'unknown' }
  | { state: 'leftover'; object: string; cure: string; thenPresent: boolean };

/**
 * Asks the catalog whether a statement's effect is there: index valid, index gone, constraint validated,
 * partition detached. An intent that was written down before says nothing and is not asked.
 */
export async function readStatementEffect(session: Session, statement: Statement): Promise<StatementEffect> {
  const sql = statementEffectSql(statement);
  if (sql === null) return { state: 'unknown' };
  const { rows } = await session.query<EffectRow>(sql);
  const row = rows[0]!;
  if (row.state !== 'leftover') return { state: row.state };
  return { state: 'leftover', object: row.object, cure: row.cure, thenPresent: row.then_present };
}

type EffectRow =
  | { state: 'present' | 'absent' }
  | { state: 'leftover'; object: string; cure: string; then_present: boolean };

/** Whether the statement only proves what is there, and may run for as long as the table needs. */
export function isValidation(statement: Statement): boolean {
  const commands = asKind(statement.node, 'AlterTableStmt')?.cmds ?? [];
  return commands.some((command) => asKind(command, 'AlterTableCmd')?.subtype === 'AT_ValidateConstraint');
}

/** Whether PostgreSQL refuses the statement inside a transaction block: CONCURRENTLY, VACUUM, and what commits by itself. */
export function needsNoTransaction(statement: Statement): boolean {
  const vacuum = asKind(statement.node, 'VacuumStmt');
  if (vacuum) return vacuum.is_vacuumcmd === true;
  if (isCommittingBlock(statement)) return true;
  if (asKind(statement.node, 'RefreshMatViewStmt')) return false;
  const index = asKind(statement.node, 'IndexStmt') ?? asKind(statement.node, 'DropStmt');
  if (index) return index.concurrent === true;
  const commands = asKind(statement.node, 'AlterTableStmt')?.cmds ?? [];
  const detaches = commands.some(
    (command) => asKind(asKind(command, 'AlterTableCmd')?.def, 'PartitionCmd')?.concurrent === true,
  );
  const options = asKind(statement.node, 'ReindexStmt')?.params ?? [];
  return detaches || options.some((option) => asKind(option, 'DefElem')?.defname === 'concurrently');
}
