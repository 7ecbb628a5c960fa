import { migrationTypes } from '../documents/migration-types';
import type { MigrationType } from './assessment';
import { changeTypeOf, type SingleChange } from './change';

/** Which type a change is, and why. */
export function migrationTypeOf(change: SingleChange): MigrationType {
  const { id, why } = changeTypeOf(change).migrationType(change);
  return { ...migrationTypes().find((type) => type.id === id)!, why };
}
