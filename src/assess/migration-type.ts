import { migrationTypes } from '../documents/migration-types';
import { t } from '../messages/translate';
import type { MigrationType, MigrationTypeId } from './assessment';
import type { Change } from './change';

/** Which type a change is, and why. */
export function migrationTypeOf(change: Change): MigrationType {
  switch (change.kind) {
    case 'rename-column':
      return typeWith(
        'schema-destructive',
        t('In the end a column that application code knows is dropped; everything before that only adds.'),
      );
    case 'add-required-column':
      return change.fill.by === 'default'
        ? typeWith('schema-additive', t('A column is added; nothing that exists changes its shape.'))
        : typeWith(
            'data-format-change',
            t('A column is added and every row is rewritten with a value computed from the others.'),
          );
  }
}

function typeWith(id: MigrationTypeId, why: string): MigrationType {
  return { ...migrationTypes().find((type) => type.id === id)!, why };
}
