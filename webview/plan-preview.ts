import {
  parsePreviewContent,
  type PreviewRequest,
  type PreviewState,
} from '../src/protocol/preview-messages';

interface HostApi {
  postMessage(message: PreviewRequest): void;
  setState(state: PreviewState): void;
}
declare function acquireVsCodeApi(): HostApi;

/** Shows what the host sends; the place on the page stays, so that typing does not move it. */
function start(main: Element, host: HostApi): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const content = parsePreviewContent(event.data);
    if (!content) return;
    host.setState(content.state);
    const place = window.scrollY;
    main.innerHTML = content.html;
    window.scrollTo({ top: place, behavior: 'instant' });
  });
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('a') : null;
    const address = target?.getAttribute('href') ?? '';
    // What has a scheme VS Code opens itself.
    if (address === '' || address.startsWith('#') || /^[a-z][a-z0-9+.-]*:/i.test(address)) return;
    event.preventDefault();
    host.postMessage({ kind: 'open', path: address });
  });
  host.postMessage({ kind: 'ready' });
}

const main = document.querySelector('main');
if (main) start(main, acquireVsCodeApi());
