import { addAttribute } from './add-attribute';
import { addDomainCheck } from './add-domain-check';
import { addEnumValue } from './add-enum-value';
import { dropAttribute } from './drop-attribute';
import { dropDomainCheck } from './drop-domain-check';
import { enumToTable } from './enum-to-table';
import { removeEnumValue } from './remove-enum-value';
import { renameAttribute } from './rename-attribute';
import { renameEnumValue } from './rename-enum-value';

/** Kinds of change to enums, domains and composite types, in the order pickers list them. */
export const typeChanges = [
  addEnumValue,
  renameEnumValue,
  removeEnumValue,
  enumToTable,
  addDomainCheck,
  dropDomainCheck,
  addAttribute,
  renameAttribute,
  dropAttribute,
] as const;
