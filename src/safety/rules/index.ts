import type { Rule } from '../rule';
import { addingRequiredColumn } from './adding-required-column';
import { alwaysTrueCondition } from './always-true-condition';
import { breakingWithoutPlan } from './breaking-without-plan';
import { cascadeDelete } from './cascade-delete';
import { cluster } from './cluster';
import { commitInWrappedFile } from './commit-in-wrapped-file';
import { concurrentInTransaction } from './concurrent-in-transaction';
import { constrainedDomainColumn } from './constrained-domain-column';
import { constraintNotValid } from './constraint-not-valid';
import { copyOfLiveTable } from './copy-of-live-table';
import { createEnum } from './create-enum';
import { createTableReferences } from './create-table-references';
import { createTrigger } from './create-trigger';
import { disableTrigger } from './disable-trigger';
import { domainConstraint } from './domain-constraint';
import { dropColumn } from './drop-column';
import { dropForeignKeyLocksBoth } from './drop-foreign-key-locks-both';
import { dropIndexNotConcurrent } from './drop-index-not-concurrent';
import { dropTable } from './drop-table';
import { dropTrigger } from './drop-trigger';
import { droppingWithoutDeprecation } from './dropping-without-deprecation';
import { duplicateColumn } from './duplicate-column';
import { enumValueOrder } from './enum-value-order';
import { enumValueUsedAtOnce } from './enum-value-used-at-once';
import { exclusionConstraint } from './exclusion-constraint';
import { foreignKeyWithoutIndex } from './foreign-key-without-index';
import { identifierTooLong } from './identifier-too-long';
import { indexNotConcurrent } from './index-not-concurrent';
import { indexOnPartitionedTable } from './index-on-partitioned-table';
import { inlineConstraintOnNewColumn } from './inline-constraint-on-new-column';
import { invalidIndexHidden } from './invalid-index-hidden';
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
import { primaryKeyBuildsIndex } from './primary-key-builds-index';
import { primaryKeyNullableColumns } from './primary-key-nullable-columns';
import { reindexNotConcurrent } from './reindex-not-concurrent';
import { renameColumn } from './rename-column';
import { renameEnumValue } from './rename-enum-value';
import { serialOrIdentityColumn } from './serial-or-identity-column';
import { setNotNullScan } from './set-not-null-scan';
import { severalAlterTable } from './several-alter-table';
import { statementAfterAccessExclusive } from './statement-after-access-exclusive';
import { storedGeneratedColumn } from './stored-generated-column';
import { typeChangeRewrite } from './type-change-rewrite';
import { unclosedTransaction } from './unclosed-transaction';
import { uniqueConstraintBuildsIndex } from './unique-constraint-builds-index';
import { unqualifiedName } from './unqualified-name';
import { updateOrDeleteWholeTable } from './update-or-delete-whole-table';
import { vacuumFull } from './vacuum-full';
import { validateInSameTransaction } from './validate-in-same-transaction';
import { volatileDefault } from './volatile-default';
import { wideIndex } from './wide-index';

/** Every safety rule, by id. */
export const rules: readonly Rule[] = [
  addingRequiredColumn,
  alwaysTrueCondition,
  breakingWithoutPlan,
  cascadeDelete,
  cluster,
  commitInWrappedFile,
  concurrentInTransaction,
  constrainedDomainColumn,
  constraintNotValid,
  copyOfLiveTable,
  createEnum,
  createTableReferences,
  createTrigger,
  disableTrigger,
  domainConstraint,
  dropColumn,
  dropForeignKeyLocksBoth,
  dropIndexNotConcurrent,
  dropTable,
  dropTrigger,
  droppingWithoutDeprecation,
  duplicateColumn,
  enumValueOrder,
  enumValueUsedAtOnce,
  exclusionConstraint,
  foreignKeyWithoutIndex,
  identifierTooLong,
  indexNotConcurrent,
  indexOnPartitionedTable,
  inlineConstraintOnNewColumn,
  invalidIndexHidden,
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
  primaryKeyBuildsIndex,
  primaryKeyNullableColumns,
  reindexNotConcurrent,
  renameColumn,
  renameEnumValue,
  serialOrIdentityColumn,
  setNotNullScan,
  severalAlterTable,
  statementAfterAccessExclusive,
  storedGeneratedColumn,
  typeChangeRewrite,
  unclosedTransaction,
  uniqueConstraintBuildsIndex,
  unqualifiedName,
  updateOrDeleteWholeTable,
  vacuumFull,
  validateInSameTransaction,
  volatileDefault,
  wideIndex,
];
