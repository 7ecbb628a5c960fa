import type { Rule } from '../rule';
import { addingRequiredColumn } from './adding-required-column';
import { cascadeDelete } from './cascade-delete';
import { cluster } from './cluster';
import { concurrentInTransaction } from './concurrent-in-transaction';
import { constraintNotValid } from './constraint-not-valid';
import { createTableReferences } from './create-table-references';
import { domainConstraint } from './domain-constraint';
import { dropColumn } from './drop-column';
import { dropForeignKeyLocksBoth } from './drop-foreign-key-locks-both';
import { dropTable } from './drop-table';
import { exclusionConstraint } from './exclusion-constraint';
import { foreignKeyWithoutIndex } from './foreign-key-without-index';
import { indexNotConcurrent } from './index-not-concurrent';
import { inlineConstraintOnNewColumn } from './inline-constraint-on-new-column';
import { missingLockTimeout } from './missing-lock-timeout';
import { mixedSchemaAndData } from './mixed-schema-and-data';
import { primaryKeyBuildsIndex } from './primary-key-builds-index';
import { primaryKeyNullableColumns } from './primary-key-nullable-columns';
import { renameColumn } from './rename-column';
import { setNotNullScan } from './set-not-null-scan';
import { statementAfterAccessExclusive } from './statement-after-access-exclusive';
import { typeChangeRewrite } from './type-change-rewrite';
import { uniqueConstraintBuildsIndex } from './unique-constraint-builds-index';
import { updateOrDeleteWholeTable } from './update-or-delete-whole-table';
import { vacuumFull } from './vacuum-full';
import { validateInSameTransaction } from './validate-in-same-transaction';
import { volatileDefault } from './volatile-default';

/** Every safety rule, by id. */
export const rules: readonly Rule[] = [
  addingRequiredColumn,
  cascadeDelete,
  cluster,
  concurrentInTransaction,
  constraintNotValid,
  createTableReferences,
  domainConstraint,
  dropColumn,
  dropForeignKeyLocksBoth,
  dropTable,
  exclusionConstraint,
  foreignKeyWithoutIndex,
  indexNotConcurrent,
  inlineConstraintOnNewColumn,
  missingLockTimeout,
  mixedSchemaAndData,
  primaryKeyBuildsIndex,
  primaryKeyNullableColumns,
  renameColumn,
  setNotNullScan,
  statementAfterAccessExclusive,
  typeChangeRewrite,
  uniqueConstraintBuildsIndex,
  updateOrDeleteWholeTable,
  vacuumFull,
  validateInSameTransaction,
  volatileDefault,
];
