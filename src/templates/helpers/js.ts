import { inputText, type TemplateHelper } from '../helper';
import { scriptString } from '../script-text';

export const js: TemplateHelper = {
  name: 'js',
  takes: 'text',
  nullable: true,
  what: 'Text as a string of TypeScript and JavaScript, line breaks kept and nothing in it filled in.',
  options: [],
  examples: [{ template: 'await db.query({{js sql}});', context: { sql: 'select `${1}`' } }],
  apply: (value) => scriptString(inputText(value)),
};
