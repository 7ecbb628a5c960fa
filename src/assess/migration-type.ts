import { t } from '../messages/translate';
import type { MigrationType, MigrationTypeId } from './assessment';
import type { Change } from './change';

/** The five types of migration with their usual complexity, risk and duration. */
export function migrationTypes(): Omit<MigrationType, 'why'>[] {
  return [
    {
      id: 'schema-additive',
      title: t('Schema, additive'),
      complexity: 'low',
      risk: 'low',
      duration: t('hours'),
    },
    {
      id: 'schema-destructive',
      title: t('Schema, destructive'),
      complexity: 'high',
      risk: 'high',
      duration: t('days to weeks'),
    },
    {
      id: 'data-format-change',
      title: t('Data format change'),
      complexity: 'medium',
      risk: 'medium',
      duration: t('days'),
    },
    {
      id: 'api-breaking-change',
      title: t('API breaking change'),
      complexity: 'high',
      risk: 'high',
      duration: t('weeks'),
    },
    {
      id: 'system-migration',
      title: t('System migration'),
      complexity: 'very-high',
      risk: 'very-high',
      duration: t('weeks to months'),
    },
  ];
}

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
