import { t } from '../../messages/translate';
import { dateText, timeText } from '../date-text';
import { inputText, type TemplateHelper } from '../helper';
import { markdownCell } from '../markdown';

export const date: TemplateHelper = {
  name: 'date',
  takes: 'time',
  nullable: true,
  what: 'The day of an ISO 8601 time, in UTC. Other text is written as `cell` does.',
  options: [{ name: 'time', type: 'boolean', what: 'with hours and minutes' }],
  examples: [
    { template: '{{date at}}', context: { at: '2026-03-04T05:06:07Z' } },
    { template: '{{date at time=true}}', context: { at: '2026-03-04T05:06:07Z' } },
    { template: '{{date at}}', context: { at: 'not yet' } },
    { template: '{{date at}}', context: { at: null } },
  ],
  apply: (value, { time }) => {
    if (value === null) return t('not known');
    const iso = inputText(value);
    const worded = time === true ? timeText(iso) : dateText(iso);
    return worded === iso ? markdownCell(iso) : worded;
  },
};
