import { t } from '../../messages/translate';

/** A kind of object as people call it, from what pg_identify_object calls it; another one is given back. */
export function kindWord(kind: string): string {
  switch (kind) {
    case 'table column':
      return t('column');
    case 'table constraint':
    case 'domain constraint':
      return t('constraint');
    case 'default value':
      return t('default');
    case 'statistics object':
      return t('statistics');
    case 'publication relation':
      return t('publication');
    case 'foreign table':
      return t('foreign table');
    case 'materialized view':
      return t('materialized view');
    case 'table':
      return t('table');
    case 'view':
      return t('view');
    case 'function':
      return t('function');
    case 'procedure':
      return t('procedure');
    case 'trigger':
      return t('trigger');
    case 'policy':
      return t('policy');
    case 'index':
      return t('index');
    case 'rule':
      return t('rule');
    case 'sequence':
      return t('sequence');
    default:
      return kind;
  }
}
