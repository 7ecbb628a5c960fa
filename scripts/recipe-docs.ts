/** docs/recipes.md, from the kinds of change themselves. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { changeTypes } from '../src/assess/change';
import { changeGroupTitle } from '../src/assess/change-group-title';
import { markdownText } from '../src/templates/markdown';

export const recipesFile = path.resolve(__dirname, '..', 'docs', 'recipes.md');

const beginning = `# Recipes

Each kind of change has one recipe: the phases, steps, rollbacks and checks that make it while the application goes on.
The wizard asks for the same as the options here (**Switchback: Plan a Change…**); in the terminal it is
\`switchback plan KIND --table T OPTIONS\`. A statement in a migration that a recipe covers is planned by **Plan This Safely…**,
and what leads from a database to the schema in a file by **Plan from a Schema File…** or \`switchback diff FILE\`.

A plan may make several changes: **Add Another Change** under the form, and \`--and\` between them in the terminal
(\`switchback plan add-column --table t --column c --type text --and add-index --table t --columns a\`). Each is read from the database
as it is now; one that needs a table or column which another one adds is read in a shadow database where the first steps of the
others are done, and comes after them, in whatever order they are given. Their steps stand side by side in each phase; releases that come at the same time are one release, waits one wait
(the longest), and what cannot be taken back comes as late as the phases allow. Two changes that work on one column, index,
constraint, view, routine or type are refused, and so is one that needs what another one has only after a release (a foreign key to
what becomes unique): plan it when that is done. To replace an index, plan \`add-index\` and \`drop-index\`
together: the new one is there and valid before the old one goes.

*This page is made from the source by \`npm run docs\`.*

What every recipe does:

- Each step says its strongest lock and what it works through, and a check that is false before it and true after it.
- Nothing reads or writes the rows of a large table while others are locked out. What cannot be done so is refused, with the
  way out.
- What one release of the application needs is there before it, and what another needs stays until the deprecation window is over.
- The way back restores schema and old rows exactly, up to the step that is named as the point of no return.

\`npm test\` plays each kind on the newest PostgreSQL; \`npm run test:recipes\` plays every case on the oldest and the newest one,
while an old and a new version of an application write and read, with any names, back from any step.
`;

/** Operations as pgroll's documentation lists them: https://pgroll.com/docs/latest/operations */
const operations: [operation: string, kinds: string[], more: string][] = [
  [
    'add_column',
    ['add-column', 'add-required-column'],
    'a required column of a partitioned table; virtual columns; files of your own tool',
  ],
  [
    'alter_column: type',
    ['change-column-type'],
    'in place where the catalog proves it; a way back of values that do not convert back',
  ],
  [
    'alter_column: default',
    ['set-default', 'drop-default'],
    'the release that has to come before a default goes',
  ],
  [
    'alter_column: nullable',
    ['set-not-null', 'drop-not-null'],
    'no scan under a lock; rows that had no value have none again after a rollback',
  ],
  ['alter_column: unique', ['add-unique'], 'partitioned tables'],
  ['alter_column: check', ['add-check'], 'rows that break it are counted before anything runs'],
  [
    'alter_column: references',
    ['add-foreign-key'],
    'orphans are counted; a missing index is named; partitioned tables',
  ],
  ['alter_column: comment', ['set-comment'], 'of tables, too'],
  [
    'create_constraint',
    ['add-check', 'add-unique', 'add-foreign-key', 'add-primary-key', 'add-exclusion'],
    'of several columns, primary keys and exclusion constraints, too',
  ],
  [
    'create_index',
    ['add-index'],
    'partitioned tables, leaf by leaf; what is left of a broken build is removed',
  ],
  [
    'create_table',
    ['create-table'],
    'an index for each foreign key; indexes, comments and triggers in the same transaction',
  ],
  ['drop_column', ['drop-column'], 'its values kept in a table on request; what depends on it is named'],
  [
    'drop_constraint',
    ['drop-constraint'],
    'primary keys and exclusion constraints; comes back without a scan under a lock',
  ],
  ['drop_multicolumn_constraint', ['drop-constraint'], 'the same'],
  ['drop_index', ['drop-index'], 'how often it was used; partitioned tables'],
  ['drop_table', ['drop-table'], 'a week out of sight, from where it is had back in a moment'],
  [
    'rename_column',
    ['rename-column'],
    'no views to read through: both names in the table, kept equal by a trigger or by the application',
  ],
  ['rename_constraint', ['rename-constraint'], 'routines that name it are told before'],
  ['rename_table', ['rename-table'], 'a view under the old name with owner, privileges and row security'],
  ['set_replica_identity', ['set-replica-identity'], 'publications that would lose updates are named'],
  [
    'sql',
    ['raw-sql'],
    'cut into steps by its forecast, judged by the rules, with a way back that is derived or asked for',
  ],
];

/** The whole page. */
export function recipePage(): string {
  const groups = [...new Set(changeTypes.map(({ group }) => group))];
  const parts = groups.map((group) => {
    const types = changeTypes.filter((type) => type.group === group);
    const rows = types.map(
      (type) =>
        `| \`${type.kind}\` | ${cell(type.description())} | \`${type.usage.replaceAll('|', '\\|')}\` |`,
    );
    return `## ${changeGroupTitle(group)}\n\n| kind | | options beside \`--table\` |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  const compared = operations.map(
    ([operation, kinds, more]) =>
      `| \`${operation}\` | ${kinds.map((kind) => `\`${kind}\``).join(', ')} | ${cell(more)} |`,
  );
  return `${beginning}\n${parts.join('\n')}
## Beside pgroll

[pgroll](https://pgroll.com/docs) has these operations in its own format, for applications that read through its views. Here
each is a plan in the files of the tool you have.

| pgroll | recipe | beside what pgroll does |
|---|---|---|
${compared.join('\n')}
`;
}

/** Kinds that the comparison names; each must exist. */
export function comparedKinds(): string[] {
  return operations.flatMap(([, kinds]) => kinds);
}

function cell(text: string): string {
  return markdownText(text).replaceAll('|', '\\|');
}

/** Writes the page. */
export async function writeRecipeDocs(): Promise<void> {
  await writeFile(recipesFile, recipePage());
}
