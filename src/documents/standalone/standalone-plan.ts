import { t } from '../../messages/translate';
import { bytesText } from '../../templates/bytes-text';
import { rowsText } from '../../templates/rows-text';
import { approvalsRegion } from '../approvals';
import { levelText, migrationTypes } from '../migration-types';
import type { DocumentHead, PlanDocument, ScopeSection, StepView } from '../plan-document';
import { deprecationDates, rolloutStages } from '../rollout-stages';
import { rollbackCriteria, signalRows, type Thresholds } from '../thresholds';
import { laidOut, removalWork, type TimelineRow } from '../timeline-rows';
import type { KnownDatabase, PlanAnswers } from './answers';
import { skeletonOf } from './skeletons/index';
import type { Skeleton } from './skeletons/skeleton';
import { standalonePhases } from './standalone-phases';
import { standaloneRisks } from './standalone-risks';
import { standaloneStrategies } from './standalone-strategy';

export interface StandalonePlan {
  head: DocumentHead;
  answers: PlanAnswers;
  /** What a connected database tells; null without one. */
  database: KnownDatabase | null;
  /** ISO 8601: when the database was looked at. */
  takenAt: string;
  thresholds: Thresholds;
}

/** What plan.md is filled from where there is no plan behind it. Pure. */
export function standalonePlan(request: StandalonePlan): PlanDocument {
  const { head, answers, database, thresholds } = request;
  const type = migrationTypes().find((candidate) => candidate.id === answers.changeType)!;
  const skeleton = skeletonOf(answers.changeType);
  const phases = standalonePhases(skeleton);
  const steps = phases.flatMap((phase) => phase.steps);
  const timeline = laidOut(timelineRows(skeleton), answers.startDate);
  const canary = timeline.find((row) => row.id === 'canary')!;
  const cleanUp = timeline.find((row) => row.id === 'clean-up')!;
  return {
    plan: head,
    database: database && { label: database.label, environment: database.environment },
    companions: [],
    summary: summaryOf(answers, skeleton, steps.length, timeline),
    type: {
      title: type.title,
      complexity: levelText(type.complexity),
      risk: levelText(type.risk),
      duration: type.duration,
      why: '',
    },
    notes: [],
    current: [answers.current ?? unsaid(head)],
    target: [answers.target ?? unsaid(head)],
    research: null,
    scope: scopeOf(request),
    prerequisites: [],
    strategies: standaloneStrategies(answers, skeleton, dataVolume(request)),
    phases,
    steps,
    rollout: rolloutStages(canary.start, skeleton.days.canary),
    timeline,
    deprecation: deprecationDates(cleanUp.start, skeleton.deprecationDays),
    riskLevel: levelText(type.risk),
    risks: standaloneRisks(type),
    successCriteria: successCriteria(steps),
    rollbackCriteria: rollbackCriteria(signalRows(thresholds, null)),
    words: [],
    approvalsRegion: approvalsRegion(answers.roles, []),
  };
}

function unsaid({ createdAt }: DocumentHead): string {
  return t('Not said when this document was written, on {0}.', createdAt.slice(0, 10));
}

function summaryOf(
  answers: PlanAnswers,
  skeleton: Skeleton,
  steps: number,
  timeline: readonly TimelineRow[],
): string[] {
  const days = timeline.reduce((sum, row) => sum + row.days, 0);
  return [
    ...(answers.why === null ? [] : [sentence(answers.why)]),
    t(
      'The change is carried out in three phases: expand adds the new beside the old, migrate moves data and users over, contract removes what is no longer needed. They have {0} steps in all.',
      steps,
    ),
    t('It begins on {0} and takes about {1} days.', answers.startDate, days),
    skeleton.noReturn.step === null
      ? t('Nothing old is removed; every step can be taken back.')
      : t('Until step {0} everything can be taken back without losing data.', skeleton.noReturn.step),
  ];
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function scopeOf(request: StandalonePlan): ScopeSection {
  const { head, answers, database, takenAt } = request;
  const row = (what: string, said: string | null): ScopeSection['rows'][number] =>
    said === null
      ? { what, answer: unsaid(head), source: t('nobody has said it') }
      : { what, answer: said, source: t('said by the author') };
  const measured = answers.dataVolume === null ? dataVolume(request) : null;
  return {
    takenAt: database === null ? null : takenAt,
    rows: [
      row(t('Systems'), answers.systems),
      row(t('Users'), answers.users),
      measured === null
        ? row(t('Data volume'), answers.dataVolume)
        : { what: t('Data volume'), answer: measured, source: t('the catalog of the database') },
      row(t('Expected downtime'), answers.downtime),
    ],
    numbers: database === null ? [] : databaseNumbers(database),
    statements: [],
    dependents: [],
    graph: null,
    codeReferences: [],
    codeReferencesMore: null,
  };
}

/** null where neither a person nor a database has said it. */
function dataVolume({ answers, database }: StandalonePlan): string | null {
  if (answers.dataVolume !== null) return answers.dataVolume.trim().replace(/\.$/, '');
  if (database === null) return null;
  return t('at most {0}, the whole database {1}', bytesText(database.bytes), database.name);
}

function databaseNumbers(database: KnownDatabase): ScopeSection['numbers'] {
  return [
    { what: t('Database'), number: t('{0}, PostgreSQL {1}', database.label, database.version) },
    { what: t('Size of the database'), number: bytesText(database.bytes) },
    ...database.largestTables.map(({ name, rows, bytes }) => ({
      what: t('Table {0}', name),
      number: t(
        '{0}, {1} with indexes',
        rows === null ? t('rows not known') : rowsText(rows),
        bytesText(bytes),
      ),
    })),
  ];
}

function timelineRows({ days, deprecationDays }: Skeleton): Omit<TimelineRow, 'start' | 'end'>[] {
  return [
    {
      id: 'planning',
      title: t('Planning'),
      days: days.planning,
      what: t('Read this plan, settle what is open, have it approved.'),
    },
    {
      id: 'development',
      title: t('Development'),
      days: days.development,
      what: t('Write the scripts and releases, with their rollbacks and proofs.'),
    },
    {
      id: 'testing',
      title: t('Testing'),
      days: days.testing,
      what: t('Run all of it on staging: forward, back, forward again.'),
    },
    {
      id: 'canary',
      title: t('Canary'),
      days: days.canary,
      what: t('Run the expand phase on the target; release to 5 %.'),
    },
    {
      id: 'full-rollout',
      title: t('Full rollout'),
      days: days.fullRollout,
      what: t('Release to 25, 50, 75 and 100 %; verify.'),
    },
    {
      id: 'clean-up',
      title: t('Clean-up'),
      days: days.cleanUp,
      what: removalWork(deprecationDays),
    },
  ];
}

function successCriteria(steps: readonly StepView[]): string[] {
  const proofs = steps
    .filter((step) => step.phase !== '')
    .map((step) => t('Step {0}, {1}: {2}', step.id, step.title, step.verification.replace(/\.$/, '')));
  return [
    ...proofs,
    t('The rollback has been tried on staging: forward, back and forward again'),
    t('All users and all data are on the new version'),
    t('Documentation is up to date, and the team has looked back'),
  ];
}
