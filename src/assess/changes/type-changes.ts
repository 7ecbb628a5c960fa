import { addAttribute } from './add-attribute';
import { addDomainCheck } from './add-domain-check';
import { addEnumValue } from './add-enum-value';
import { dropDomainCheck } from './drop-domain-check';

/** Kinds of change to enums, domains and composite types, in the order pickers list them. */
export const typeChanges = [addEnumValue, addDomainCheck, dropDomainCheck, addAttribute] as const;
