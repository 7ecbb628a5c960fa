import { t } from '../../src/messages/translate';
import type { AssessmentView } from '../../src/protocol/assessment-state';
import { h, type Child } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button, link } from '../ui/components';
import { dependencyGraph } from '../ui/dependency-graph';
import { prerequisiteSections } from '../ui/prerequisites';
import { researchSection } from './research';
import { actions, badge, callout, disclosure, factList, listTable, section } from '../ui/sections';

/** What is there: server, table, dependents, code, risk. */
export function assessStation(page: Page): Child {
  const { assessment, connection, prerequisites } = page.state;
  if (!assessment) {
    return [
      h(
        'p',
        { key: 'nothing', class: 'quiet' },
        t('Nothing assessed yet. Switchback reads the server, the table and your code; it changes nothing.'),
      ),
      prerequisites ? prerequisiteSections(page, prerequisites) : null,
      actions(null, assessButton(page, t('Assess'), 'primary')),
    ];
  }
  return [
    h('p', { key: 'summary', class: 'lead' }, assessment.summary),
    assessment.blockers.length > 0
      ? callout(
          'bad',
          t('This stops the change'),
          h(
            'ul',
            null,
            assessment.blockers.map((blocker) => h('li', null, blocker)),
          ),
        )
      : null,
    assessment.sampled.map((sentence) => h('p', { key: `sampled:${sentence}` }, sentence)),
    riskSection(assessment),
    section(
      'type',
      t('Type of migration'),
      h('p', null, h('strong', null, assessment.type.title), ' – ', assessment.type.why),
      factList(assessment.type.facts),
    ),
    h(
      'div',
      { key: 'groups', class: 'columns' },
      assessment.groups.map((group) =>
        section(`group-${group.title}`.replaceAll(/\W+/g, '-'), group.title, factList(group.facts)),
      ),
    ),
    graphSection(page, assessment),
    section('tables', t('In detail'), assessment.tables.map(listTable)),
    codeSection(page, assessment),
    researchSection(page, assessment.research),
    h('p', { key: 'taken', class: 'quiet' }, assessment.takenAt),
    prerequisites ? prerequisiteSections(page, prerequisites) : null,
    actions(
      assessment.blockers.length > 0
        ? t('Resolve what stops the change, then assess again.')
        : t('Nothing is written until you scaffold.'),
      button({
        label: t('Create Plan'),
        appearance: 'primary',
        disabled: assessment.blockers.length > 0 || isBusy(page),
        onClick: () => page.send({ kind: 'create-plan' }),
      }),
      connection ? assessButton(page, t('Assess Again'), 'secondary') : null,
      connection && assessment.canSample
        ? button({
            label: t('Try a Batch…'),
            appearance: 'secondary',
            disabled: isBusy(page),
            onClick: () => page.send({ kind: 'sample-batches' }),
          })
        : null,
    ),
  ];
}

function assessButton(page: Page, label: string, appearance: 'primary' | 'secondary'): Child {
  return button({
    label,
    appearance,
    disabled: isBusy(page) || page.state.connection === null || page.state.change.sentence === null,
    onClick: () => page.send({ kind: 'assess' }),
  });
}

function riskSection(assessment: AssessmentView): Child {
  const { risk } = assessment;
  return section(
    'risk',
    t('Risk'),
    h('p', null, badge(risk.title, risk.tone)),
    h(
      'ol',
      { class: 'reasons' },
      risk.reasons.map((reason) =>
        h(
          'li',
          null,
          h(
            'div',
            { class: 'reason-head' },
            badge(reason.level, reason.tone),
            h('strong', null, reason.sentence),
          ),
          h('p', null, h('span', { class: 'quiet' }, t('Seen:')), ' ', reason.evidence),
          h('p', null, h('span', { class: 'quiet' }, t('The plan:')), ' ', reason.mitigation),
        ),
      ),
    ),
  );
}

function graphSection(page: Page, { graph }: AssessmentView): Child {
  if (graph === null) return null;
  return section(
    'graph-section',
    t('What depends on it'),
    dependencyGraph(graph, (id) => page.send({ kind: 'open-dependent', id })),
  );
}

type CodeReferenceView = AssessmentView['code']['references'][number];

function codeSection(page: Page, assessment: AssessmentView): Child {
  const { code } = assessment;
  const groups = [...new Set(code.references.map(({ group }) => group))];
  return section(
    'code',
    t('In your code'),
    h('p', null, code.summary),
    groups.map((group) => {
      const references = code.references.filter((reference) => reference.group === group);
      return disclosure(
        `code-${group}`.replaceAll(/\W+/g, '-'),
        t('{0} ({1})', group, references.length),
        code.references.length <= 20,
        h(
          'ul',
          { class: 'references' },
          references.map((reference) => codePlace(page, reference)),
        ),
      );
    }),
  );
}

function codePlace(page: Page, { path, label, line, mentions, text }: CodeReferenceView): Child {
  return h(
    'li',
    null,
    link(`${label}:${line}`, () => page.send({ kind: 'open-file', path, line })),
    h('span', { class: 'quiet' }, ` ${mentions}`),
    h('code', { class: 'excerpt' }, text),
  );
}
