import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';

/** What a template is part of. */
export type TemplateGroup = 'documents' | 'migrations' | 'scripts' | 'partials';

/** A template that comes with the product. */
export interface ShippedTemplate {
  /** Below `templates/`, with slashes: `plan.md.hbs`, `partials/new-head.hbs`. */
  name: string;
  group: TemplateGroup;
  /** What it makes, in one line without a full stop. */
  makes: string;
}

/** Every template and partial, in the order people are shown them. */
export async function shippedTemplates(folder: string, files: Files): Promise<ShippedTemplate[]> {
  const known = documentsAndMigrations();
  const names = (await templateFiles(folder, files)).map((file) =>
    path.relative(folder, file).split(path.sep).join('/'),
  );
  const others = names.filter((name) => !known.some((template) => template.name === name));
  const described = others.map(async (name): Promise<ShippedTemplate> => {
    const makes = firstComment(await files.read(path.join(folder, ...name.split('/'))));
    return { name, group: groupOf(name), makes };
  });
  return [...known.filter(({ name }) => names.includes(name)), ...(await Promise.all(described))];
}

/** Absolute paths of the templates and partials below a folder, sorted by folder and name. */
export async function templateFiles(folder: string, files: Files): Promise<string[]> {
  const entries = await files.list(folder);
  const here = entries.filter(({ kind, name }) => kind === 'file' && name.endsWith('.hbs'));
  const below = entries.filter(({ kind }) => kind === 'folder');
  const inner = await Promise.all(below.map(({ name }) => templateFiles(path.join(folder, name), files)));
  return [...here.map(({ name }) => path.join(folder, name)), ...inner.flat()];
}

function groupOf(name: string): TemplateGroup {
  const folder = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
  if (folder === 'partials') return 'partials';
  return folder === 'scripts' || name.endsWith('.sh.hbs') ? 'scripts' : 'documents';
}

const longestLine = 110;

/** What the first comment of a script says, its tags as `<name>`: scripts and their parts begin with what they do. */
function firstComment(source: string): string {
  const lines = source.split(/\r?\n/).filter((line) => !/^#!|^# shellcheck /.test(line));
  const first = lines.findIndex((line) => commentText(line) !== null);
  const end = lines.findIndex((line, index) => index > first && commentText(line) === null);
  const comment = first < 0 ? [] : lines.slice(first, end < 0 ? undefined : end);
  const words = comment
    .map(commentText)
    .join(' ')
    .replace(/\{\{[^}]*?([\w.]+)\s*\}\}/g, '<$1>');
  const sentence = /^.{20,}?\.(?=\s|$)|^.*$/.exec(words)?.[0] ?? '';
  const short = sentence.length <= longestLine ? sentence : sentence.split(/[:;,] /)[0]!;
  return short.replace(/[.:]$/, '');
}

function commentText(line: string): string | null {
  return /^\s*(?:--|#|\/\/)\s+(.*?)\s*$/.exec(line)?.[1] ?? null;
}

function documentsAndMigrations(): ShippedTemplate[] {
  const document = (name: string, makes: string): ShippedTemplate => ({ name, group: 'documents', makes });
  const migration = (name: string, makes: string): ShippedTemplate => ({ name, group: 'migrations', makes });
  const script = (name: string, makes: string): ShippedTemplate => ({ name, group: 'scripts', makes });
  const partial = (name: string, makes: string): ShippedTemplate => ({ name, group: 'partials', makes });
  return [
    document('plan.md.hbs', t('The plan: scope, strategy, phases, steps, timeline, risks, approvals')),
    document(
      'rollback.md.hbs',
      t('The rollback runbook: when to go back, how, and from where no way leads back'),
    ),
    document('checklist.md.hbs', t('The checklist: before, during, after, clean-up')),
    document('verify.sql.hbs', t('The queries that prove each step')),
    document('report.md.hbs', t('The report of a verification')),
    document('retrospective.md.hbs', t('The look back: estimates, what they became, what to talk about')),
    document('rollout/ticket.md.hbs', t('The ticket of a phase: steps, proofs, the way back')),
    document(
      'rollout/announcement.md.hbs',
      t('The announcements of a phase: before, at its start, done, rolled back'),
    ),
    document('rollout/pull-request.md.hbs', t('The description of the pull request of a plan')),
    document('rollout/changelog.md.hbs', t('The entry of a plan in a changelog')),
    migration('migration-up.sql.hbs', t("The up file of a plan's step")),
    migration('migration-down.sql.hbs', t("The down file of a plan's step")),
    migration('new-up.sql.hbs', t('The up file of a new migration in SQL')),
    migration('new-down.sql.hbs', t('The down file of a new migration in SQL')),
    migration('new-migration.ts.hbs', t('A new migration in TypeScript, in a transaction')),
    migration('new-migration.js.hbs', t('A new migration in JavaScript, in a transaction')),
    migration('new-index.ts.hbs', t('A new migration in TypeScript that builds an index without blocking')),
    migration('new-index.js.hbs', t('A new migration in JavaScript that builds an index without blocking')),
    migration('new-backfill.ts.hbs', t('A new migration in TypeScript that fills a column in batches')),
    migration('new-backfill.js.hbs', t('A new migration in JavaScript that fills a column in batches')),
    ...codeTemplates().map(([name, makes]) => migration(name, makes)),
    script('scripts/README.md.hbs', t('How to use the scripts of a plan')),
    script('scripts/migrate-forward.sh.hbs', t('Carries out what is not done of the plan')),
    script('scripts/migrate-rollback.sh.hbs', t('Takes back what was done of the plan')),
    script('scripts/migrate-verify.sh.hbs', t('Says whether what was done is there')),
    script('scripts/migrate-dry-run.sh.hbs', t('Shows what would be done')),
    script('scripts/cleanup.sh.hbs', t('Removes the old shape once the new one is proven')),
    script('scripts/gitignore.hbs', t('What git leaves out of a script set')),
    partial('partials/new-head.hbs', t('The comment at the top of a migration in code')),
    partial('partials/new-exports-js.hbs', t('The exports of a migration in JavaScript')),
    partial('partials/new-sleep-js.hbs', t('The imports of a migration in JavaScript')),
    partial('partials/new-alone-ts.hbs', t('TypeScript: refuses to run inside a transaction')),
    partial('partials/new-alone-js.hbs', t('JavaScript: refuses to run inside a transaction')),
    partial('partials/new-transaction-ts.hbs', t('TypeScript: a transaction that is tried again')),
    partial('partials/new-transaction-js.hbs', t('JavaScript: a transaction that is tried again')),
  ];
}

/** Migrations of tools that keep them as programs, of a plan's step or new ones. */
function codeTemplates(): [name: string, makes: string][] {
  const tools = {
    Knex: 'knex',
    Kysely: 'kysely',
    MikroORM: 'mikro-orm',
    'node-pg-migrate': 'node-pg-migrate',
    Sequelize: 'sequelize',
    TypeORM: 'typeorm',
  };
  const scripts = Object.entries(tools).flatMap(([tool, id]): [string, string][] => [
    [`code/${id}.ts.hbs`, t('A migration of {0} in {1}', tool, 'TypeScript')],
    [`code/${id}.js.hbs`, t('A migration of {0} in {1}', tool, 'JavaScript')],
  ]);
  return [
    ['code/alembic.py.hbs', t('A migration of {0} in {1}', 'Alembic', 'Python')],
    ['code/django.py.hbs', t('A migration of {0} in {1}', 'Django', 'Python')],
    ...scripts,
    ['code/rails.rb.hbs', t('A migration of {0} in {1}', 'Rails', 'Ruby')],
  ];
}
