import './styles.css';
import { configureTranslations } from '../src/messages/translate';
import { parseHostMessage, type PageRequest } from '../src/protocol/messages';
import { pageTranslations } from '../src/protocol/page-translations';
import type { ChangeDraft, PanelState, WizardState } from '../src/protocol/wizard-state';
import { createView } from './dom/render';
import { renderPage } from './frame';
import { defineComponents } from './ui/components';

interface HostApi {
  postMessage(message: PageRequest): void;
  setState(state: PanelState): void;
}
declare function acquireVsCodeApi(): HostApi;

const editDelayMilliseconds = 150;

/** Connects page and host: snapshots in, requests out; the form being typed lives here. */
function start(container: Element, host: HostApi): void {
  const show = createView(container);
  let state: WizardState | null = null;
  let draft: ChangeDraft | null = null;
  let revision = 0;
  let pendingEdit: ReturnType<typeof setTimeout> | null = null;

  const flushEdit = (): void => {
    if (pendingEdit === null) return;
    clearTimeout(pendingEdit);
    pendingEdit = null;
    if (draft) host.postMessage({ kind: 'edit-change', draft, revision });
  };
  const send = (request: PageRequest): void => {
    flushEdit();
    host.postMessage(request);
  };
  const editDraft = (changes: Partial<ChangeDraft>): void => {
    if (!draft) return;
    draft = { ...draft, ...changes };
    revision += 1;
    if (pendingEdit !== null) clearTimeout(pendingEdit);
    pendingEdit = setTimeout(flushEdit, editDelayMilliseconds);
    render();
  };
  const render = (): void => {
    if (state && draft) show(renderPage({ state, draft, editDraft, send }));
  };

  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = parseHostMessage(event.data);
    if (!message) return;
    const station = state?.station;
    switch (message.kind) {
      case 'state':
        state = message.state;
        host.setState(message.panel);
        if (draft === null || message.state.change.revision >= revision) {
          draft = message.state.change.draft;
          revision = message.state.change.revision;
        }
        break;
      case 'run':
        if (state) state = { ...state, run: message.run };
        break;
    }
    render();
    if (station !== undefined && state && state.station !== station) focusStation(container);
  });
  host.postMessage({ kind: 'ready' });
}

/** After a change of station, reading and tabbing go on from its heading. */
function focusStation(container: Element): void {
  container.querySelector<HTMLElement>('#station-title')?.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

configureTranslations(pageTranslations(document));
defineComponents();
const app = document.getElementById('app');
if (app) start(app, acquireVsCodeApi());
