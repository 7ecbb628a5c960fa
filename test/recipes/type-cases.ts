import { attributeCases } from './type-attribute-cases';
import { domainCheckCases } from './type-domain-cases';
import { enumValueCases } from './type-enum-cases';
import type { NamedCase } from './recipe-case';
import { attributeChangeCases } from './types-attribute-cases';
import { removeEnumValueCases } from './types-enum-remove-cases';
import { renameEnumValueCases } from './types-enum-rename-cases';
import { enumToTableCases } from './types-enum-table-cases';

/** Cases of the recipes for enums and domains. */
export const typeCases: NamedCase[] = [
  ...enumValueCases,
  ...renameEnumValueCases,
  ...removeEnumValueCases,
  ...enumToTableCases,
  ...domainCheckCases,
  ...attributeCases,
  ...attributeChangeCases,
];
