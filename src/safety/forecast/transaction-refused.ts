import type { Node } from '@pgsql/types';
import { asKind, stringOf } from '../../sql/tree';
import type { Effects } from './effects';
import { forecaster } from './forecaster';

/** DROP DATABASE: outside a transaction, and nothing of it comes back. */
export const dropDatabase = forecaster('DropdbStmt', (_statement, effects) => {
  effects.refusesTransaction();
  effects.breaksOldCode();
  effects.losesData();
});

/** DISCARD ALL ends the session's state, which a transaction block is part of. */
export const discard = forecaster('DiscardStmt', (statement, effects) => {
  effects.changesNothing();
  if (statement.target === 'DISCARD_ALL') effects.refusesTransaction();
});

/** ALTER DATABASE ... SET TABLESPACE moves files, which no ROLLBACK undoes. */
export const alterDatabase = forecaster('AlterDatabaseStmt', (statement, effects) => {
  if (hasOption(statement.options, 'tablespace')) effects.refusesTransaction();
});

/** https://www.postgresql.org/docs/current/sql-createsubscription.html: a slot is made on another server. */
export const createSubscription = forecaster('CreateSubscriptionStmt', (statement, effects) => {
  if (!isOff(statement.options, 'create_slot') && !isOff(statement.options, 'connect'))
    effects.refusesTransaction();
});

/** The slot on the other server goes along, unless it was taken away from the subscription before. */
export const dropSubscription = forecaster('DropSubscriptionStmt', (_statement, effects) => {
  effects.refusesTransaction();
});

function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return (options ?? []).some((option) => asKind(option, 'DefElem')?.defname === name);
}

function isOff(options: readonly Node[] | undefined, name: string): boolean {
  return (options ?? []).some((option) => {
    const { defname, arg } = asKind(option, 'DefElem') ?? {};
    return defname === name && /^(false|off|0)$/.test(stringOf(arg));
  });
}

/** COMMIT PREPARED and ROLLBACK PREPARED end another transaction than the one around them. */
export const transactionControl = forecaster('TransactionStmt', (statement, effects: Effects) => {
  effects.changesNothing();
  if (/^TRANS_STMT_(COMMIT|ROLLBACK)_PREPARED$/.test(statement.kind ?? '')) effects.refusesTransaction();
});
