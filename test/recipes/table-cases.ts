import type { NamedCase } from './recipe-case';
import { tableCommentCases } from './table-comment-cases';
import { createTableCases } from './table-create-cases';
import { tableDropCases } from './table-drop-cases';
import { tableIdentityCases } from './table-identity-cases';
import { tableKeyCases } from './table-key-cases';
import { moveToDatabaseCases } from './table-move-to-database-cases';
import { tableNameCases } from './table-name-cases';
import { partitionTableCases } from './table-partition-table-cases';
import { tablePartitionCases } from './table-partition-cases';
import { tableRowSecurityCases } from './table-row-security-cases';
import { mergeTablesCases } from './table-merge-cases';
import { splitTableCases } from './table-split-cases';

/** Cases of the recipes for whole tables. */
export const tableCases: NamedCase[] = [
  ...createTableCases,
  ...tablePartitionCases,
  ...splitTableCases,
  ...mergeTablesCases,
  ...partitionTableCases,
  ...moveToDatabaseCases,
  ...tableRowSecurityCases,
  ...tableIdentityCases,
  ...tableCommentCases,
  ...tableNameCases,
  ...tableDropCases,
  ...tableKeyCases,
];
