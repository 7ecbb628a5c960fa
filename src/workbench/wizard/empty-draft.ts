import type { SingleChange } from '../../assess/change';
import type { ChangeDraft } from '../../protocol/wizard-state';

/** An empty form. */
export function emptyDraft(kind: SingleChange['kind'] = 'rename-column'): ChangeDraft {
  return { kind, table: '', values: {}, others: [], dualWrite: 'trigger' };
}
