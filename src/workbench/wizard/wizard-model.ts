import path from 'node:path';
import type { Assessment } from '../../assess/assessment';
import { noPlanAnswers, type PlanAnswers } from '../../assess/plan-answers';
import type { Prerequisite } from '../../assess/prerequisites';
import type { ScopeProposal } from '../../assess/scope-proposal';
import type { LoadedPlan } from '../../implement/scaffold/plan-file';
import type { Database } from '../../journey/database';
import type { PlanSketch } from '../../journey/sketch-plan';
import type { PlanStanding } from '../../journey/outcomes';
import { emptyOutline, type TableOutline, type TableSummary } from '../../journey/tables';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import {
  defaultPlanOptions,
  phaseOf,
  type BackfillProgress,
  type PhaseName,
  type Plan,
  type PlanOptions,
} from '../../plan/plan';
import type { Rehearsal } from '../../rehearse/rehearsal';
import {
  stationIds,
  type BusyView,
  type ChangeDraft,
  type LogEntry,
  type RunView,
  type StationId,
  type WizardState,
} from '../../protocol/wizard-state';
import type { Report } from '../../verify/report';
import { assessmentView } from './assessment-view';
import { changeOf, changeView } from './change-view';
import { connectionView } from './connection-view';
import { planStateWord } from '../../documents/plan-state-word';
import { contractView, runView } from './run-view';
import { planView } from './plan-view';
import { prerequisitesView } from './prerequisites-view';
import { rehearsalView, reportView } from './report-view';
import { describeChange } from '../../assess/change';

/** All that a wizard knows; the page's snapshot is computed from it. */
export interface WizardModel {
  station: StationId;
  draft: ChangeDraft;
  revision: number;
  changeProblems: Record<string, string>;
  /** What a plan of the form's change would do; null until that is read. */
  sketch: (PlanSketch & { note: string | null }) | null;
  tables: TableSummary[];
  /** The table whose outline this is. */
  outlineOf: string;
  outline: TableOutline;
  assessment: Assessment | null;
  /** The plan the assessment would give, while none is made. */
  preview: Plan | null;
  answers: PlanAnswers;
  /** How many of the user's words are on their way into plan.md. */
  answersToKeep: number;
  /** As typed; its problem is shown. null while what is typed is a day or nothing. */
  wrongDeadline: string | null;
  scopeProposal: ScopeProposal | null;
  prerequisites: Prerequisite[];
  /** Who approves plans in this workspace. */
  approvalRoles: readonly string[];
  /** The plan as its folder has it. */
  loaded: LoadedPlan | null;
  plan: Plan | null;
  planNotes: string[];
  planOptions: PlanOptions;
  optionProblems: Record<string, string>;
  migrationFolders: string[];
  layoutTitle: string;
  /** Relative to the workspace folder. */
  plansFolder: string;
  documents: { label: string; path: string }[];
  /** Absolute path of the plan's folder; null until it is scaffolded. */
  planFolder: string | null;
  standing: PlanStanding | null;
  backfill: { step: string; progress: BackfillProgress } | null;
  dryRun: RunView['dryRun'];
  log: LogEntry[];
  report: Report | null;
  rehearsal: Rehearsal | null;
  busy: BusyView | null;
  problem: { sentence: string; station: StationId } | null;
  notice: string | null;
}

/** A wizard with nothing in it but a form. */
export function newModel(draft: ChangeDraft, station: StationId = 'change'): WizardModel {
  return {
    station,
    draft,
    revision: 0,
    changeProblems: {},
    sketch: null,
    tables: [],
    outlineOf: '',
    outline: emptyOutline,
    assessment: null,
    preview: null,
    answers: noPlanAnswers,
    answersToKeep: 0,
    wrongDeadline: null,
    scopeProposal: null,
    prerequisites: [],
    approvalRoles: [],
    loaded: null,
    plan: null,
    planNotes: [],
    planOptions: { ...defaultPlanOptions, dualWrite: draft.dualWrite },
    optionProblems: {},
    migrationFolders: [],
    layoutTitle: '',
    plansFolder: '',
    documents: [],
    planFolder: null,
    standing: null,
    backfill: null,
    dryRun: null,
    log: [],
    report: null,
    rehearsal: null,
    busy: null,
    problem: null,
    notice: null,
  };
}

/** Takes the form as typed; what was assessed, planned and said was of another change. */
export function changeInto(model: WizardModel, draft: ChangeDraft, revision: number): void {
  const same = JSON.stringify(model.draft) === JSON.stringify(draft);
  model.draft = draft;
  model.revision = revision;
  model.changeProblems = {};
  if (same) return;
  model.assessment = null;
  model.preview = null;
  model.plan = null;
  model.answers = noPlanAnswers;
  model.prerequisites = [];
}

