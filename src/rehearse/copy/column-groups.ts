/** Columns that belong together, by name: what is joined with one of a group is of that group. */
export class ColumnGroups {
  readonly #groups = new Map<string, Set<string>>();

  join(one: string, other: string): void {
    const group = this.#groupOf(one);
    const joined = this.#groupOf(other);
    if (group === joined) return;
    for (const name of joined) {
      group.add(name);
      this.#groups.set(name, group);
    }
  }

  /** All of its group, itself among them. */
  of(name: string): string[] {
    return [...(this.#groups.get(name) ?? [name])];
  }

  #groupOf(name: string): Set<string> {
    let group = this.#groups.get(name);
    if (!group) this.#groups.set(name, (group = new Set([name])));
    return group;
  }
}
