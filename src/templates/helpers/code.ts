import { inputText, type TemplateHelper } from '../helper';
import { markdownFence, markdownInlineCode } from '../markdown';

export const code: TemplateHelper = {
  name: 'code',
  takes: 'text',
  nullable: true,
  what: 'Text as Markdown code, between as many backticks as it needs.',
  options: [
    {
      name: 'lang',
      type: 'string',
      what: 'a block of its own in this language (`sql`, `sh`, `ts`), line breaks kept; inline code without it',
    },
    { name: 'cell', type: 'boolean', what: 'inline code inside a table: pipes are escaped' },
  ],
  examples: [
    { template: '{{code name}}', context: { name: 'orders.total' } },
    { template: '{{code name}}', context: { name: 'a `quoted` name' } },
    { template: '{{code name cell=true}}', context: { name: 'a || b' } },
    { template: '{{code sql lang="sql"}}', context: { sql: 'SELECT 1;' } },
  ],
  apply: (value, { lang, cell }) =>
    typeof lang === 'string'
      ? markdownFence(inputText(value), lang)
      : markdownInlineCode(inputText(value), cell === true),
};
