import type { Assessment } from '../../assess/assessment';
import type { AttributeFacts } from '../../assess/attribute-facts';
import { t } from '../../messages/translate';

/** The attribute that the change is about, which its look has read. */
export function attributeOf({ attribute }: Pick<Assessment, 'attribute'>): AttributeFacts {
  if (attribute === undefined) throw new Error('nobody looked at the attribute');
  return attribute;
}

/** Sentences about the routines and columns that a release has to look at. */
export function attributeUserSentences(type: string, { compositeType, attribute }: Assessment): string[] {
  const routines = [...new Set([...(compositeType?.routines ?? []), ...(attribute?.texts ?? [])])];
  const columns = attribute?.columns ?? [];
  return [
    ...(routines.length === 0
      ? []
      : [t('These routines have to do the same: {0}.', routines.sort().join(', '))]),
    ...(columns.length === 0 ? [] : [t('These columns have values of {0}: {1}.', type, columns.join(', '))]),
  ];
}

/** How many attributes a composite type has: `1 attribute`, `4 attributes`. */
export function attributesText(count: number): string {
  return count === 1 ? t('1 attribute') : t('{0} attributes', count);
}
