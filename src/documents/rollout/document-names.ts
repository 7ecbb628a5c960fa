/** The kinds of documents around a plan. */
export const rolloutKinds = ['tickets', 'announcements', 'calendar', 'pull-request', 'changelog'] as const;
export type RolloutKind = (typeof rolloutKinds)[number];

/** The phases of a plan in their order. */
export const rolloutPhases = ['expand', 'migrate', 'contract'] as const;
export type RolloutPhaseName = (typeof rolloutPhases)[number];

/** Names inside a plan's folder of those that are one file for the whole plan. */
export const wholePlanFiles = {
  calendar: 'calendar.ics',
  'pull-request': 'pull-request.md',
  changelog: 'changelog.md',
} as const;

/** `tickets/1-expand.md`. A phase keeps its number where another has no steps, so that the name never changes. */
export function phaseFile(kind: 'tickets' | 'announcements', phase: RolloutPhaseName): string {
  return `${kind}/${rolloutPhases.indexOf(phase) + 1}-${phase}.md`;
}
