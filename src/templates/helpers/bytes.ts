import { bytesText } from '../bytes-text';
import { inputNumber, type TemplateHelper } from '../helper';

export const bytes: TemplateHelper = {
  name: 'bytes',
  takes: 'number',
  nullable: true,
  what: 'A size, in units of 1024 as PostgreSQL words it.',
  options: [],
  examples: [
    { template: '{{bytes size}}', context: { size: 8192 } },
    { template: '{{bytes size}}', context: { size: 1_288_490_189 } },
    { template: '{{bytes size}}', context: { size: null } },
  ],
  apply: (value) => bytesText(inputNumber(value)),
};
