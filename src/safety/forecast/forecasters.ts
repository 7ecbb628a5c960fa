import { alterTable } from './alter-table';
import { alterPublication, comment, createPublication, createStatistics } from './comment';
import { createTableAs } from './create-as';
import { createIndex } from './create-index';
import { createTable } from './create-table';
import { copy, deleteRows, insert, lockTable, merge, update } from './data';
import { drop, dropOwned } from './drop';
import type { Forecaster } from './forecaster';
import { cluster, vacuum } from './maintenance';
import { call, createExtension, doBlock, grant, harmlessStatements, refusingStatements } from './other';
import { alterPolicy, createPolicy } from './policy';
import { moveAll } from './move-all';
import { reindex } from './reindex';
import { rename, setSchema } from './rename';
import { alterSequence, createSequence } from './sequence';
import { createRule, createTrigger, dependsOnExtension } from './trigger';
import {
  alterDatabase,
  createSubscription,
  discard,
  dropDatabase,
  dropSubscription,
  transactionControl,
} from './transaction-refused';
import { truncate } from './truncate';
import { alterDomain, alterEnum } from './type';
import { createView, refresh, select } from './view';

/** Every kind of statement that locks or works on something. Kinds not named here only change the catalog. */
export const forecasters: readonly Forecaster[] = [
  alterTable,
  alterDatabase,
  alterDomain,
  alterEnum,
  alterPolicy,
  alterPublication,
  alterSequence,
  call,
  cluster,
  comment,
  copy,
  createExtension,
  createIndex,
  createPolicy,
  createPublication,
  createRule,
  createSequence,
  createStatistics,
  createSubscription,
  createTable,
  createTableAs,
  createTrigger,
  createView,
  deleteRows,
  dependsOnExtension,
  discard,
  doBlock,
  drop,
  dropDatabase,
  dropOwned,
  dropSubscription,
  grant,
  insert,
  lockTable,
  merge,
  moveAll,
  refresh,
  reindex,
  rename,
  select,
  setSchema,
  transactionControl,
  truncate,
  update,
  vacuum,
  ...harmlessStatements,
  ...refusingStatements,
];
