/** The pages of docs/rules/, from the rules themselves. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fixTarget } from '../src/journey/fix-target';
import { applyToKnownSchema } from '../src/safety/known-schema-fold';
import { emptyKnownSchema } from '../src/safety/known-schema';
import { lintScript } from '../src/safety/lint';
import { rulePage } from '../src/safety/rule-page';
import type { Rule } from '../src/safety/rule';
import { rules } from '../src/safety/rules/index';
import { loadParser, type SqlParser } from '../src/sql/parser';
import { markdownText } from '../src/templates/markdown';

export const rulesFolder = path.resolve(__dirname, '..', 'docs', 'rules');

const beginning = `# Rules

What \`switchback lint\` and the editor say about a statement, and how serious it is unless configured otherwise.
\`switchback lint --explain RULE\` prints a page in the terminal. A fix is an edit the editor offers and the JSON holds.

*These pages are made from the source by \`npm run docs\`.*

| rule | | severity | PostgreSQL | fix |
|---|---|---|---|---|
`;

const end = `
Besides: \`syntax-error\` is text that PostgreSQL cannot read, \`not-analysed\` is text that was skipped, and
\`unused-suppression\` is a comment that suppresses nothing.
`;

/** Each page by its file name. */
export async function ruleDocs(): Promise<Map<string, string>> {
  const parser = await loadParser();
  const rows = rules.map((rule) => row(parser, rule)).join('\n');
  return new Map([
    ['README.md', `${beginning}${rows}\n${end}`],
    ...rules.map((rule): [string, string] => [`${rule.id}.md`, rulePage(rule)]),
  ]);
}

/** Writes the pages and removes those of rules that are gone. */
export async function writeRuleDocs(): Promise<void> {
  const pages = await ruleDocs();
  await mkdir(rulesFolder, { recursive: true });
  for (const name of await readdir(rulesFolder)) if (!pages.has(name)) await rm(path.join(rulesFolder, name));
  for (const [name, text] of pages) await writeFile(path.join(rulesFolder, name), text);
}

function row(parser: SqlParser, rule: Rule): string {
  const severity = rule.optIn ? `off (${rule.severity})` : rule.severity;
  const fix = hasFix(parser, rule) ? 'yes' : '';
  return `| [${rule.id}](${rule.id}.md) | ${markdownText(rule.title)} | ${severity} | ${versions(rule)} | ${fix} |`;
}

function versions({ since, until }: Rule): string {
  if (since === null && until === null) return 'all';
  return until === null ? `${since} and newer` : since === null ? `up to ${until}` : `${since} to ${until}`;
}

/** Whether the finding on its bad example has one, in a folder of golang-migrate. */
function hasFix(parser: SqlParser, rule: Rule): boolean {
  const { before, sql, transaction = 'implicit' } = rule.bad;
  const schema = emptyKnownSchema();
  for (const statement of parser.parse(before).statements) applyToKnownSchema(schema, statement);
  const folder = path.resolve('/migrations');
  const file = path.join(folder, '000001_example.up.sql');
  const migrations = {
    folder,
    label: 'migrations',
    namedTable: null,
    layout: 'golang-migrate' as const,
    title: '',
    evidence: [],
  };
  const { findings } = lintScript(parser, {
    path: file,
    sql,
    offset: 0,
    direction: 'up',
    transaction,
    schema,
    serverMajor: rule.until ?? 18,
    levels: { [rule.id]: rule.severity },
    plan: { kind: 'none' },
    target: fixTarget({ ...migrations, migrations: [] }, file, new Date(0), null),
  });
  return findings.some((finding) => finding.rule === rule.id && finding.fix !== null);
}
