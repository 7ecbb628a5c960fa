import type { Forecast } from '../forecast';

/** Rows of the relations that the heaviest work is on; null where one is not known. */
export function rowsOf(
  { works, work }: Pick<Forecast, 'works' | 'work'>,
  rows: Readonly<Record<string, number>>,
): number | null {
  const relations = new Set(works.filter((each) => each.kind === work).map((each) => each.relation));
  const known = [...relations].flatMap((relation) => rows[relation] ?? []);
  return relations.size > 0 && known.length === relations.size
    ? known.reduce((total, value) => total + value, 0)
    : null;
}
