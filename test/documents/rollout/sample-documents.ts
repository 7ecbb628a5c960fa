import path from 'node:path';
import {
  announcementDocument,
  changelogDocument,
  planCalendar,
  pullRequestDocument,
  ticketDocument,
  type PlanDocumentFacts,
} from '../../../src/journey/plan-document-contexts';
import { calendarText } from '../../../src/documents/rollout/calendar';
import { rolloutPhases } from '../../../src/documents/rollout/document-names';
import { sealRegions } from '../../../src/documents/rollout/sealed-regions';
import { nodeFiles } from '../../../src/ports/node-files';
import { renderTemplate } from '../../../src/templates/engine';
import { samplePlan, type SampleNames } from '../../implement/scaffold/sample-plan';

const shippedFolder = path.resolve(__dirname, '../../../templates');

/** What is known of the sample plan: expand done, migrate under way with a failed step, contract waiting. */
export function sampleFacts(names: SampleNames): PlanDocumentFacts {
  const plan = samplePlan(names);
  const record = { by: 'switchback', error: null, backfill: null };
  return {
    plan,
    state: 'migrating',
    folder: `plans/${plan.id}`,
    scope: { systems: names.view, users: names.from, downtime: null, deadline: '2026-06-30' },
    releases: [
      {
        step: '01-add-column',
        version: '000042',
        name: 'add_column',
        up: { path: 'db/migrations/000042_add_column.up.sql', sha256: 'a'.repeat(64) },
        down: null,
      },
    ],
    environments: {
      [names.to]: {
        databaseId: null,
        phase: 'migrate',
        evidence: [],
        steps: [
          {
            id: '01-add-column',
            state: 'done',
            startedAt: '2026-03-08T10:00:00Z',
            finishedAt: '2026-03-08T10:00:01Z',
            ...record,
          },
          {
            id: '02-backfill',
            state: 'failed',
            startedAt: '2026-03-09T10:00:00Z',
            finishedAt: '2026-03-09T10:05:00Z',
            ...record,
          },
        ],
      },
      staging: { databaseId: null, phase: null, evidence: [], steps: [] },
    },
    risks:
      'The overall risk is medium.\n\n| Risk | Likelihood | Impact | Mitigation | Evidence |\n|---|---|---|---|---|\n| The table is large. | low | medium | Short batches. | 200,000 rows |',
    evidence: [
      {
        what: 'Rehearsal of the way back',
        verdict: 'passed',
        at: '2026-03-05T00:00:00Z',
        by: names.from,
        detail: `8 steps, for ${names.to}`,
      },
      {
        what: 'Approval: Tech lead',
        verdict: 'not yet',
        at: null,
        by: null,
        detail: 'Nothing is on record.',
      },
    ],
  };
}

/** The Markdown documents around the sample plan, by name. */
export async function sampleDocuments(names: SampleNames): Promise<Map<string, string>> {
  const facts = sampleFacts(names);
  const render = async (template: string, context: object): Promise<string> =>
    sealRegions(
      await renderTemplate({
        name: `rollout/${template}.md.hbs`,
        context,
        shippedFolder,
        overrideFolder: null,
        files: nodeFiles(),
      }),
    );
  const lint = {
    summary: 'Errors: 1, warnings: 0, in the 3 migration files of the plan.',
    findings: [
      {
        file: `db/${names.from}`,
        line: 3,
        severity: 'error',
        rule: 'drop-column',
        message: `It drops ${names.to}.`,
      },
    ],
  };
  const documents = new Map<string, string>();
  for (const phase of rolloutPhases) {
    documents.set(`${phase}.ticket.md`, await render('ticket', ticketDocument(facts, phase)));
    documents.set(
      `${phase}.announcement.md`,
      await render('announcement', announcementDocument(facts, phase)),
    );
  }
  documents.set('pull-request.md', await render('pull-request', pullRequestDocument(facts, lint)));
  documents.set('changelog.md', await render('changelog', changelogDocument(facts)));
  return documents;
}

/** The calendar of the sample plan. */
export function sampleCalendar(names: SampleNames): string {
  return calendarText(planCalendar(sampleFacts(names)), { sequence: 0, at: '2026-03-04T05:06:07Z' });
}
