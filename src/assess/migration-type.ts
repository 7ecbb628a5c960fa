import { migrationTypes } from '../documents/migration-types';
import type { MigrationType } from './assessment';
import { changeTypeOf, type Change } from './change';

/** Which type a change is, and why. */
export function migrationTypeOf(change: Change): MigrationType {
  const { id, why } = changeTypeOf(change).migrationType(change);
  return { ...migrationTypes().find((type) => type.id === id)!, why };
}
