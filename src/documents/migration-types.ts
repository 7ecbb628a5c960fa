import { t } from '../messages/translate';

export type MigrationTypeId =
  | 'schema-additive'
  | 'schema-destructive'
  | 'data-format-change'
  | 'api-breaking-change'
  | 'system-migration';

export type MigrationLevel = 'low' | 'medium' | 'high' | 'very-high';

/** One of the five types of migration, with what is usual for it. */
export interface MigrationTypeFacts {
  id: MigrationTypeId;
  title: string;
  complexity: MigrationLevel;
  risk: MigrationLevel;
  duration: string;
}

/** The five types of migration with their usual complexity, risk and duration. */
export function migrationTypes(): MigrationTypeFacts[] {
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

/** `low`, `medium`, `high`, `very high`. */
export function levelText(level: MigrationLevel): string {
  switch (level) {
    case 'low':
      return t('low');
    case 'medium':
      return t('medium');
    case 'high':
      return t('high');
    case 'very-high':
      return t('very high');
  }
}
