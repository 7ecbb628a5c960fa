/** What uses the thing that changes, directly or through others, as the catalog and the bodies of routines tell it. */
export interface Dependencies {
  /** The ids of the tables or columns that change; they are no objects of `objects`. */
  subjects: string[];
  objects: DependentObject[];
  uses: DependentUse[];
  /** True when there were more than are followed. */
  truncated: boolean;
}

export interface DependentObject {
  /** Unique here, and the same whenever it is read. */
  id: string;
  /** As PostgreSQL calls its kind: `view`, `function`, `table constraint`, `policy`. */
  kind: string;
  /** As PostgreSQL identifies it: `public.named`, `orders_customer_fkey on public.orders`. */
  name: string;
  /** The SQL that makes it, where PostgreSQL gives it. */
  definition: string | null;
}

/** An arrow of the picture: `by` uses `of`. */
export interface DependentUse {
  by: string;
  of: string;
  /** Whether it writes it. */
  writes: boolean;
  /** False where only a text that is put together when it runs, or the mention of a name, speaks for it. */
  certain: boolean;
}

/** Objects by how far they are from the nearest subject: 1 uses it itself. */
export function distances({ subjects, uses }: Dependencies): Map<string, number> {
  const found = new Map(subjects.map((id) => [id, 0]));
  let level = [...subjects];
  for (let distance = 1; level.length > 0; distance += 1) {
    const next = uses.filter(({ by, of }) => level.includes(of) && !found.has(by)).map(({ by }) => by);
    level = [...new Set(next)];
    for (const id of level) found.set(id, distance);
  }
  for (const id of subjects) found.delete(id);
  return found;
}

/** As many objects as a picture has room for, those that use a subject itself first, with the uses among them. */
export function nearest(
  dependencies: Dependencies,
  limit: number,
): Pick<Dependencies, 'objects' | 'uses'> & { left: number } {
  const far = distances(dependencies);
  const distance = ({ id }: DependentObject): number => far.get(id) ?? Infinity;
  const objects = [...dependencies.objects]
    .sort((left, right) => distance(left) - distance(right))
    .slice(0, limit);
  const ids = new Set([...dependencies.subjects, ...objects.map(({ id }) => id)]);
  return {
    objects,
    uses: dependencies.uses.filter(({ by, of }) => ids.has(by) && ids.has(of)),
    left: dependencies.objects.length - objects.length,
  };
}

/** What uses one of several subjects; null where none of them is there. An arrow that two know is one. */
export function joinDependencies(all: readonly (Dependencies | null)[]): Dependencies | null {
  const known = all.filter((each) => each !== null);
  if (known.length === 0) return null;
  const subjects = [...new Set(known.flatMap((each) => each.subjects))];
  const objects = new Map(known.flatMap((each) => each.objects).map((object) => [object.id, object]));
  const uses = new Map<string, DependentUse>();
  for (const use of known.flatMap((each) => each.uses)) {
    const arrow = `${use.by}>${use.of}`;
    const other = uses.get(arrow);
    uses.set(arrow, {
      ...use,
      writes: use.writes || other?.writes === true,
      certain: use.certain || other?.certain === true,
    });
  }
  return {
    subjects,
    objects: [...objects.values()].filter(({ id }) => !subjects.includes(id)),
    uses: [...uses.values()],
    truncated: known.some(({ truncated }) => truncated),
  };
}
