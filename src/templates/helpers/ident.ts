import { assertIdentifier, formatIdentifier } from '../../sql/identifier';
import { inputText, type TemplateHelper } from '../helper';

export const ident: TemplateHelper = {
  name: 'ident',
  takes: 'name',
  nullable: false,
  what: 'One name as an SQL identifier, in double quotes where PostgreSQL needs them. An empty name and one over 63 bytes are mistakes.',
  options: [],
  examples: [
    { template: '{{ident column}}', context: { column: 'full_name' } },
    { template: '{{ident column}}', context: { column: 'Full "name"' } },
    { template: '{{ident column}}', context: { column: 'order' } },
  ],
  apply: (value) => {
    const name = inputText(value);
    assertIdentifier(name);
    return formatIdentifier(name);
  },
};
