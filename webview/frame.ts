import { t } from '../src/messages/translate';
import type { StationId, WizardState } from '../src/protocol/wizard-state';
import { h, type Child, type ElementNode } from './dom/element';
import type { Page } from './page';
import { assessStation } from './stations/assess';
import { changeStation } from './stations/change';
import { contractStation } from './stations/contract';
import { implementStation } from './stations/implement';
import { planStation } from './stations/plan';
import { verifyStation } from './stations/verify';
import { button, link } from './ui/components';
import { icon } from './ui/icons';
import { badge, callout } from './ui/sections';

/** The whole page: head, stepper, what goes on, and the station. */
export function renderPage(page: Page): Child {
  const current = page.state.stations.find((station) => station.id === page.state.station);
  return [
    head(page),
    stepper(page),
    messages(page),
    h(
      'main',
      { key: `station:${page.state.station}`, attributes: { 'aria-labelledby': 'station-title' } },
      h('h2', { attributes: { id: 'station-title', tabindex: -1 } }, current?.title ?? ''),
      station(page),
    ),
  ];
}

function station(page: Page): Child {
  switch (page.state.station) {
    case 'change':
      return changeStation(page);
    case 'assess':
      return assessStation(page);
    case 'plan':
      return planStation(page);
    case 'implement':
      return implementStation(page);
    case 'verify':
      return verifyStation(page);
    case 'contract':
      return contractStation(page);
  }
}

function head(page: Page): ElementNode {
  const { state } = page;
  return h(
    'header',
    { key: 'head', class: 'head' },
    h(
      'div',
      { class: 'head-title' },
      h('h1', null, state.title),
      h('span', { class: 'quiet' }, state.planState),
    ),
    connectionChip(page, state),
  );
}

function connectionChip(page: Page, state: WizardState): ElementNode {
  const { connection } = state;
  if (!connection) {
    return h(
      'div',
      { key: 'connection', class: 'connection' },
      icon('database'),
      h('span', { class: 'quiet' }, t('Not connected')),
      button({ label: t('Connect…'), onClick: () => page.send({ kind: 'pick-connection' }) }),
    );
  }
  return h(
    'div',
    { key: 'connection', class: `connection environment-${connection.environment}` },
    icon('database'),
    h('span', { class: 'environment' }, environmentWord(connection.environment)),
    h(
      'span',
      { class: 'connection-name' },
      connection.name,
      h('span', { class: 'quiet' }, ` ${connection.label} · ${connection.engine}`),
    ),
    button({
      label: t('Change…'),
      name: t('Change… Connection'),
      onClick: () => page.send({ kind: 'pick-connection' }),
    }),
  );
}

function environmentWord(environment: NonNullable<WizardState['connection']>['environment']): string {
  switch (environment) {
    case 'development':
      return t('Development');
    case 'staging':
      return t('Staging');
    case 'production':
      return t('Production');
  }
}

function stepper(page: Page): ElementNode {
  const { stations } = page.state;
  return h(
    'nav',
    { key: 'stepper', attributes: { 'aria-label': t('Stations') } },
    h(
      'ol',
      { class: 'stepper' },
      stations.map((item, index) =>
        h(
          'li',
          {
            key: item.id,
            class: `step is-${item.state}`,
            attributes: { 'aria-current': item.id === page.state.station ? 'step' : null },
          },
          button({
            label: item.title,
            name: stationName(index + 1, item.title, item.state),
            class: 'step-button',
            disabled: item.state === 'locked',
            icon: h(
              'span',
              { key: `mark:${item.state}`, class: 'step-mark', attributes: { 'aria-hidden': 'true' } },
              item.state === 'done' ? icon('check') : String(index + 1),
            ),
            onClick: () => goTo(page, item.id),
          }),
        ),
      ),
    ),
  );
}

function goTo(page: Page, id: StationId): void {
  if (id !== page.state.station) page.send({ kind: 'go', station: id });
}

function stationName(number: number, title: string, state: WizardState['stations'][number]['state']): string {
  switch (state) {
    case 'done':
      return t('Station {0}: {1}, done', number, title);
    case 'locked':
      return t('Station {0}: {1}, not yet available', number, title);
    case 'current':
    case 'open':
      return t('Station {0}: {1}', number, title);
  }
}

function messages(page: Page): ElementNode {
  const { busy, notice, problem, trusted } = page.state;
  return h(
    'div',
    { key: 'messages', class: 'messages' },
    trusted
      ? null
      : callout(
          'notice',
          t('This workspace is not trusted.'),
          h(
            'p',
            null,
            t('Nothing can be connected or run.'),
            ' ',
            link(t('Manage Workspace Trust'), () => page.send({ kind: 'manage-trust' })),
          ),
        ),
    h(
      'div',
      { key: 'problem', attributes: { role: 'alert' } },
      problem
        ? callout('bad', t('That did not work'), h('p', null, problem.sentence), problemButtons(page))
        : null,
    ),
    h(
      'div',
      { key: 'status', class: 'status', attributes: { role: 'status' } },
      busy ? h('span', { class: 'busy' }, busy.message) : null,
      notice && !busy ? badge(notice, 'good') : null,
    ),
    busy
      ? h(
          'div',
          { key: 'busy', class: 'progress-row' },
          h('progress', { attributes: { max: 1, value: busy.share, 'aria-label': busy.message } }),
          busy.cancellable
            ? button({
                label: t('Stop'),
                name: t('Stop: {0}', busy.message),
                onClick: () => page.send({ kind: 'cancel' }),
              })
            : null,
        )
      : null,
  );
}

function problemButtons(page: Page): ElementNode {
  return h(
    'div',
    { class: 'buttons' },
    button({ label: t('Show Log'), onClick: () => page.send({ kind: 'show-log' }) }),
    button({ label: t('Dismiss'), onClick: () => page.send({ kind: 'dismiss-problem' }) }),
  );
}
