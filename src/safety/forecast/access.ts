import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types';
import { asKind, stringOf } from '../../sql/tree';
import { ownedSequences } from '../known-neighbours';
import type { Effects } from './effects';

/** Whether a command takes rows or rights from code that has them: row security, an owner, the rights of a view's caller. */
export function takesAccess(
  { objtype }: Pick<AlterTableStmt, 'objtype'>,
  command: AlterTableCmd,
  key: string,
  effects: Effects,
): boolean {
  if (effects.isFresh(key)) return false;
  switch (command.subtype) {
    case 'AT_EnableRowSecurity':
    case 'AT_ForceRowSecurity':
      return true;
    case 'AT_ChangeOwner':
      return !staysOwner(key, command, effects);
    case 'AT_SetRelOptions':
      return objtype === 'OBJECT_VIEW' && asksItsCaller(command);
    default:
      return false;
  }
}

/** Indexes and sequences go to the new owner too, unless the table has that owner already (ATExecChangeOwner). */
export function changeOwner(key: string, command: AlterTableCmd, effects: Effects): void {
  if (staysOwner(key, command, effects)) return;
  effects.lockIndexes(key, 'AccessExclusiveLock');
  for (const sequence of ownedSequences(effects.context.schema, key))
    effects.lock(sequence, 'AccessExclusiveLock');
}

/** Who may give it away to themselves has it, or is a superuser. */
function staysOwner(key: string, { newowner }: AlterTableCmd, effects: Effects): boolean {
  const present = effects.context.schema.relations.get(key)?.owner;
  return newowner?.rolename === undefined || newowner.rolename === present;
}

/** From then on whoever reads the view needs rights on its tables, and finds the rows that are theirs. */
function asksItsCaller({ def }: AlterTableCmd): boolean {
  return (asKind(def, 'List')?.items ?? []).some((item) => {
    const option = asKind(item, 'DefElem');
    return (
      option?.defname === 'security_invoker' && !/^(false|off|no|0)$/i.test(stringOf(option.arg) || 'true')
    );
  });
}
