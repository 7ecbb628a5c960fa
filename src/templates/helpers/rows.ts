import { rowsText } from '../rows-text';
import { inputNumber, type TemplateHelper } from '../helper';

export const rows: TemplateHelper = {
  name: 'rows',
  takes: 'number',
  nullable: true,
  what: 'A number of rows, with the word.',
  options: [],
  examples: [
    { template: '{{rows affected}}', context: { affected: 1 } },
    { template: '{{rows affected}}', context: { affected: 200_000 } },
  ],
  apply: (value) => rowsText(inputNumber(value)),
};
