import type { ScopeAnswers } from '../documents/scope-answers';
import { t } from '../messages/translate';
import type { Assessment } from './assessment';
import { describeChange } from './change';
import { countDependentObjects } from './dependents-of-change';
import { countCodeReferences, describeCount } from './code-references';
import { formatQualifiedName } from '../sql/identifier';
import { rowsText } from '../templates/rows-text';
import { daysText } from '../templates/duration-text';

export const prerequisiteIds = ['scope', 'impact', 'stakeholders', 'staging', 'rollback', 'time'] as const;
export type PrerequisiteId = (typeof prerequisiteIds)[number];

/** What should be settled before a change begins, and what settles it. */
export interface Prerequisite {
  id: PrerequisiteId;
  title: string;
  state: 'held' | 'open';
  /** null while it is open. */
  by: HeldBy | null;
  /** What would settle it, as a sentence; also said of one that is held, for who doubts it. */
  ask: string;
}

export type HeldBy =
  | { kind: 'evidence'; text: string }
  /** `at` is ISO 8601, UTC. */
  | { kind: 'person'; name: string; at: string; note: string };

/** A person's word for one prerequisite. */
export interface PrerequisiteConfirmation {
  id: PrerequisiteId;
  name: string;
  /** ISO 8601, UTC. */
  at: string;
  note: string;
}

/** What is known beside the assessment. */
export interface PrerequisiteFacts {
  confirmations: readonly PrerequisiteConfirmation[];
  scope: ScopeAnswers;
  /** The roles that approve the plan, and who did. */
  approvals: readonly { role: string; by: string | null }[];
  /** Names of databases at hand that are labelled staging. */
  stagingDatabases: readonly string[];
  /** A recorded run of the plan on staging. */
  stagingRun: { by: string; at: string } | null;
  /** null before there is a plan. */
  wayBack: WayBack | null;
  /** A rehearsal that took every step back. */
  rehearsal: { by: string; at: string } | null;
  /** How long the plan takes in all, and the last day of it; null before there is a plan. */
  timeline: { days: number; end: string } | null;
  /** The ISO day by which all must be done; null where nobody said one. */
  deadline: string | null;
  /** Evidence kept with the plan: stands in for an assessment, or for connections, that are not at hand here. */
  recorded: Partial<Record<'impact' | 'staging', string>>;
}

/** How far a plan can be taken back. */
export interface WayBack {
  /** Steps before the point of no return. */
  steps: number;
  /** Titles of those that say no way back. */
  without: readonly string[];
  /** Days of waiting before the point of no return. */
  waitDays: number;
}

/** The six things that should be settled before a change begins, each held by evidence, by a person, or open. */
export function prerequisitesOf(assessment: Assessment | null, facts: PrerequisiteFacts): Prerequisite[] {
  return prerequisiteIds.map((id) => {
    const evidence = evidenceFor(id, assessment, facts);
    const by: HeldBy | null =
      evidence === null ? confirmationOf(id, facts) : { kind: 'evidence', text: evidence };
    return { id, title: prerequisiteTitle(id), state: by ? 'held' : 'open', by, ask: askFor(id, facts) };
  });
}

/** A prerequisite in one sentence of what holds it, or of what would settle it. */
export function describePrerequisite({ by, ask }: Prerequisite): string {
  if (!by) return ask;
  switch (by.kind) {
    case 'evidence':
      return by.text;
    case 'person':
      return by.note === ''
        ? t('Confirmed by {0} on {1}.', by.name, day(by.at))
        : t('Confirmed by {0} on {1}: {2}', by.name, day(by.at), by.note);
  }
}

function confirmationOf(id: PrerequisiteId, { confirmations }: PrerequisiteFacts): HeldBy | null {
  const found = confirmations.filter((item) => item.id === id).at(-1);
  return found ? { kind: 'person', name: found.name, at: found.at, note: found.note } : null;
}

/** What is to be settled, as a statement. */
export function prerequisiteTitle(id: PrerequisiteId): string {
  switch (id) {
    case 'scope':
      return t('What changes, and for whom, is written down');
    case 'impact':
      return t('What the change touches has been looked at');
    case 'stakeholders':
      return t('The people affected are known and have been told');
    case 'staging':
      return t('There is a staging database to try it on');
    case 'rollback':
      return t('The way back exists');
    case 'time':
      return t('There is enough time for it');
  }
}

