import type { ChecklistLine } from './checklist-document';

/** A line of a checklist: its stable name, its words, and where the proof is found. */
export function line(id: string, text: string, evidence: string): ChecklistLine {
  return { id, text, evidence };
}
