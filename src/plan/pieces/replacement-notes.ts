import { namesOf } from '../../assess/column-replacement';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { newColumnPublicationNotes } from './publication-notes';
import type { ReplacementParts } from './replacement-parts';

/** What has to be looked at by a person where columns take the place of others. */
export function replacementNotes(parts: ReplacementParts): string[] {
  const { table, new: added, old, assessment } = parts;
  const relation = formatQualifiedName(table.name);
  const notes = added.flatMap(({ column }) => newColumnPublicationNotes(table, column));
  if (table.partitioning !== null && assessment.server.major < 13) {
    notes.push(
      t(
        'Partitions of {0} made before contract need the trigger too: PostgreSQL 12 does not copy it.',
        relation,
      ),
    );
  }
  notes.push(...routineNotes(parts), ...indexNotes(parts));
  notes.push(
    t(
      'While the plan runs {0} has more columns ({1}): code that reads SELECT * by position or writes without a list of columns has to be changed first.',
      relation,
      namesOf(added),
    ),
  );
  if (old.some(({ facts }) => facts.notNull)) {
    notes.push(
      t(
        '{0} may be empty. Once every writer gives it, plan "set-not-null" for what is required.',
        namesOf(added),
      ),
    );
  }
  return notes;
}

function routineNotes({ table, old }: ReplacementParts): string[] {
  return old.flatMap(({ column }) =>
    table.dependents.routines
      .filter(({ certain, columns }) => !certain && columns.includes(column))
      .map(({ signature }) =>
        t(
          '{0} mentions {1} in its text. See whether it means this column, and change it before contract.',
          signature,
          formatIdentifier(column),
        ),
      ),
  );
}

/** Indexes and constraints of the old columns say nothing of what the new ones need. */
function indexNotes({ table, old, new: added }: ReplacementParts): string[] {
  const names = old.map(({ column }) => column);
  const indexes = table.indexes.filter((index) =>
    [...index.columns, ...index.expressionColumns].some((column) => names.includes(column)),
  );
  const constraints = table.constraints.filter(
    ({ kind, columns }) =>
      (kind === 'check' || kind === 'foreign-key') && columns.some((column) => names.includes(column)),
  );
  const going = [...indexes.map(({ name }) => name.name), ...constraints.map(({ name }) => name)];
  if (going.length === 0) return [];
  return [
    t(
      'These go with the old columns: {0}. Give {1} the indexes and constraints it needs after the backfill and before the release, each by a plan of its own.',
      going.map((name) => formatIdentifier(name)).join(', '),
      namesOf(added),
    ),
  ];
}
