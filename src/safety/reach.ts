import type { Statement } from '../sql/statement';
import { strings, walkTree, type NodeKind } from '../sql/tree';

/**
 * How far a statement reaches. `machine`: files and programs of the server's machine, or another server. `server`:
 * what all databases of the server share, such as roles, settings and other sessions.
 */
export type Reach = 'machine' | 'server';

const serverKinds: ReadonlySet<string> = new Set<NodeKind>([
  'CreatedbStmt',
  'DropdbStmt',
  'AlterDatabaseStmt',
  'AlterDatabaseSetStmt',
  'AlterDatabaseRefreshCollStmt',
  'AlterSystemStmt',
  'DropTableSpaceStmt',
  'AlterTableSpaceOptionsStmt',
  'CreateRoleStmt',
  'AlterRoleStmt',
  'AlterRoleSetStmt',
  'DropRoleStmt',
  'GrantRoleStmt',
  'ReassignOwnedStmt',
  'DropOwnedStmt',
]);

/** https://www.postgresql.org/docs/current/sql-createusermapping.html: with one, foreign tables are really read and written. */
const machineKinds: ReadonlySet<string> = new Set<NodeKind>([
  'CreateTableSpaceStmt',
  'CreateSubscriptionStmt',
  'AlterSubscriptionStmt',
  'DropSubscriptionStmt',
  'CreateUserMappingStmt',
  'AlterUserMappingStmt',
  'ImportForeignSchemaStmt',
  'LoadStmt',
]);

const laterKinds: ReadonlySet<string> = new Set<NodeKind>([
  'CreateFunctionStmt',
  'ViewStmt',
  'CreateTrigStmt',
  'RuleStmt',
]);

/** https://www.postgresql.org/docs/current/functions-admin.html */
const machineFunctions =
  /^(?:dblink(?:_\w+)?|lo_import|lo_export|pg_read_file|pg_read_binary_file|pg_stat_file|pg_ls_\w+|pg_file_\w+|pg_logdir_ls|pg_current_logfile)$/;
const serverFunctions =
  /^(?:pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile\w*|pg_switch_(?:wal|xlog)|pg_promote|pg_wal_replay_(?:pause|resume)|pg_(?:create|drop|copy)_\w*replication_slot|pg_replication_(?:slot|origin)_\w+|pg_logical_slot_get_\w+|pg_sync_replication_slots|pg_create_restore_point|pg_(?:backup_)?(?:start|stop)(?:_backup)?|pg_stat_reset_shared|pg_stat_reset_slru|pg_import_system_collations_server)$/;

const sharedObjects = /^OBJECT_(?:DATABASE|ROLE|TABLESPACE|PARAMETER_ACL)$/;
/** What a block may put together as it runs, where only its text can be looked at. */
const composed =
  /\b(?:create|alter|drop|comment\s+on|on)\s+(?:role|user(?!\s+mapping)|group|database|tablespace|system|subscription|user\s+mapping)\b|\b(?:to|from)\s+program\b|\b(?:reassign|drop)\s+owned\b/i;

/**
 * How far a statement that runs now reaches outside its database, the statements of its own block included; null for
 * one that stays inside as far as its text tells. Functions of the team's that it calls are not looked into. A role
 * that a block makes only where it is missing does not count.
 */
export function reachOf(statement: Statement): Reach | null {
  const own = ownReach(statement);
  if (own || statement.kind !== 'DoStmt') return own;
  const { body } = statement;
  const inside = (body?.parts ?? [])
    .filter((part) => !(part.conditional && part.statement.kind === 'CreateRoleStmt'))
    .map((part) => reachOf(part.statement));
  const isSeen = body && body.parts.every(({ dynamic }) => dynamic !== 'composed');
  if (!isSeen && composed.test(statement.text)) inside.push('machine');
  return farther(inside);
}

function ownReach(statement: Statement): Reach | null {
  if (machineKinds.has(statement.kind)) return 'machine';
  if (serverKinds.has(statement.kind)) return 'server';
  // What a routine or a view does is done when it is called.
  if (laterKinds.has(statement.kind)) return null;
  const found: (Reach | null)[] = [];
  walkTree(statement.node, (kind, fields) => {
    found.push(reachOfNode(kind, fields));
  });
  return farther(found);
}

function farther(all: readonly (Reach | null)[]): Reach | null {
  return all.includes('machine') ? 'machine' : all.includes('server') ? 'server' : null;
}

function reachOfNode(kind: string, fields: Record<string, unknown>): Reach | null {
  switch (kind) {
    case 'CopyStmt':
      return fields['is_program'] === true || fields['filename'] ? 'machine' : null;
    case 'CreateForeignTableStmt':
      return optionNamed(fields['options'], ['program', 'filename']) ? 'machine' : null;
    case 'FuncCall':
      return reachOfFunction(strings(fields['funcname'] as Parameters<typeof strings>[0]).at(-1) ?? '');
    case 'CommentStmt':
    case 'SecLabelStmt':
    case 'GrantStmt':
      return shared(fields['objtype']);
    case 'AlterOwnerStmt':
      return shared(fields['objectType']);
    case 'RenameStmt':
      return shared(fields['renameType']);
    default:
      return null;
  }
}

function reachOfFunction(name: string): Reach | null {
  if (machineFunctions.test(name)) return 'machine';
  return serverFunctions.test(name) ? 'server' : null;
}

function shared(objectType: unknown): Reach | null {
  return typeof objectType === 'string' && sharedObjects.test(objectType) ? 'server' : null;
}

function optionNamed(options: unknown, names: readonly string[]): boolean {
  return (
    Array.isArray(options) &&
    options.some((option: { DefElem?: { defname?: string } }) =>
      names.includes(option.DefElem?.defname?.toLowerCase() ?? ''),
    )
  );
}
