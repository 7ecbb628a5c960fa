import type { NamedCase } from './recipe-case';
import { tableCommentCases } from './table-comment-cases';
import { tableIdentityCases } from './table-identity-cases';
import { tablePartitionCases } from './table-partition-cases';
import { tableRowSecurityCases } from './table-row-security-cases';

/** Cases of the recipes for whole tables. */
export const tableCases: NamedCase[] = [
  ...tablePartitionCases,
  ...tableRowSecurityCases,
  ...tableIdentityCases,
  ...tableCommentCases,
];
