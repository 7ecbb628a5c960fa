/** Something a FROM clause makes visible under one name. */
export interface ScopeEntry {
  /** The name it is referred to by; empty for an unnamed join. */
  alias: string;
  /** Schema as written or found; null for what is no relation. */
  schema: string | null;
  /** Column names as seen from outside; null where they are not known. */
  columns: readonly string[] | null;
  /** `table`: the renamed table itself; `covers`: something through which its column may be seen. */
  target: 'table' | 'covers' | 'none';
  /** Whether the renamed column is visible under its old name. */
  exposes: boolean;
}

/** The names visible at one query level; `parent` is the level around it. */
export interface Scope {
  entries: ScopeEntry[];
  parent: Scope | null;
  /** WITH queries visible here, innermost first. */
  ctes: ReadonlyMap<string, ScopeEntry>;
}

export type Resolution =
  | { kind: 'other' }
  | { kind: 'uncertain' }
  /** `alone`: no other relation could capture the new name. */
  | { kind: 'target'; entry: ScopeEntry; alone: boolean };

/** What an unqualified column name means. The query is valid, so a level never has it twice. */
export function resolveColumn(scope: Scope | null, name: string, newName: string): Resolution {
  let unsure = false;
  let alone = true;
  for (let level = scope; level; level = level.parent) {
    const targets = level.entries.filter((entry) => entry.target === 'table' && entry.exposes);
    const covering = level.entries.some((entry) => entry.target === 'covers');
    const others = level.entries.filter((entry) => entry.target !== 'table');
    const elsewhere = others.some((entry) => entry.columns?.includes(name));
    alone &&= others.every((entry) => entry.columns !== null && !entry.columns.includes(newName));
    if (targets.length === 1 && !elsewhere && !covering) {
      return unsure ? { kind: 'uncertain' } : { kind: 'target', entry: targets[0]!, alone };
    }
    if (targets.length > 0 || covering) return { kind: 'uncertain' };
    if (elsewhere) return { kind: 'other' };
    unsure ||= others.some((entry) => entry.columns === null);
  }
  return { kind: 'other' };
}

/** The entry a qualifier means, innermost level first; null when there is none. */
export function resolveQualifier(
  scope: Scope | null,
  alias: string,
  schema: string | null,
): ScopeEntry | null {
  for (let level = scope; level; level = level.parent) {
    const found = level.entries.find(
      (entry) => entry.alias === alias && (schema === null || entry.schema === schema),
    );
    if (found) return found;
  }
  return null;
}
