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
      h('span', { class: 'quiet' }, connectionDetail(connection)),
    ),
    button({
      label: t('Change…'),
      name: t('Change… Connection'),
      onClick: () => page.send({ kind: 'pick-connection' }),
    }),
  );
}

function connectionDetail({ label, engine }: NonNullable<WizardState['connection']>): string {
  return label === '' ? ` · ${engine}` : ` ${label} · ${engine}`;
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
            after: stateSuffix(item.state),
            class: 'step-button',
            disabled: item.state === 'locked',
            icon: stepMark(index + 1, item.state),
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

type StationState = WizardState['stations'][number]['state'];

function stepMark(number: number, state: StationState): Child {
  const done = state === 'done';
  return h(
    'span',
    { key: `mark:${state}`, class: 'step-mark' },
    done ? icon('check') : null,
    h('span', { class: done ? 'visually-hidden' : '' }, `${number} `),
  );
}

/** Said, not shown: the sign shows it. */
function stateSuffix(state: StationState): Child {
  switch (state) {
    case 'done':
      return h('span', { key: 'suffix', class: 'visually-hidden' }, t(', done'));
    case 'locked':
      return h('span', { key: 'suffix', class: 'visually-hidden' }, t(', not yet available'));
    case 'current':
    case 'open':
      return null;
  }
}

function messages(page: Page): ElementNode {
  const { busy, notice, problem, trusted } = page.state;
  return h(
    'section',
    { key: 'messages', class: 'messages', attributes: { 'aria-label': t('Messages') } },
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
