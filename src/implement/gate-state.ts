import { t } from '../messages/translate';
import type { Evidence, Gate, GateKind } from '../plan/plan';

/** A gate whose state was read at that moment, and by nobody. */
export function readGate(kind: GateKind, state: Gate['state'], reason: string): Gate {
  return { kind, state, reason, by: null, at: null };
}

/** A gate whose state somebody or something has recorded. */
export function fromEvidence(kind: GateKind, evidence: Evidence, state: Gate['state'], reason: string): Gate {
  return { kind, state, reason, by: evidence.by, at: evidence.at };
}

/** What was said when it was recorded. */
export function reasonOf(evidence: Evidence): string {
  const { reason } = evidence.details;
  return typeof reason === 'string' && reason !== '' ? reason : t('no reason given');
}
