import { t } from '../../src/messages/translate';
import { h, type ElementNode } from '../dom/element';
import { button } from './components';

export interface SqlBlockOptions {
  /** Says which SQL it is, for screen readers: `Forward SQL of 01-add-column`. */
  name: string;
  sql: string;
  onCopy: () => void;
  /** Null where it is no SQL to open. */
  onOpen: (() => void) | null;
}

/** SQL to read, copy, or open in a real editor. */
export function sqlBlock(options: SqlBlockOptions): ElementNode {
  return h(
    'div',
    { key: `sql:${options.name}`, class: 'sql' },
    h(
      'pre',
      { attributes: { tabindex: 0, role: 'region', 'aria-label': options.name } },
      h('code', null, options.sql),
    ),
    h(
      'div',
      { class: 'sql-actions' },
      button({ label: t('Copy'), name: t('Copy {0}', options.name), onClick: options.onCopy }),
      options.onOpen === null
        ? null
        : button({
            label: t('Open in Editor'),
            name: t('Open {0} in Editor', options.name),
            onClick: options.onOpen,
          }),
    ),
  );
}
