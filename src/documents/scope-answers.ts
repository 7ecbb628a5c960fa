/** What only people know of a plan's scope. Null where nobody has said it; the documents then show what was found. */
export interface ScopeAnswers {
  /** The systems affected, as people call them: services, jobs, reports. */
  systems: string | null;
  /** Who notices: groups of users, and how many. */
  users: string | null;
  /** The downtime expected, in words: `none`, `2 minutes at night`. */
  downtime: string | null;
}

export const noScopeAnswers: ScopeAnswers = { systems: null, users: null, downtime: null };
