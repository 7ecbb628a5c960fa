import { t } from '../../src/messages/translate';
import { h, type Child } from '../dom/element';
import { callout } from './sections';

/** From where on a plan cannot be taken back, and why; `point` is null where every step can. */
export function noReturnCallout(point: string | null): Child {
  return point === null
    ? callout('good', t('Every step can be taken back without losing data.'))
    : callout('bad', t('Point of no return'), h('p', null, point));
}
