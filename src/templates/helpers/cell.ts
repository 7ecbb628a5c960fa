import { inputText, type TemplateHelper } from '../helper';
import { markdownCell } from '../markdown';

export const cell: TemplateHelper = {
  name: 'cell',
  takes: 'text',
  nullable: true,
  what: 'Plain text for one cell of a Markdown table: pipes escaped, line breaks as `<br>`, a dash when there is none.',
  options: [],
  examples: [
    { template: '{{cell evidence}}', context: { evidence: 'a | b\nsecond line' } },
    { template: '{{cell evidence}}', context: { evidence: '' } },
  ],
  apply: (value) => markdownCell(inputText(value)),
};
