import type { Change } from '../../assess/change';
import type { ChangeDraft } from '../../protocol/wizard-state';

/** An empty form. */
export function emptyDraft(kind: Change['kind'] = 'rename-column'): ChangeDraft {
  return { kind, table: '', values: {}, dualWrite: 'trigger' };
}
