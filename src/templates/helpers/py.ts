import { pythonString } from '../code-text';
import { inputText, type TemplateHelper } from '../helper';

export const py: TemplateHelper = {
  name: 'py',
  takes: 'text',
  nullable: true,
  what: 'Text as a string of Python, line breaks kept and nothing in it filled in.',
  options: [],
  examples: [{ template: 'op.execute({{py sql}})', context: { sql: `select '{x}' as "X"` } }],
  apply: (value) => pythonString(inputText(value)),
};
