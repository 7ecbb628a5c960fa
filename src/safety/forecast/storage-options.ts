import type { Node } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import type { LockMode } from '../forecast';

/**
 * The lock of SET (...) and RESET (...): AlterTableGetRelOptionsLockLevel, from the lock modes in
 * reloptions.c. Options that change how others plan or write take ACCESS EXCLUSIVE.
 */
export function optionLock(options: readonly Node[], _major: number): LockMode {
  const names = options.map((node) => asKind(node, 'DefElem')?.defname ?? '');
  return names.length > 0 && names.every((name) => isMild(name))
    ? 'ShareUpdateExclusiveLock'
    : 'AccessExclusiveLock';
}

function isMild(name: string): boolean {
  return /^autovacuum_|^vacuum_|^log_autovacuum|^(fillfactor|toast_tuple_target|parallel_workers|n_distinct|n_distinct_inherited|deduplicate_items|pages_per_range|autosummarize|gin_pending_list_limit|seq_page_cost|random_page_cost)$/.test(
    name,
  );
}
