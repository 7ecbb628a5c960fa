import { t } from '../../src/messages/translate';
import type { RehearsalView, ReportView } from '../../src/protocol/wizard-state';
import { h, type Child } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button, link } from '../ui/components';
import { actions, badge, callout, disclosure, section } from '../ui/sections';
import { sqlBlock } from '../ui/sql-block';

/** Prove it: checks on the data, rehearsal of the way back. */
export function verifyStation(page: Page): Child {
  const { report, rehearsal, run } = page.state;
  return [
    report
      ? reportSection(page, report)
      : h(
          'p',
          { key: 'nothing', class: 'quiet' },
          t(
            'Not verified yet. Switchback compares the data, looks at each constraint and rehearses the way back.',
          ),
        ),
    rehearsal ? rehearsalSection(rehearsal) : null,
    actions(
      report ? t('Verify as often as you like; it reads only.') : null,
      button({
        label: t('Verify'),
        appearance: 'primary',
        disabled: isBusy(page) || run === null,
        onClick: () => page.send({ kind: 'verify' }),
      }),
      button({
        label: t('Rehearse Rollback'),
        disabled: isBusy(page),
        onClick: () => page.send({ kind: 'rehearse' }),
      }),
    ),
  ];
}

function reportSection(page: Page, report: ReportView): Child {
  return [
    callout(
      report.tone,
      report.verdict,
      h(
        'p',
        null,
        `${report.database}, ${report.takenAt}. `,
        report.path
          ? link(t('Open report.md'), () =>
              page.send({ kind: 'open-file', path: report.path ?? '', line: null }),
            )
          : null,
      ),
    ),
    section(
      'checks',
      t('Checks'),
      h(
        'ul',
        { class: 'checks' },
        report.checks.map((check) => checkItem(page, check)),
      ),
    ),
  ];
}

function checkItem(page: Page, check: ReportView['checks'][number]): Child {
  const { sql } = check;
  return h(
    'li',
    { key: check.id, class: 'check' },
    h(
      'div',
      { class: 'step-head' },
      badge(check.verdict, check.tone),
      h('h4', null, check.title),
      h('span', { class: 'quiet' }, check.time),
    ),
    h('p', { class: 'step-detail' }, check.evidence),
    sql
      ? disclosure(
          'query',
          h(
            'span',
            null,
            t('Query'),
            h('span', { class: 'visually-hidden' }, ` ${t('of {0}', check.title)}`),
          ),
          false,
          sqlBlock({
            name: t('Query of {0}', check.title),
            sql,
            onCopy: () => page.send({ kind: 'copy', text: sql }),
            onOpen: () => page.send({ kind: 'open-text', title: check.title, sql }),
          }),
        )
      : null,
  );
}

function rehearsalSection(rehearsal: RehearsalView): Child {
  return section(
    'rehearsal',
    t('Rehearsal of the rollback'),
    h(
      'p',
      null,
      badge(rehearsal.verdict, rehearsal.tone),
      ' ',
      h('span', { class: 'quiet' }, rehearsal.shadow),
    ),
    h(
      'ul',
      { class: 'checks' },
      rehearsal.migrations.map((migration) =>
        h(
          'li',
          { key: migration.title, class: 'check' },
          h(
            'div',
            { class: 'step-head' },
            badge(migration.verdict, migration.tone),
            h('h4', null, migration.title),
            h('span', { class: 'quiet' }, migration.time),
          ),
          migration.detail ? h('p', { class: 'step-detail' }, migration.detail) : null,
        ),
      ),
    ),
  );
}
