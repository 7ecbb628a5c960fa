/**
 * Writes docs/templates.md from the helpers and the shipped templates themselves, docs/rules/ from the rules, docs/recipes.md
 * from the kinds of change, the ids of rules into the schemas of configurations, and the schema of plan.md's front matter.
 * Usage: node --import tsx scripts/docs.ts
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { builtInHelpers } from '../src/templates/check-template';
import { nodeFiles } from '../src/ports/node-files';
import { renderTemplate } from '../src/templates/engine';
import type { TemplateHelper } from '../src/templates/helper';
import { templateHelpers } from '../src/templates/helpers/index';
import { markdownFence, markdownInlineCode, markdownText } from '../src/templates/markdown';
import { parseTemplate } from '../src/templates/parse-template';
import {
  shippedTemplates,
  type ShippedTemplate,
  type TemplateGroup,
} from '../src/templates/shipped-templates';
import { templateValues } from '../src/templates/template-values';
import { writePlanSchema } from './plan-schema';
import { writeRecipeDocs } from './recipe-docs';
import { writeRuleDocs } from './rule-docs';
import { writeRuleIds } from './rule-ids';

const root = path.resolve(__dirname, '..');
const shippedFolder = path.join(root, 'templates');
const page = path.join(root, 'docs', 'templates.md');

const beginning = `# Templates

Everything Switchback writes comes from the [Handlebars](https://handlebarsjs.com/guide/) templates in \`templates/\`.
A workspace replaces any of them.

*This page is made from the source by \`npm run docs\`.*

## Your own templates

Run **Switchback: Customize Templates…**, tick what you want as your own, and edit the copies that open. They lie in
\`.switchback/templates/\` of the workspace folder, partials in \`.switchback/templates/partials/\`, and belong into git.

- A file there wins over the shipped one of the same name. A partial there is used by shipped templates, too.
- They are used in trusted workspaces only. Elsewhere the shipped ones are.
- The command marks what is yours already. Its buttons there compare your text with the shipped one and go back to it.
- Nothing is overwritten without a question.
- What is wrong with a template is marked at its line when it is opened or saved: a tag that cannot be read, a helper,
  an option or a partial that is not there. What only values can show (one that is missing, one of the wrong kind) is
  said with file, line and column when the document is made; nothing is written then.

## How values are written

\`{{value}}\` writes a value as it is and escapes **nothing**: the same value needs different care in SQL, in Markdown and
in a shell. Pass everything that may come from people or from a database through a helper:

| Where it goes | Helper |
|---|---|
| a name in SQL | \`ident\` |
| a value in SQL | \`literal\` |
| an SQL comment | \`comment\` |
| a word of a shell command | \`shell\` |
| Mermaid: a label | \`mermaid\` |
| TypeScript, JavaScript | \`js\`, \`jsComment\` |
| Markdown: heading, paragraph, list | \`text\` |
| Markdown: a cell of a table | \`cell\` |
| Markdown: code | \`code\` |

A value that is missing is a mistake, not an empty text; \`{{#if value}}\` and \`{{#unless value}}\` may ask whether it is
there. Of Handlebars' own helpers there are ${listed(builtInHelpers.map((name) => markdownInlineCode(name, false)))}.
`;

/** docs/templates.md as the source says it. */
export async function templatesPage(): Promise<string> {
  const programs = await readPrograms();
  const templates = await shippedTemplates(shippedFolder, nodeFiles());
  const part = (group: TemplateGroup): string[] =>
    templates
      .filter((template) => template.group === group)
      .map((template) => templatePart(programs, template));
  const parts = [
    beginning,
    '## Helpers\n',
    ...(await Promise.all(templateHelpers.map(helperPart))),
    '## Templates\n',
    'Below each are the values its shipped text uses; `[]` stands for each item of a list.\n',
    '### Documents\n',
    ...part('documents'),
    '### Migrations\n',
    ...part('migrations'),
    '### Scripts\n',
    ...part('scripts'),
    '## Partials\n',
    '`{{> name}}` in a template puts in `partials/name.hbs`, filled with the values at that place and with those given in\n' +
      'the tag: `{{> name title=plan.title}}`. You may add partials of your own.\n',
    ...part('partials'),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

async function helperPart({
  name,
  what,
  takes,
  nullable,
  options,
  examples,
}: TemplateHelper): Promise<string> {
  const rows = await Promise.all(examples.map(exampleRow));
  const kinds = {
    text: 'text or a number',
    name: 'text',
    number: 'a number',
    time: 'a time as ISO 8601 text',
  };
  return [
    `### \`${name}\`\n`,
    `${what}\n`,
    `Takes ${kinds[takes]}${nullable ? ', or an empty value' : ''}.\n`,
    ...(options.length > 0
      ? [`${options.map((option) => `- \`${option.name}\`: ${option.what}`).join('\n')}\n`]
      : []),
    `| Template | Given | Gives |\n|---|---|---|\n${rows.join('\n')}\n`,
  ].join('\n');
}

async function exampleRow({ template, context }: TemplateHelper['examples'][number]): Promise<string> {
  const output = await fill(template, context);
  const given = Object.entries(context).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const lines = output.split('\n').map((line) => markdownInlineCode(line, true));
  return `| ${markdownInlineCode(template, true)} | ${markdownInlineCode(given.join(', '), true)} | ${lines.join('<br>')} |`;
}

function fill(source: string, context: object): Promise<string> {
  const files = { ...nodeFiles(), readIfExists: async () => source };
  return renderTemplate({ name: 'example', context, shippedFolder, overrideFolder: null, files });
}

async function readPrograms(): Promise<Map<string, hbs.AST.Program>> {
  const { default: handlebars } = await import('handlebars');
  const names = (await readdir(shippedFolder, { recursive: true })).filter((name) => name.endsWith('.hbs'));
  const texts = names.map(async (name): Promise<[string, hbs.AST.Program]> => {
    const source = await readFile(path.join(shippedFolder, name), 'utf8');
    return [name.split(path.sep).join('/'), parseTemplate(handlebars, { file: name, source })];
  });
  return new Map(await Promise.all(texts));
}

const known = new Set<string>([...builtInHelpers, ...templateHelpers.map(({ name }) => name)]);

function templatePart(
  programs: ReadonlyMap<string, hbs.AST.Program>,
  { name, makes }: ShippedTemplate,
): string {
  const partialOf = (partial: string) => programs.get(`partials/${partial}.hbs`) ?? null;
  const values = templateValues(programs.get(name)!, partialOf, (helper) => known.has(helper));
  const list = values.length > 0 ? markdownFence(wrap(values), 'text') : 'It uses no values.';
  return `#### \`${name}\`\n\n${markdownText(makes)}.\n\n${list}\n`;
}

/** Values of one root on lines of their own, as many as fit. */
function wrap(values: readonly string[]): string {
  const lines: string[] = [];
  let previous: string | null = null;
  for (const value of values) {
    const rootName = value.split(/[.[]/)[0]!;
    const last = lines.at(-1) ?? '';
    if (rootName === previous && last.length + value.length + 2 <= 100)
      lines[lines.length - 1] = `${last}  ${value}`;
    else lines.push(rootName === previous ? `  ${value}` : value);
    previous = rootName;
  }
  return lines.join('\n');
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

if (require.main === module) {
  void templatesPage()
    .then((text) => writeFile(page, text))
    .then(writeRuleDocs)
    .then(writeRecipeDocs)
    .then(writeRuleIds)
    .then(writePlanSchema);
}
