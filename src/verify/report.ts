import type { Rehearsal } from '../rehearse/rehearsal';

/** What was verified, with its evidence; report.md is rendered from it. */
export interface Report {
  planId: string;
  takenAt: string;
  database: { label: string; environment: string; version: string };
  verdict: 'passed' | 'failed';
  checks: ReportCheck[];
  rehearsal: Rehearsal | null;
  /** On what rows of the database the plan, as it is, was rehearsed before, in words; absent where it was on none. */
  rehearsedBefore?: string;
}

export interface ReportCheck {
  id: string;
  title: string;
  verdict: 'passed' | 'failed' | 'not-run';
  /** What was seen: counts, names, times. */
  evidence: string;
  /** The query anybody can run again; null for checks that are not SQL. */
  sql: string | null;
  milliseconds: number;
}
