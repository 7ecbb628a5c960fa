import { countText } from '../rows-text';
import { inputNumber, type TemplateHelper } from '../helper';

export const count: TemplateHelper = {
  name: 'count',
  takes: 'number',
  nullable: true,
  what: 'A whole number, its thousands separated.',
  options: [],
  examples: [
    { template: '{{count files}}', context: { files: 1234 } },
    { template: '{{count files}}', context: { files: null } },
  ],
  apply: (value) => countText(inputNumber(value)),
};
