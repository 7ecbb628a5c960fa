import type { Node } from '@pgsql/types';
import type { Session } from '../../database/session';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { ParseNode } from '../../sql/statement';
import { strings, walkTree } from '../../sql/tree';
import { wordPattern } from '../code-references';
import { useByTrees } from '../load/use-by-statement';
import { catalogSubject, catalogUses, type CatalogObject, type FoundObject } from './catalog-uses';
import type { Dependencies, DependentUse } from './dependencies';
import { readRoutineTexts, type RoutineText } from './routine-texts';

/** More objects than these are no picture any more. */
const objectLimit = 400;

export interface DependencyQuestion {
  table: QualifiedName;
  /** null: the whole table. */
  column: string | null;
}

/** Everything that uses a table or column, transitively; null where it is not there. */
export async function findDependencies(
  session: Session,
  parser: SqlParser,
  { table, column }: DependencyQuestion,
  signal: AbortSignal,
): Promise<Dependencies | null> {
  const start = await catalogSubject(session, table, column, signal);
  if (start === null) return null;
  const search = new Search(table, column, await readRoutineTexts(session, parser, signal));
  search.begin(start);
  let frontier = [start];
  while (frontier.length > 0 && !search.isFull) {
    const found = await catalogUses(session, frontier, signal);
    const added = found.flatMap(({ of, by }) =>
      search.take(by, { of: keyOf(of), writes: false, certain: true }),
    );
    frontier = [...added, ...search.takeRoutines()];
  }
  return search.result();
}

/** What was found so far. Relations and routines among it are looked for in the bodies of routines. */
class Search {
  private readonly objects = new Map<string, FoundObject>();
  private readonly uses = new Map<string, DependentUse>();
  private subject = '';
  private readonly searched = new Set<string>();

  constructor(
    private readonly table: QualifiedName,
    private readonly column: string | null,
    private readonly routines: readonly RoutineText[],
  ) {}

  get isFull(): boolean {
    return this.objects.size >= objectLimit;
  }

  begin(subject: CatalogObject): void {
    this.subject = keyOf(subject);
    const name = formatQualifiedName(this.table);
    this.objects.set(this.subject, {
      ...subject,
      kind: this.column === null ? 'table' : 'table column',
      name: this.column === null ? name : `${name}.${formatIdentifier(this.column)}`,
      qualified: this.table,
      definition: null,
    });
  }

  /** The object where it is new. */
  take(by: FoundObject, use: Omit<DependentUse, 'by'>): CatalogObject[] {
    const key = keyOf(by);
    if (key === this.subject || use.of === key) return [];
    const arrow = `${key}>${use.of}`;
    const known = this.uses.get(arrow);
    this.uses.set(arrow, {
      by: key,
      of: use.of,
      writes: use.writes || known?.writes === true,
      certain: use.certain || known?.certain === true,
    });
    if (this.objects.has(key) || this.isFull) return [];
    this.objects.set(key, by);
    return [by];
  }

  /** Routines whose bodies use what was not looked for yet. */
  takeRoutines(): CatalogObject[] {
    const added: CatalogObject[] = [];
    for (const [key, object] of [...this.objects]) {
      if (this.searched.has(key) || object.qualified === null) continue;
      this.searched.add(key);
      for (const routine of this.routinesNear(object, key)) {
        const use = this.useBy(routine, object, key === this.subject ? this.column : null);
        if (use) added.push(...this.take({ ...routine, column: 0 }, { of: key, ...use }));
      }
    }
    return added;
  }

  /** The routines whose text has the name, and those of the triggers of the table that changes. */
  private routinesNear({ objectId, qualified }: FoundObject, key: string): RoutineText[] {
    const word = qualified!.name.toLowerCase();
    return this.routines.filter(
      ({ text, triggersOf }) =>
        text.includes(word) || (key === this.subject && triggersOf.includes(objectId)),
    );
  }

  private useBy(
    routine: RoutineText,
    { kind, qualified }: FoundObject,
    column: string | null,
  ): Pick<DependentUse, 'writes' | 'certain'> | null {
    const name = qualified!;
    const found = (routine.parts() ?? []).flatMap(({ statement, dynamic }) => {
      const writes =
        kind === 'function' || kind === 'procedure'
          ? callOf(statement.node, name)
          : writesOf(statement.node, name, column);
      return writes === null ? [] : [{ writes, certain: dynamic !== 'composed' }];
    });
    if (found.length === 0) return this.mentions(routine, column) ? { writes: false, certain: false } : null;
    return {
      writes: found.some(({ writes }) => writes),
      certain: found.some(({ certain }) => certain),
    };
  }

  /** A trigger's NEW and OLD, dynamic SQL and languages that are not read leave no other trace. */
  private mentions({ text, triggersOf }: RoutineText, column: string | null): boolean {
    const isWord = (name: string): boolean => wordPattern(name.toLowerCase()).test(text);
    if (column === null || !isWord(column)) return false;
    return isWord(this.table.name) || triggersOf.includes(this.objects.get(this.subject)!.objectId);
  }

  result(): Dependencies {
    const id = (key: string): string => {
      const { kind, name } = this.objects.get(key)!;
      return `${kind} ${name}`;
    };
    const isThere = ({ by, of }: DependentUse): boolean => this.objects.has(by) && this.objects.has(of);
    return {
      subjects: [id(this.subject)],
      objects: [...this.objects]
        .filter(([key]) => key !== this.subject)
        .map(([key, { kind, name, definition }]) => ({ id: id(key), kind, name, definition })),
      uses: [...this.uses.values()].filter(isThere).map((use) => ({
        ...use,
        by: id(use.by),
        of: id(use.of),
      })),
      truncated: this.isFull,
    };
  }
}

function keyOf({ classId, objectId, column }: CatalogObject): string {
  return `${classId}:${objectId}:${column}`;
}

/** Whether a statement writes the relation; null where it does not use it, or not the column. */
function writesOf(node: ParseNode, name: QualifiedName, column: string | null): boolean | null {
  const use = useByTrees([node], { name, column: column ?? '' });
  return use === null || (column !== null && use.column === 'none') ? null : use.writes;
}

/** A call writes nothing of what it calls; null where there is none. */
function callOf(node: ParseNode, { schema, name }: QualifiedName): false | null {
  let found = false;
  walkTree(node, (kind, fields) => {
    if (kind !== 'FuncCall') return;
    const parts = strings(fields['funcname'] as Node[] | undefined);
    found ||= parts.at(-1) === name && (parts.length === 1 || parts.at(-2) === schema);
  });
  return found ? false : null;
}
