import { t } from '../../messages/translate';
import { quoteLiteral } from '../../sql/identifier';
import { inputText, type TemplateHelper } from '../helper';

export const literal: TemplateHelper = {
  name: 'literal',
  takes: 'text',
  nullable: false,
  what: 'A value as an SQL string literal.',
  options: [],
  examples: [
    { template: '{{literal value}}', context: { value: "it's" } },
    { template: '{{literal value}}', context: { value: 'C:\\temp' } },
  ],
  apply: (value) => {
    const text = inputText(value);
    // PostgreSQL has no text with a zero byte: https://www.postgresql.org/docs/current/datatype-character.html
    if (text.includes('\0')) throw new Error(t('a literal cannot hold a zero byte'));
    return quoteLiteral(text);
  },
};
