import type { MigrationTypeId } from '../../migration-types';
import { apiBreakingChange } from './api-breaking-change';
import { dataFormatChange } from './data-format-change';
import { schemaAdditive } from './schema-additive';
import { schemaDestructive } from './schema-destructive';
import type { Skeleton } from './skeleton';
import { systemMigration } from './system-migration';

/** How a type of migration is usually carried out. */
export function skeletonOf(type: MigrationTypeId): Skeleton {
  switch (type) {
    case 'schema-additive':
      return schemaAdditive();
    case 'schema-destructive':
      return schemaDestructive();
    case 'data-format-change':
      return dataFormatChange();
    case 'api-breaking-change':
      return apiBreakingChange();
    case 'system-migration':
      return systemMigration();
  }
}