function evidenceFor(
  id: PrerequisiteId,
  assessment: Assessment | null,
  facts: PrerequisiteFacts,
): string | null {
  switch (id) {
    case 'scope':
      return scopeEvidence(facts);
    case 'impact':
      return assessment ? impactEvidence(assessment) : (facts.recorded.impact ?? null);
    case 'stakeholders':
      return stakeholderEvidence(facts);
    case 'staging':
      return stagingEvidence(assessment, facts);
    case 'rollback':
      return rollbackEvidence(facts);
    case 'time':
      return timeEvidence(facts);
  }
}

function scopeEvidence({ scope }: PrerequisiteFacts): string | null {
  const { systems, users, downtime } = scope;
  if (systems === null || users === null || downtime === null) return null;
  return t('Systems: {0}. Users: {1}. Downtime: {2}.', ...[systems, users, downtime].map(withoutStop));
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, '');
}

function impactEvidence(assessment: Assessment): string {
  const { table, codeReferences, change, database, risk } = assessment;
  return t(
    '{0} was assessed on {1} ({2}): {3} in {4}; objects that depend on it: {5}; in the code {6}; risks: {7}.',
    describeChange(change),
    database.label,
    day(assessment.takenAt),
    rowsText(Math.max(0, table.rows.count)),
    formatQualifiedName(table.name),
    countDependentObjects(assessment),
    describeCount(countCodeReferences(codeReferences, change)),
    risk.reasons.length,
  );
}

function stakeholderEvidence({ approvals }: PrerequisiteFacts): string | null {
  if (approvals.length === 0 || approvals.some((approval) => approval.by === null)) return null;
  return t('Approved by {0}.', approvals.map(({ role, by }) => `${by} (${role})`).join(', '));
}

function stagingEvidence(assessment: Assessment | null, facts: PrerequisiteFacts): string | null {
  const { stagingRun, stagingDatabases } = facts;
  if (stagingRun) return t('The plan ran on staging: {0}, {1}.', stagingRun.by, day(stagingRun.at));
  if (assessment?.database.environment === 'staging')
    return t('{0} is labelled staging.', assessment.database.label);
  if (stagingDatabases.length === 0) return facts.recorded.staging ?? null;
  return t('Saved connections labelled staging: {0}.', stagingDatabases.join(', '));
}

function rollbackEvidence({ rehearsal, wayBack }: PrerequisiteFacts): string | null {
  if (rehearsal) return t('A rehearsal took every step back: {0}, {1}.', rehearsal.by, day(rehearsal.at));
  if (!wayBack || wayBack.without.length > 0 || wayBack.waitDays === 0) return null;
  const wait = daysText(wayBack.waitDays);
  return wayBack.steps === 1
    ? t(
        'The one step before the point of no return has its way back, and that point comes after {0} of waiting.',
        wait,
      )
    : t(
        'All {0} steps before the point of no return have their way back, and that point comes after {1} of waiting.',
        wayBack.steps,
        wait,
      );
}

function timeEvidence({ timeline, deadline }: PrerequisiteFacts): string | null {
  if (!timeline || deadline === null || timeline.end > deadline) return null;
  return t(
    'The plan takes {0} days and ends on {1}; the deadline is {2}.',
    timeline.days,
    timeline.end,
    deadline,
  );
}

function askFor(id: PrerequisiteId, facts: PrerequisiteFacts): string {
  switch (id) {
    case 'scope':
      return t('Say which systems and users are concerned and how much downtime is expected.');
    case 'impact':
      return t('Assess the change on the database it is for.');
    case 'stakeholders':
      return t('Name who has told everybody concerned: technical lead, product owner and stakeholders.');
    case 'staging':
      return t('Save a connection labelled staging, or name who says where the change is tried first.');
    case 'rollback':
      return rollbackAsk(facts);
    case 'time':
      return timeAsk(facts);
  }
}

function rollbackAsk({ wayBack }: PrerequisiteFacts): string {
  if (!wayBack) return t('Create the plan: each of its steps says how it is taken back.');
  const first = wayBack.without[0];
  if (first !== undefined)
    return t('"{0}" has no way back before the point of no return. Rehearse the rollback.', first);
  return t('Rehearse the rollback: nothing is waited for before the point of no return.');
}

function timeAsk({ timeline, deadline }: PrerequisiteFacts): string {
  if (!timeline) return t('Create the plan: its timeline says how long the change takes.');
  const { days, end } = timeline;
  if (deadline !== null && end > deadline)
    return t(
      'The plan takes {0} days and ends on {1}, after the deadline {2}. Move the deadline, or name who accepts it.',
      days,
      end,
      deadline,
    );
  return t(
    'The plan takes {0} days and ends on {1}. Give the deadline, or name who has set that time aside.',
    days,
    end,
  );
}

function day(at: string): string {
  return at.slice(0, 10);
}
