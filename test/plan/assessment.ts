import { assessTogether } from '../../src/assess/assess-together';
import type { Assessment, PartAssessment } from '../../src/assess/assessment';
import type { Change, SingleChange } from '../../src/assess/change';
import { partsOf } from '../../src/assess/several-changes';
import { checkColumns } from '../../src/assess/check-input';
import { findingsOf } from '../../src/assess/assess';
import { readSubject } from '../../src/assess/subject-facts';
import { assessThere, type WaitingChange } from '../../src/journey/assess-in-turn';
import { isSwitchbackError } from '../../src/messages/error';
import { loadParser } from '../../src/sql/parser';
import type { Session } from '../../src/database/session';

/**
 * An assessment of a real table; what recipes do not read is plain. `there` is another database with the same schema, for
 * changes that need what others of the plan make.
 */
export async function assessmentOf(session: Session, change: Change, there?: Session): Promise<Assessment> {
  const found: PartAssessment[] = [];
  const waiting: WaitingChange[] = [];
  for (const part of partsOf(change)) {
    try {
      found.push(await (there ? checkedAssessmentOf : partAssessmentOf)(session, part));
    } catch (error) {
      if (!there || !isSwitchbackError(error, 'not-found')) throw error;
      waiting.push({ change: part, error });
    }
  }
  const { signal } = new AbortController();
  const assess = checkedAssessmentOf;
  const later = there ? await assessThere(session, there, { found, waiting, assess }, signal) : [];
  return assessTogether([...found, ...later]);
}

async function checkedAssessmentOf(session: Session, change: SingleChange): Promise<PartAssessment> {
  checkColumns(change, await readSubject(session, change));
  return partAssessmentOf(session, change);
}

async function partAssessmentOf(session: Session, change: SingleChange): Promise<PartAssessment> {
  const table = await readSubject(session, change);
  const signal = new AbortController().signal;
  const findings = await findingsOf(change, { session, parser: await loadParser(), table, signal });
  return {
    change,
    ...findings,
    takenAt: '2026-01-01T00:00:00.000Z',
    database: { label: 'test on localhost', name: 'test', environment: 'development', engine: 'postgres' },
    server: {
      version: session.facts.version,
      major: session.facts.major,
      databaseBytes: 0,
      replicas: [],
      slots: [],
      longTransactions: [],
      clients: [],
      disk: { heapBytes: 0, indexBytes: 0, walBytes: 0, freeBytes: null },
      lockSlots: { available: 6400, needed: 1 },
    },
    table,
    load: null,
    dependencies: null,
    codeReferences: { references: [], filesSearched: 0, truncated: false },
    migrationType: {
      id: 'schema-destructive',
      title: '',
      complexity: 'high',
      risk: 'high',
      duration: '',
      why: '',
    },
    risk: { level: 'low', reasons: [] },
  };
}
