import { inputText, type TemplateHelper } from '../helper';

export const mermaid: TemplateHelper = {
  name: 'mermaid',
  takes: 'text',
  nullable: true,
  what: 'Text as a label of a Mermaid diagram, in its quotes, on one line: nothing in it is a mark of the diagram.',
  options: [],
  examples: [{ template: 'a[{{mermaid name}}]', context: { name: 'say "hi" #1' } }],
  apply: (value) => `"${escapedLabel(inputText(value))}"`,
};

/** https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
function escapedLabel(label: string): string {
  const line = label.replace(/\s+/gu, ' ').trim();
  const escaped = line.replace(/["#<>`&;\\]|[\p{Cc}\p{Cf}]/gu, (mark) => `#${mark.codePointAt(0)};`);
  return escaped === '' ? '-' : escaped;
}
