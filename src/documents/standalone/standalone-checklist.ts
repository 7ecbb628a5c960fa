import type { ChecklistDocument } from '../checklist-document';
import { checklistSections } from '../checklist-sections';
import type { DocumentHead } from '../plan-document';
import type { Thresholds } from '../thresholds';
import type { ChecklistAnswers, KnownDatabase } from './answers';

export interface StandaloneChecklist {
  head: DocumentHead;
  answers: ChecklistAnswers;
  database: KnownDatabase | null;
  thresholds: Thresholds;
}

/** What checklist.md is filled from where there is no plan behind it. Pure. */
export function standaloneChecklist({
  head,
  answers,
  database,
  thresholds,
}: StandaloneChecklist): ChecklistDocument {
  const { changeType, backfill, flag, deprecationDays, roles } = answers;
  return {
    plan: head,
    database: database && { label: database.label, environment: database.environment },
    tickedFor: null,
    sections: checklistSections(
      {
        withPlan: false,
        withScripts: true,
        interface: changeType === 'api-breaking-change' || changeType === 'system-migration',
        removesOld: changeType !== 'schema-additive',
        backfill,
        flag,
        deprecationDays,
        roles,
        thresholds,
      },
      { before: [], during: [] },
      new Set(),
    ),
  };
}
