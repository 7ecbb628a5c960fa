import type { WidenKey } from '../../assess/changes/widen-key';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { newColumnPublicationNotes } from '../pieces/publication-notes';
import { recipePlan } from '../pieces/recipe-plan';
import { uniqueTwiceNote } from '../pieces/unique-twice-note';
import { widenBlockers } from '../pieces/widen-blockers';
import { firstDropSlug, widenContract } from '../pieces/widen-contract';
import { widenExpand } from '../pieces/widen-expand';
import { widenMigrate } from '../pieces/widen-migrate';
import { nameOf, widenParts, type WidenParts } from '../pieces/widen-parts';
import type { Recipe } from '../recipe';

/** Makes a primary key wider with all that refers to it: beside the narrow columns, which are exchanged at once. */
export const widenKeyRecipe: Recipe<WidenKey> = {
  id: 'widen-key',
  blockers: widenBlockers,
  phases: (context) => {
    const parts = widenParts(context);
    return recipePlan({
      phases: [widenExpand(parts), widenMigrate(parts), widenContract(parts)],
      noReturn: {
        slug: firstDropSlug(parts),
        why: t(
          'It drops the narrow columns. Until then the exchange can be taken back, as long as no row has a value that they do not hold.',
        ),
      },
      notes: notesOf(parts),
    });
  },
};

function notesOf({ places, change, views }: WidenParts): string[] {
  const routines = new Set(
    places.flatMap(({ table }) =>
      table.dependents.routines.filter(({ certain }) => !certain).map(({ signature }) => signature),
    ),
  );
  const published = places.filter(({ table }) => table.publications.length > 0);
  return [
    ...places.flatMap(({ table, columns }) =>
      columns.flatMap(({ beside }) => newColumnPublicationNotes(table, beside)),
    ),
    ...(published.length === 0
      ? []
      : [
          t(
            'Make the columns {0} on each subscriber before values grow beyond the old type, or replication stops: {1}.',
            change.type,
            published.map(nameOf).join(', '),
          ),
        ]),
    uniqueTwiceNote(),
    t(
      'While the plan runs these tables have a column more for each that becomes wider: {0}. Code that reads SELECT * by position or writes without a list of columns has to be changed first. In the end the wide columns are the last ones.',
      places
        .map(
          (place) =>
            `${nameOf(place)} (${place.columns.map(({ facts }) => formatIdentifier(facts.name)).join(', ')})`,
        )
        .join('; '),
    ),
    t(
      'Columns that hold the key without a foreign key are not found. Change those with change-column-type before values grow beyond the old type.',
    ),
    ...(views.length === 0
      ? []
      : [
          t(
            'The views over these columns are dropped and made again with the exchange, with the wider type: {0}. A prepared statement that gives all columns of one fails once afterwards. Rights that somebody else than the owner has granted come back as granted by the owner. What is made over one of them meanwhile stops the exchange.',
            views.map(({ name }) => formatQualifiedName(name)).join(', '),
          ),
        ]),
    ...(routines.size === 0
      ? []
      : [
          t(
            'These routines name one of the tables; see that their variables, parameters and results take {0}: {1}.',
            change.type,
            [...routines].join(', '),
          ),
        ]),
  ];
}
