import type { Rule } from '../rule';
import { addColumnToPartitioned } from './add-column-to-partitioned';
import { addingRequiredColumn } from './adding-required-column';
import { alwaysTrueCondition } from './always-true-condition';
import { attachPartitionScan } from './attach-partition-scan';
import { breakingWithoutPlan } from './breaking-without-plan';
import { cascadeDelete } from './cascade-delete';
import { charType } from './char-type';
import { cluster } from './cluster';
import { commitInWrappedFile } from './commit-in-wrapped-file';
import { concurrentInTransaction } from './concurrent-in-transaction';
import { constrainedDomainColumn } from './constrained-domain-column';
import { constraintNotValid } from './constraint-not-valid';
import { copyOfLiveTable } from './copy-of-live-table';
import { createEnum } from './create-enum';
import { createTableReferences } from './create-table-references';
import { createTrigger } from './create-trigger';
import { dependentsBlockChange } from './dependents-block-change';
import { detachConcurrentlyWithDefault } from './detach-concurrently-with-default';
import { detachPartition } from './detach-partition';
import { disableTrigger } from './disable-trigger';
import { domainConstraint } from './domain-constraint';
import { dropCascade } from './drop-cascade';
import { dropColumn } from './drop-column';
import { dropColumnStillRequired } from './drop-column-still-required';
import { dropColumnTakesAlong } from './drop-column-takes-along';
import { dropDatabase } from './drop-database';
import { dropForeignKeyLocksBoth } from './drop-foreign-key-locks-both';
import { dropIndexNotConcurrent } from './drop-index-not-concurrent';
import { dropNotNull } from './drop-not-null';
import { dropSchema } from './drop-schema';
import { dropTable } from './drop-table';
import { dropTrigger } from './drop-trigger';
import { droppingWithoutDeprecation } from './dropping-without-deprecation';
import { duplicateColumn } from './duplicate-column';
import { duplicateIndex } from './duplicate-index';
import { enableRowSecurity } from './enable-row-security';
import { enumValueOrder } from './enum-value-order';
import { enumValueUsedAtOnce } from './enum-value-used-at-once';
import { exclusionConstraint } from './exclusion-constraint';
import { foreignKeyWithoutIndex } from './foreign-key-without-index';
import { identifierTooLong } from './identifier-too-long';
import { indexNotConcurrent } from './index-not-concurrent';
import { indexOnPartitionedTable } from './index-on-partitioned-table';
import { inlineConstraintOnNewColumn } from './inline-constraint-on-new-column';
import { integerKey } from './integer-key';
import { invalidIndexHidden } from './invalid-index-hidden';
import { jsonColumn } from './json-column';
import { lockOrder } from './lock-order';
import { lockTimeoutTooLate } from './lock-timeout-too-late';
import { lockTimeoutZeroOrLong } from './lock-timeout-zero-or-long';
import { missingIdleTimeout } from './missing-idle-timeout';
import { missingLockTimeout } from './missing-lock-timeout';
import { missingStatementTimeout } from './missing-statement-timeout';
import { mixedSchemaAndData } from './mixed-schema-and-data';
import { needlesslyOutsideTransaction } from './needlessly-outside-transaction';
import { nestedTransaction } from './nested-transaction';
import { notRerunnable } from './not-rerunnable';
import { partitionOfWithDefault } from './partition-of-with-default';
import { preferIdentity } from './prefer-identity';
import { primaryKeyBuildsIndex } from './primary-key-builds-index';
import { primaryKeyNullableColumns } from './primary-key-nullable-columns';
import { refreshMaterializedView } from './refresh-materialized-view';
import { reindexNotConcurrent } from './reindex-not-concurrent';
import { renameColumn } from './rename-column';
import { renameEnumValue } from './rename-enum-value';
import { renameTableOrSchema } from './rename-table-or-schema';
import { serialOrIdentityColumn } from './serial-or-identity-column';
import { setLoggedOrUnlogged } from './set-logged-or-unlogged';
import { setNotNullScan } from './set-not-null-scan';
import { setTablespaceOrAccessMethod } from './set-tablespace-or-access-method';
import { severalAlterTable } from './several-alter-table';
import { smallInteger } from './small-integer';
import { statementAfterAccessExclusive } from './statement-after-access-exclusive';
import { storedGeneratedColumn } from './stored-generated-column';
import { tableWithoutPrimaryKey } from './table-without-primary-key';
import { timestampWithoutTimeZone } from './timestamp-without-time-zone';
import { truncate } from './truncate';
import { truncateCascade } from './truncate-cascade';
import { typeChangeRebuildsIndex } from './type-change-rebuilds-index';
import { typeChangeRevalidates } from './type-change-revalidates';
import { typeChangeRewrite } from './type-change-rewrite';
import { unclosedTransaction } from './unclosed-transaction';
import { uniqueConstraintBuildsIndex } from './unique-constraint-builds-index';
import { unqualifiedName } from './unqualified-name';
import { updateOrDeleteWholeTable } from './update-or-delete-whole-table';
import { vacuumFull } from './vacuum-full';
import { validateInSameTransaction } from './validate-in-same-transaction';
import { varcharLimit } from './varchar-limit';
import { volatileDefault } from './volatile-default';
import { wideIndex } from './wide-index';

