import { inputNumber, type TemplateHelper } from '../helper';

export const ordinal: TemplateHelper = {
  name: 'ordinal',
  takes: 'number',
  nullable: false,
  what: 'One more than a number: the place in a list for people, from `@index`, which counts from 0.',
  options: [],
  examples: [{ template: '{{ordinal index}}', context: { index: 0 } }],
  apply: (value) => String((inputNumber(value) ?? 0) + 1),
};
