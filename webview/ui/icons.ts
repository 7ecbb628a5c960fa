import { h, type ElementNode } from '../dom/element';

const shapes = {
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  dot: 'M8 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z',
  warning: 'M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2',
  lock: 'M4.5 7.5h7v6h-7zM5.8 7.5V5.2a2.2 2.2 0 0 1 4.4 0v2.3',
  play: 'M5 3.5v9l7.5-4.5z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  undo: 'M6.5 3.5 3 7l3.5 3.5M3 7h6.5a3.25 3.25 0 0 1 0 6.5H7',
  skip: 'M4 8h8',
  ring: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z',
  database:
    'M3 4.5c0-1 2.2-1.8 5-1.8s5 .8 5 1.8-2.2 1.8-5 1.8-5-.8-5-1.8zM3 4.5v7c0 1 2.2 1.8 5 1.8s5-.8 5-1.8v-7M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8',
} as const;
export type IconName = keyof typeof shapes;

/** A 16 px outline in the text's colour. Decoration only: the word beside it carries the meaning. */
export function icon(name: IconName): ElementNode {
  return h(
    'svg',
    {
      key: `icon:${name}`,
      class: 'icon',
      attributes: { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', focusable: 'false' },
    },
    h('path', { attributes: { d: shapes[name] } }),
  );
}
