import { inputText, type TemplateHelper } from '../helper';
import { shellText } from '../shell-text';

export const shell: TemplateHelper = {
  name: 'shell',
  takes: 'text',
  nullable: false,
  what: 'Text as one word of a POSIX shell: nothing in it is expanded or run.',
  options: [],
  examples: [{ template: '{{shell file}}', context: { file: "it's $HOME `pwd`" } }],
  apply: (value) => shellText(inputText(value)),
};
