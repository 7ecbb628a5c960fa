import { inputText, type TemplateHelper } from '../helper';
import { scriptComment } from '../script-text';

export const jsComment: TemplateHelper = {
  name: 'jsComment',
  takes: 'text',
  nullable: true,
  what: 'Text as comments of TypeScript and JavaScript, `// ` before each of its lines.',
  options: [],
  examples: [{ template: '{{jsComment title}}', context: { title: 'Add a column\nprocess.exit()' } }],
  apply: (value) => scriptComment(inputText(value)),
};
