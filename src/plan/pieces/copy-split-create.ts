import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import type { SplitParts } from './copy-split-parts';
import { migrationStep } from './plain-steps';
import { rightsAgain } from './rights-again';
import { constraintExists, regclass } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/** Makes the new table, empty, with the rules of its columns that lock no other table. */
export function createPartStep(parts: SplitParts): StepDraft {
  const { part, table } = parts;
  const name = formatQualifiedName(part);
  return migrationStep({
    slug: 'create-table',
    title: t('Create {0}', name),
    action: t(
      'It has the key of {0} and the columns that go to it, with their defaults, checks, indexes, comments and the rights on the table. Values are not required before contract.',
      formatQualifiedName(table.name),
    ),
    forward: createPart(parts),
    rollback: [`DROP TABLE ${name}`],
    holds: [`${regclass(part)} IS NOT NULL`],
    expectation: t('There is a table {0}.', name),
    forecast: stepForecast('AccessShareLock', 'catalog', table),
  });
}

/** A step for each foreign key of columns that go: each locks the table it refers to. */
export function partForeignKeySteps({ part, table, rules }: SplitParts): StepDraft[] {
  const relation = formatQualifiedName(part);
  return rules.foreignKeys.map(({ name, definition, comment }) => {
    const to = table.foreignKeysOut.find((key) => key.name === name)!.to;
    const quoted = formatIdentifier(name);
    return migrationStep({
      slug: stepSlug(`reference ${name}`),
      title: t('Let {0} refer to {1}', relation, formatQualifiedName(to)),
      action: t(
        'There are no rows to look at yet; {0} is locked against writes for a moment.',
        formatQualifiedName(to),
      ),
      forward: [
        acceptFinding(
          'constraint-not-valid',
          t('the table has no rows yet'),
          `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${quoted} ${definition}`,
        ),
        ...(comment === null
          ? []
          : [`COMMENT ON CONSTRAINT ${quoted} ON ${relation} IS ${quoteLiteral(comment)}`]),
      ],
      rollback: [`ALTER TABLE ${relation} DROP CONSTRAINT ${quoted}`],
      holds: [constraintExists(part, name, true)],
      expectation: t('The constraint {0} is there.', name),
      forecast: stepForecast('ShareRowExclusiveLock', 'catalog', table, to),
    });
  });
}

function createPart(parts: SplitParts): string[] {
  const { part, table, key, columns, moved, rules, primaryKey, context } = parts;
  const name = formatQualifiedName(part);
  const comments = columns.filter(({ comment }) => comment !== null);
  const { privileges, ...rights } = context.assessment.splitTable!.rights;
  const there = new Set(columns.map((column) => column.name));
  return [
    // The types are those of the table, which are not to be judged here.
    `CREATE TABLE ${name} AS\n  SELECT ${columns.map((column) => quoteIdentifier(column.name)).join(', ')}\n    FROM ${formatQualifiedName(table.name)}\n  WITH NO DATA`,
    `ALTER TABLE ${name}\n  ADD CONSTRAINT ${formatIdentifier(primaryKey)} PRIMARY KEY (${key.map(formatIdentifier).join(', ')})`,
    ...moved.flatMap(({ name: column, default: value }) =>
      value === null
        ? []
        : [`ALTER TABLE ${name} ALTER COLUMN ${formatIdentifier(column)} SET DEFAULT ${value}`],
    ),
    `COMMENT ON TABLE ${name} IS ${quoteLiteral(t('Columns of {0}.', formatQualifiedName(table.name)))}`,
    ...comments.map(
      (column) =>
        `COMMENT ON COLUMN ${name}.${formatIdentifier(column.name)} IS ${quoteLiteral(column.comment!)}`,
    ),
    ...[
      ...rules.checks,
      ...rules.keys.map(({ constraint, name: of }) => ({ ...constraint, name: of })),
    ].flatMap(({ name: constraint, definition, comment }) => [
      `ALTER TABLE ${name}\n  ADD CONSTRAINT ${formatIdentifier(constraint)} ${definition}`,
      ...(comment === null
        ? []
        : [`COMMENT ON CONSTRAINT ${formatIdentifier(constraint)} ON ${name} IS ${quoteLiteral(comment)}`]),
    ]),
    ...rules.indexes.map(({ index, name: of }) => {
      const behind = index.definition.slice(index.definition.search(/ USING /));
      return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${formatIdentifier(of)}\n  ON ${name}${behind}`;
    }),
    ...rightsAgain(`TABLE ${name}`, {
      ...rights,
      privileges: privileges.filter(({ column }) => column === null || there.has(column)),
    }),
  ];
}
