import { inputText, type TemplateHelper } from '../helper';
import { sqlComment } from '../sql-comment';

export const comment: TemplateHelper = {
  name: 'comment',
  takes: 'text',
  nullable: true,
  what: 'Text as SQL comments, `-- ` before each of its lines, so that no text can end the comment.',
  options: [],
  examples: [{ template: '{{comment title}}', context: { title: 'Add a column\ndrop table orders;' } }],
  apply: (value) => sqlComment(inputText(value)),
};
