import { rubyString } from '../code-text';
import { inputText, type TemplateHelper } from '../helper';

export const rb: TemplateHelper = {
  name: 'rb',
  takes: 'text',
  nullable: true,
  what: 'Text as a string of Ruby, line breaks kept and nothing in it filled in.',
  options: [],
  examples: [{ template: 'execute {{rb sql}}', context: { sql: 'select "#{x}"' } }],
  apply: (value) => rubyString(inputText(value)),
};
