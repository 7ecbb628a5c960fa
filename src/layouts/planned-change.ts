/** What a plan file says of a migration beside its place (sqitch.plan), in the form in which its tool records it. */
export interface PlannedChange {
  project: string;
  /** The project's own URI; null where the plan names none. */
  uri: string | null;
  /** Its name, which a reworked change shares with the earlier one. */
  change: string;
  note: string;
  /** ISO 8601, UTC, in seconds. */
  plannedAt: string;
  planner: Person;
  requires: PlannedDependency[];
  conflicts: PlannedDependency[];
  tags: PlannedTag[];
  /** The address that the tool would record with whoever runs it here. */
  committerEmail: string;
}

export interface Person {
  name: string;
  email: string;
}

/** A change, a tag or a change as of a tag, of this project or another; or a change by its id, of whatever project. */
export interface PlannedDependency {
  /** As the tool records it. */
  text: string;
  project: string | null;
  change: string | null;
  tag: string | null;
  id: string | null;
}

export interface PlannedTag {
  id: string;
  /** With its `@`. */
  name: string;
  note: string;
  plannedAt: string;
  planner: Person;
}
