import type { IndexPart } from '../../assess/change-facts';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { stepForecast } from '../step-forecast';
import { indexIsValid } from './index-copies';
import { buildPart } from './index-parts';
import { concurrentStep, type SqlStepParts } from './plain-steps';
import { renameInIndex, type ColumnRenaming } from './rename-in-definition';
import { stepSlug, type StepDraft } from './step-draft';

/** An index on the wide columns that takes the place of one on the narrow ones. */
export interface WidenedIndex {
  /** As it is on the narrow columns. */
  part: IndexPart;
  /** CREATE INDEX ... on the wide ones. */
  definition: string;
  /** What it is called until it has the original's name. */
  name: string;
  /** The constraint it belongs to. */
  constraint: ConstraintFacts | null;
  /** What stands in for the original, for the way back; null where that is there all the time. */
  standIn: string | null;
}

/** Names and definitions of the indexes on the wide columns. Their names are taken from then on. */
export function widenedIndexes(
  parser: SqlParser,
  table: TableFacts,
  known: { indexes: readonly IndexPart[]; renamings: readonly ColumnRenaming[]; taken: Set<string> },
): WidenedIndex[] {
  const named = (part: IndexPart, suffix: string): string => {
    const name = freeName(part.name.name, suffix, known.taken);
    known.taken.add(name);
    return name;
  };
  return known.indexes.map((part) => {
    const constraintName = table.indexes.find(({ name }) => name.name === part.name.name)?.constraint ?? null;
    const constraint = table.constraints.find(({ name }) => name === constraintName) ?? null;
    return {
      part,
      definition: known.renamings.reduce(
        (definition, renaming) => renamedIndex(parser, part.table, definition, renaming),
        part.definition,
      ),
      name: named(part, '_switchback_wide'),
      constraint,
      standIn: constraint === null ? null : named(part, '_switchback'),
    };
  });
}

function renamedIndex(
  parser: SqlParser,
  table: QualifiedName,
  definition: string,
  renaming: ColumnRenaming,
): string {
  const unique = definition.startsWith('CREATE UNIQUE ') ? 'UNIQUE ' : '';
  const behind = renameInIndex(parser, definition, renaming);
  return `CREATE ${unique}INDEX renamed ON ${formatQualifiedName(table)} ${behind}`;
}

/** An index of this name in the schema of the one it is for. */
export function indexNamed({ part }: WidenedIndex, name: string): QualifiedName {
  return { schema: part.name.schema, name };
}

/** The step that builds it while others go on reading and writing. `over`: SQL that is true when it has another name. */
export function buildWide(
  table: TableFacts,
  index: WidenedIndex,
  over: string | null,
  rollback: SqlStepParts['rollback'],
): StepDraft {
  const name = indexNamed(index, index.name);
  const valid = indexIsValid(name);
  return concurrentStep({
    slug: stepSlug(`index ${name.name}`),
    title: t('Build the index {0}', formatIdentifier(name.name)),
    action: t(
      'Builds on the wide columns what {0} is on the narrow ones, while others go on reading and writing.',
      formatIdentifier(index.part.name.name),
    ),
    forward: [buildPart({ ...index.part, definition: index.definition }, name.name)],
    rollback,
    holds: [over === null ? valid : `(${valid}\n    OR ${over})`],
    expectation: t('The index {0} is valid, or has its name.', name.name),
    forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table),
  });
}

/** The step that builds a second index like that of a key, which the way back puts the key on. */
export function buildStandIn(
  table: TableFacts,
  index: WidenedIndex,
  over: string,
  rollback: SqlStepParts['rollback'],
): StepDraft[] {
  if (index.standIn === null) return [];
  const name = indexNamed(index, index.standIn);
  return [
    concurrentStep({
      slug: stepSlug(`stand-in ${index.part.name.name}`),
      title: t('Build an index that stands in for {0}', formatIdentifier(index.part.name.name)),
      action: t(
        'A second index like {0}, built while others go on reading and writing. With it the way back is short; nothing else needs it.',
        formatIdentifier(index.part.name.name),
      ),
      forward: [buildPart(index.part, name.name)],
      rollback,
      holds: [`(${indexIsValid(name)}\n    OR ${over})`],
      expectation: t('The index {0} is valid, or no longer needed.', name.name),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table),
    }),
  ];
}
