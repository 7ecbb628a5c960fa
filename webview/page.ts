import type { PageRequest } from '../src/protocol/messages';
import type { ChangeDraft, WizardState } from '../src/protocol/wizard-state';

/** What a station is rendered from: the host's snapshot, the form being typed, and the way back. */
export interface Page {
  state: WizardState;
  /** The change as typed; newer than the host's until it answered. */
  draft: ChangeDraft;
  editDraft: (changes: Partial<ChangeDraft>) => void;
  send: (request: PageRequest) => void;
}

/** True while the host works on something; actions are then refused by it anyway. */
export function isBusy(page: Page): boolean {
  return page.state.busy !== null;
}