/** Every safety rule, by id. */
export const rules: readonly Rule[] = [
  addColumnToPartitioned,
  addingRequiredColumn,
  alwaysTrueCondition,
  attachPartitionScan,
  breakingWithoutPlan,
  cascadeDelete,
  charType,
  cluster,
  commitInWrappedFile,
  concurrentInTransaction,
  constrainedDomainColumn,
  constraintNotValid,
  copyOfLiveTable,
  createEnum,
  createTableReferences,
  createTrigger,
  dependentsBlockChange,
  detachConcurrentlyWithDefault,
  detachPartition,
  disableTrigger,
  domainConstraint,
  dropCascade,
  dropColumn,
  dropColumnStillRequired,
  dropColumnTakesAlong,
  dropDatabase,
  dropForeignKeyLocksBoth,
  dropIndexNotConcurrent,
  dropNotNull,
  dropSchema,
  dropTable,
  dropTrigger,
  droppingWithoutDeprecation,
  duplicateColumn,
  duplicateIndex,
  enableRowSecurity,
  enumValueOrder,
  enumValueUsedAtOnce,
  exclusionConstraint,
  foreignKeyWithoutIndex,
  identifierTooLong,
  indexNotConcurrent,
  indexOnPartitionedTable,
  inlineConstraintOnNewColumn,
  integerKey,
  invalidIndexHidden,
  jsonColumn,
  lockOrder,
  lockTimeoutTooLate,
  lockTimeoutZeroOrLong,
  missingIdleTimeout,
  missingLockTimeout,
  missingStatementTimeout,
  mixedSchemaAndData,
  needlesslyOutsideTransaction,
  nestedTransaction,
  notRerunnable,
  partitionOfWithDefault,
  preferIdentity,
  primaryKeyBuildsIndex,
  primaryKeyNullableColumns,
  refreshMaterializedView,
  reindexNotConcurrent,
  renameColumn,
  renameEnumValue,
  renameTableOrSchema,
  serialOrIdentityColumn,
  setLoggedOrUnlogged,
  setNotNullScan,
  setTablespaceOrAccessMethod,
  severalAlterTable,
  smallInteger,
  statementAfterAccessExclusive,
  storedGeneratedColumn,
  tableWithoutPrimaryKey,
  timestampWithoutTimeZone,
  truncate,
  truncateCascade,
  typeChangeRebuildsIndex,
  typeChangeRevalidates,
  typeChangeRewrite,
  unclosedTransaction,
  uniqueConstraintBuildsIndex,
  unqualifiedName,
  updateOrDeleteWholeTable,
  vacuumFull,
  validateInSameTransaction,
  varcharLimit,
  volatileDefault,
  wideIndex,
];
