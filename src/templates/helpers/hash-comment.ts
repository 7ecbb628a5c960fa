import { hashComment as commented } from '../code-text';
import { inputText, type TemplateHelper } from '../helper';

export const hashComment: TemplateHelper = {
  name: 'hashComment',
  takes: 'text',
  nullable: true,
  what: 'Text as comments of Python and Ruby, `# ` before each of its lines.',
  options: [],
  examples: [{ template: '{{hashComment title}}', context: { title: 'Add a column\nexit()' } }],
  apply: (value) => commented(inputText(value)),
};
