import type { Assessment } from '../../assess/assessment';
import type { OwnType } from '../../assess/own-type';

/** The type that the change is about, which its look has read. */
export function ownTypeOf({ ownType }: Pick<Assessment, 'ownType'>): OwnType {
  if (ownType === undefined) throw new Error('nobody looked at the type');
  return ownType;
}
