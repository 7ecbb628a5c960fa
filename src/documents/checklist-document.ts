import type { DocumentDatabase, DocumentHead } from './plan-document';
import type { Thresholds } from './thresholds';

/** What checklist.md is filled from: plain values, nothing escaped. */
export interface ChecklistDocument {
  plan: DocumentHead;
  database: DocumentDatabase | null;
  /** Names the database whose evidence ticks lines, as one word; null where no tick comes by itself. */
  tickedFor: string | null;
  sections: ChecklistSection[];
}

export interface ChecklistSection {
  id: 'before' | 'during' | 'monitoring' | 'verification' | 'after' | 'clean-up' | 'success';
  title: string;
  /** When to go through it, in a sentence. */
  when: string;
  items: ChecklistItem[];
}

export interface ChecklistItem {
  /** Stable, one word: names the line in the file, so that its tick can be set later. */
  id: string;
  text: string;
  /** Where the proof is found. */
  evidence: string;
  ticked: boolean;
}

/** A line before it is known whether it is done. */
export type ChecklistLine = Omit<ChecklistItem, 'ticked'>;

/** What a checklist depends on. */
export interface ChecklistFeatures {
  /** Plan, runbook and verify.sql lie beside it; else their names are written out. */
  withPlan: boolean;
  /** Scripts may carry it out; else only the editor and the command line do. */
  withScripts: boolean;
  /** Callers reach the change through an interface of theirs: endpoints, messages, files. */
  interface: boolean;
  /** Something old goes in the end. */
  removesOld: boolean;
  backfill: boolean;
  flag: boolean;
  deprecationDays: number;
  roles: readonly string[];
  thresholds: Thresholds;
}
