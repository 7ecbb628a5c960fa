import { t } from '../../src/messages/translate';
import type { ChangeField, ChangeView } from '../../src/protocol/wizard-state';
import { h, type Child, type ElementNode } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button, checkbox, dropdown, link, radioGroup, textField } from '../ui/components';
import { actions, callout } from '../ui/sections';

/** What should change: recipe, table, names. Checked by the host on every edit. */
export function changeStation(page: Page): Child {
  const { change, connection } = page.state;
  return [
    connection === null ? notConnected(page) : null,
    change.locked
      ? h(
          'p',
          { key: 'locked', class: 'quiet' },
          t('The plan is on disk; its change is fixed. Make another plan for another change.'),
        )
      : null,
    radioGroup({
      id: 'recipe',
      label: t('Change'),
      value: page.draft.kind,
      options: change.recipes.map((recipe) => ({
        value: recipe.id,
        label: recipe.title,
        detail: recipe.description,
      })),
      onChange: (value) =>
        page.editDraft({ kind: value === 'rename-column' ? 'rename-column' : 'add-required-column' }),
      disabled: change.locked,
    }),
    h(
      'div',
      { key: 'form', class: 'form' },
      tableField(page),
      page.draft.kind === 'rename-column' ? renameFields(page) : addFields(page),
    ),
    actions(
      change.sentence ?? t('Fill in the form; each field says what is missing.'),
      button({
        label: t('Assess'),
        appearance: 'primary',
        disabled: change.sentence === null || connection === null || isBusy(page),
        onClick: () => page.send({ kind: 'assess' }),
      }),
    ),
  ];
}

function notConnected(page: Page): ElementNode {
  return callout(
    'notice',
    t('No database is connected.'),
    h(
      'p',
      null,
      t('Switchback reads the table and what depends on it before it plans anything.'),
      ' ',
      link(t('Connect to a Database'), () => page.send({ kind: 'pick-connection' })),
      ' ',
      t('or'),
      ' ',
      link(t('Use the Embedded Database'), () => page.send({ kind: 'use-embedded' })),
    ),
  );
}

function problemOf(change: ChangeView, field: ChangeField): string | undefined {
  return change.problems[field];
}

function tableField(page: Page): ElementNode {
  const { change } = page.state;
  return dropdown({
    id: 'table',
    label: t('Table'),
    value: page.draft.table,
    options: withChosen(
      change.tables.map((table) => ({
        value: table.value,
        label: table.detail ? `${table.value} (${table.detail})` : table.value,
      })),
      page.draft.table,
      t('Choose a table'),
    ),
    onChange: (table) => page.editDraft({ table, from: '' }),
    problem: problemOf(change, 'table'),
    disabled: change.locked,
  });
}

/** Keeps a chosen name that the list has not (yet): a draft opened before the database is. */
function withChosen(
  options: { value: string; label: string }[],
  chosen: string,
  empty: string,
): { value: string; label: string }[] {
  const missing = chosen !== '' && !options.some((option) => option.value === chosen);
  return [{ value: '', label: empty }, ...(missing ? [{ value: chosen, label: chosen }] : []), ...options];
}

function renameFields(page: Page): Child {
  const { change } = page.state;
  return [
    dropdown({
      id: 'old-name',
      label: t('Old name'),
      value: page.draft.from,
      options: withChosen(
        change.columns.map((column) => ({ value: column.name, label: `${column.name} (${column.detail})` })),
        page.draft.from,
        t('Choose a column'),
      ),
      onChange: (from) => page.editDraft({ from }),
      problem: problemOf(change, 'from'),
      disabled: change.locked,
    }),
    textField({
      id: 'new-name',
      label: t('New name'),
      value: page.draft.to,
      onInput: (to) => page.editDraft({ to }),
      problem: problemOf(change, 'to'),
      hint: t('Write it as it should be; Switchback quotes it where SQL needs that.'),
      disabled: change.locked,
    }),
  ];
}

function addFields(page: Page): Child {
  const { change } = page.state;
  const byDefault = page.draft.fillBy === 'default';
  return [
    textField({
      id: 'column',
      label: t('Column'),
      value: page.draft.column,
      onInput: (column) => page.editDraft({ column }),
      problem: problemOf(change, 'column'),
      disabled: change.locked,
    }),
    textField({
      id: 'type',
      label: t('Type'),
      value: page.draft.type,
      placeholder: 'text',
      onInput: (type) => page.editDraft({ type }),
      problem: problemOf(change, 'type'),
      hint:
        change.typeSuggestions.length > 0
          ? t('For example {0}.', change.typeSuggestions.join(', '))
          : undefined,
      disabled: change.locked,
    }),
    radioGroup({
      id: 'fill',
      label: t('Existing rows get'),
      value: page.draft.fillBy,
      options: [
        {
          value: 'default',
          label: t('A default'),
          detail: t('One value or function for every row, for example {0}.', "'new'"),
        },
        {
          value: 'expression',
          label: t('An expression'),
          detail: t('Computed from the row, for example {0}.', 'lower(email)'),
        },
      ],
      onChange: (value) => page.editDraft({ fillBy: value === 'expression' ? 'expression' : 'default' }),
      disabled: change.locked,
    }),
    textField({
      id: 'expression',
      label: byDefault ? t('Default') : t('Expression'),
      value: page.draft.expression,
      onInput: (expression) => page.editDraft({ expression }),
      problem: problemOf(change, 'expression'),
      hint: t('SQL, without a semicolon.'),
      disabled: change.locked,
      class: byDefault ? 'fill-default' : 'fill-expression',
    }),
    byDefault
      ? checkbox({
          id: 'keep-default',
          label: t('Keep the default'),
          checked: page.draft.keepDefault,
          onChange: (keepDefault) => page.editDraft({ keepDefault }),
          hint: t('Writers may then go on leaving the column out.'),
          disabled: change.locked,
        })
      : null,
  ];
}