/** The phase of the step that comes next. Throws `already-done` when there is none. */
export function comingPhase({ standing }: WizardModel): PhaseName {
  const phase = standing?.next ? phaseOf(standing.plan, standing.next.id) : undefined;
  if (phase) return phase.name;
  throw new SwitchbackError(
    'already-done',
    t('Every step of this plan is done. There is nothing left to apply.'),
  );
}

export interface SnapshotSurroundings {
  database: Database | null;
  trusted: boolean;
  /** Absolute path of the workspace folder. */
  root: string;
}

/** The page's state. */
export function snapshot(model: WizardModel, around: SnapshotSurroundings): WizardState {
  const { standing, plan } = model;
  const { database } = around;
  const production = database?.connection.environment === 'production';
  return {
    station: model.station,
    stations: stations(model),
    title: plan?.title ?? titleOf(model),
    planState: planStateText(model, database),
    trusted: around.trusted,
    connection: database ? connectionView(database) : null,
    busy: model.busy,
    problem: model.problem,
    notice: model.notice,
    change: changeView({
      draft: model.draft,
      revision: model.revision,
      tables: model.tables,
      outline: outlineFor(model),
      problems: model.changeProblems,
      sketch: model.sketch,
      locked: model.planFolder !== null,
    }),
    assessment: model.assessment
      ? assessmentView(model.assessment, model.plan ?? model.preview, (file) =>
          path.relative(around.root, path.resolve(around.root, file)).split(path.sep).join('/'),
        )
      : null,
    prerequisites: prerequisitesView(model),
    plan: plan
      ? planView({
          plan: { ...plan, options: model.planOptions },
          notes: model.planNotes,
          migrationFolders: model.migrationFolders,
          layoutTitle: model.layoutTitle || plan.layout.id,
          plansFolder: model.plansFolder,
          scaffolded: model.planFolder !== null,
          optionProblems: model.optionProblems,
          documents: model.documents,
        })
      : null,
    run: standing
      ? runView({
          standing,
          database: database?.sessions.label ?? null,
          backfill: model.backfill,
          dryRun: model.dryRun,
          log: model.log,
        })
      : null,
    report: model.report
      ? reportView(model.report, model.documents.find((item) => item.label === 'report.md')?.path ?? null)
      : null,
    rehearsal: rehearsalOf(model),
    contract: standing ? contractView(standing, production) : null,
  };
}

function planStateText({ standing, planFolder }: WizardModel, database: Database | null): string {
  if (standing && database)
    return t('{0} on {1}', planStateWord(standing.progress.state), database.connection.name);
  if (standing) return planStateWord(standing.progress.state);
  return planFolder === null ? t('Draft, not on disk') : t('On disk');
}

function rehearsalOf({ rehearsal, report }: WizardModel): WizardState['rehearsal'] {
  const shown = rehearsal ?? report?.rehearsal ?? null;
  return shown ? rehearsalView(shown) : null;
}

/** What the table in the form has; nothing while another table's is still known. */
export function outlineFor(model: WizardModel): TableOutline {
  return model.outlineOf === model.draft.table ? model.outline : emptyOutline;
}

function titleOf(model: WizardModel): string {
  const change = changeOf(model.draft, outlineFor(model));
  return change ? describeChange(change) : t('Plan a change');
}

function stationTitle(id: StationId): string {
  switch (id) {
    case 'change':
      return t('Change');
    case 'assess':
      return t('Assess');
    case 'plan':
      return t('Plan');
    case 'implement':
      return t('Implement');
    case 'verify':
      return t('Verify');
    case 'contract':
      return t('Contract');
  }
}

function stations(model: WizardModel): WizardState['stations'] {
  return stationIds.map((id) => ({
    id,
    title: stationTitle(id),
    state: isDone(model, id)
      ? 'done'
      : id === model.station
        ? 'current'
        : isOpen(model, id)
          ? 'open'
          : 'locked',
  }));
}

/** Whether a station can be gone to. */
export function isOpen(model: WizardModel, id: StationId): boolean {
  switch (id) {
    case 'change':
      return true;
    case 'assess':
      return (
        model.assessment !== null ||
        model.planFolder !== null ||
        changeOf(model.draft, outlineFor(model)) !== null
      );
    case 'plan':
      return model.plan !== null;
    case 'implement':
    case 'verify':
    case 'contract':
      return model.planFolder !== null;
  }
}

function isDone(model: WizardModel, id: StationId): boolean {
  const { standing } = model;
  switch (id) {
    case 'change':
      return model.assessment !== null || model.plan !== null;
    case 'assess':
      return model.plan !== null;
    case 'plan':
      return model.planFolder !== null;
    case 'implement': {
      if (!standing) return false;
      return standing.next === null || phaseOf(standing.plan, standing.next.id)?.name === 'contract';
    }
    case 'verify':
      return model.report?.verdict === 'passed';
    case 'contract':
      return standing?.progress.state === 'done';
  }
}
