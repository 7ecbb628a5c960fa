import { durationText } from '../duration-text';
import { inputNumber, type TemplateHelper } from '../helper';

export const duration: TemplateHelper = {
  name: 'duration',
  takes: 'number',
  nullable: true,
  what: 'Milliseconds in the unit people would use.',
  options: [],
  examples: [
    { template: '{{duration took}}', context: { took: 350 } },
    { template: '{{duration took}}', context: { took: 150_000 } },
    { template: '{{duration took}}', context: { took: null } },
  ],
  apply: (value) => durationText(inputNumber(value)),
};
