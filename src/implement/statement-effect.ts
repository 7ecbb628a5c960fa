import type { Session } from '../database/session';
import { quoteIdentifier } from '../sql/identifier';
import type { Statement } from '../sql/statement';
import { asKind, strings } from '../sql/tree';

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
  const index = asKind(statement.node, 'IndexStmt');
  if (index?.concurrent && index.idxname && index.relation?.relname) {
    return indexEffect(session, relationName(index.relation), index.idxname);
  }
  const drop = asKind(statement.node, 'DropStmt');
  if (drop?.concurrent && drop.removeType === 'OBJECT_INDEX') {
    const names = (drop.objects ?? []).map((object) =>
      strings(asKind(object, 'List')?.items).map(quoteIdentifier).join('.'),
    );
    return droppedEffect(session, names);
  }
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (alter?.relation?.relname && alter.cmds?.length === 1) {
    const command = asKind(alter.cmds[0], 'AlterTableCmd');
    if (command?.subtype === 'AT_ValidateConstraint' && command.name) {
      return validatedEffect(session, relationName(alter.relation), command.name);
    }
    const partition = asKind(command?.def, 'PartitionCmd');
    if (command?.subtype === 'AT_DetachPartition' && partition?.concurrent && partition.name?.relname) {
      return detachedEffect(session, relationName(alter.relation), relationName(partition.name));
    }
  }
  return { state: 'unknown' };
}

/** Whether the statement only proves what is there, and may run for as long as the table needs. */
export function isValidation(statement: Statement): boolean {
  const commands = asKind(statement.node, 'AlterTableStmt')?.cmds ?? [];
  return commands.some((command) => asKind(command, 'AlterTableCmd')?.subtype === 'AT_ValidateConstraint');
}

/** Whether PostgreSQL refuses the statement inside a transaction block: CONCURRENTLY, and VACUUM. */
export function needsNoTransaction(statement: Statement): boolean {
  const vacuum = asKind(statement.node, 'VacuumStmt');
  if (vacuum) return vacuum.is_vacuumcmd === true;
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

function relationName(relation: { schemaname?: string; relname?: string }): string {
  const name = quoteIdentifier(relation.relname ?? '');
  return relation.schemaname ? `${quoteIdentifier(relation.schemaname)}.${name}` : name;
}

async function indexEffect(session: Session, table: string, index: string): Promise<StatementEffect> {
  const { rows } = await session.query<{ schema: string; usable: boolean }>(
    `select n.nspname as schema, x.indisvalid and x.indisready as usable
     from pg_class t join pg_class i on i.relnamespace = t.relnamespace and i.relname = $2
     join pg_index x on x.indexrelid = i.oid join pg_namespace n on n.oid = i.relnamespace
     where t.oid = to_regclass($1) and x.indrelid = t.oid`,
    [table, index],
  );
  const found = rows[0];
  if (!found) return { state: 'absent' };
  if (found.usable) return { state: 'present' };
  const object = `${quoteIdentifier(found.schema)}.${quoteIdentifier(index)}`;
  return {
    state: 'leftover',
    object,
    cure: `drop index concurrently if exists ${object}`,
    thenPresent: false,
  };
}

async function droppedEffect(session: Session, names: readonly string[]): Promise<StatementEffect> {
  const { rows } = await session.query<{ left: number }>(
    'select count(to_regclass(name))::int4 as left from unnest($1::text[]) as name',
    [names],
  );
  return { state: rows[0]!.left === 0 ? 'present' : 'absent' };
}

async function validatedEffect(
  session: Session,
  table: string,
  constraint: string,
): Promise<StatementEffect> {
  const { rows } = await session.query<{ convalidated: boolean }>(
    'select convalidated from pg_constraint where conrelid = to_regclass($1) and conname = $2',
    [table, constraint],
  );
  return { state: rows[0]?.convalidated ? 'present' : 'absent' };
}

async function detachedEffect(session: Session, parent: string, partition: string): Promise<StatementEffect> {
  // to_jsonb gives null for a column that servers before 14 do not have.
  const { rows } = await session.query<{ pending: boolean | null }>(
    `select (to_jsonb(i) ->> 'inhdetachpending')::boolean as pending
     from pg_inherits i where i.inhparent = to_regclass($1) and i.inhrelid = to_regclass($2)`,
    [parent, partition],
  );
  if (rows.length === 0) return { state: 'present' };
  if (!rows[0]!.pending) return { state: 'absent' };
  const cure = `alter table ${parent} detach partition ${partition} finalize`;
  return { state: 'leftover', object: partition, cure, thenPresent: true };
}
