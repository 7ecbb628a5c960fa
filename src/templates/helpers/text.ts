import { inputText, type TemplateHelper } from '../helper';
import { markdownText } from '../markdown';

export const text: TemplateHelper = {
  name: 'text',
  takes: 'text',
  nullable: true,
  what: 'Plain text for a Markdown heading, paragraph or list item: shown exactly as it is, on one line.',
  options: [],
  examples: [{ template: '{{text title}}', context: { title: 'Use *both* <names> & `codes`' } }],
  apply: (value) => markdownText(inputText(value)),
};
