import { t } from '../../src/messages/translate';
import type { ChangeFieldView } from '../../src/protocol/wizard-state';
import { h, type Child, type ElementNode } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button, checkbox, dropdown, link, radioGroup, textField } from '../ui/components';
import { noReturnCallout } from '../ui/no-return';
import { phaseBlock } from '../ui/phase';
import { actions, callout, section } from '../ui/sections';

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
    recipeFields(page),
    h(
      'div',
      { key: 'form', class: 'form' },
      tableField(page),
      change.fields.map((field) => fieldOf(page, field)),
    ),
    otherChanges(page),
    sketchOf(page),
    actions(
      change.sentence ?? t('Fill in the form; each field says what is missing.'),
      button({
        label: t('Assess'),
        appearance: 'primary',
        disabled: change.sentence === null || connection === null || isBusy(page),
        onClick: () => page.send({ kind: 'assess' }),
      }),
      change.locked ? null : anotherButton(page),
    ),
  ];
}

/** What the same plan makes besides; none for most plans. */
function otherChanges(page: Page): Child {
  const { others, locked } = page.state.change;
  if (others.length === 0) return null;
  return section(
    'others',
    t('The same plan also makes'),
    h(
      'ul',
      { class: 'others' },
      others.map((sentence, index) =>
        h(
          'li',
          null,
          sentence,
          ' ',
          locked
            ? null
            : link(
                t('Remove'),
                () => page.editDraft({ others: page.draft.others.filter((_, at) => at !== index) }),
                t('Remove: {0}', sentence),
              ),
        ),
      ),
    ),
  );
}

/** What a plan would do here, while the form is filled in. */
function sketchOf(page: Page): Child {
  const { sketch, locked } = page.state.change;
  if (sketch === null || locked) return null;
  const { phases, blockers, note, pointOfNoReturn } = sketch;
  if (note !== null) return h('p', { key: 'sketch-note', class: 'quiet' }, note);
  if (blockers.length > 0)
    return callout(
      'notice',
      t('What stops it here'),
      h(
        'ul',
        null,
        blockers.map((blocker) => h('li', null, blocker)),
      ),
    );
  return section(
    'sketch',
    t('What the plan would do here'),
    phases.map((phase) => phaseBlock(page, phase)),
    noReturnCallout(pointOfNoReturn),
  );
}

/** Keeps what the form says and empties it for one more. */
function anotherButton(page: Page): ElementNode {
  const { kind, table, values } = page.draft;
  return button({
    label: t('Add Another Change'),
    appearance: 'secondary',
    disabled: !page.state.change.complete || isBusy(page),
    onClick: () =>
      page.editDraft({ others: [...page.draft.others, { kind, table, values }], table: '', values: {} }),
  });
}

/** What is changed, then how: a list of all recipes at once would be longer than the form. */
function recipeFields(page: Page): Child {
  const { recipes, locked } = page.state.change;
  const chosen = recipes.find(({ id }) => id === page.draft.kind);
  const groups = [...new Set(recipes.map((recipe) => recipe.group))];
  const firstOf = (name: string): string => recipes.find((recipe) => recipe.group === name)!.id;
  return h(
    'div',
    { key: 'recipe', class: 'form' },
    dropdown({
      id: 'recipe-group',
      label: t('What do you want to change?'),
      value: chosen?.group ?? '',
      options: groups.map((name) => ({ value: name, label: name })),
      onChange: (name) => page.editDraft({ kind: firstOf(name) }),
      disabled: locked,
    }),
    dropdown({
      id: 'recipe',
      label: t('How?'),
      value: page.draft.kind,
      options: recipes
        .filter(({ group }) => group === chosen?.group)
        .map(({ id, title }) => ({ value: id, label: title })),
      onChange: (kind) => page.editDraft({ kind }),
      hint: chosen?.description,
      disabled: locked,
    }),
  );
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

function tableField(page: Page): ElementNode {
  const { change } = page.state;
  const { label, empty, control } = change.subject;
  const set = (table: string): void => page.editDraft({ table, values: withoutParts(page) });
  const shared = {
    id: 'table',
    label,
    value: page.draft.table,
    problem: change.problems['table'],
    disabled: change.locked,
  };
  if (control === 'text') return textField({ ...shared, placeholder: empty, onInput: set });
  return dropdown({
    ...shared,
    options: withChosen(
      change.tables.map((table) => ({
        value: table.value,
        label: table.detail ? `${table.value} (${table.detail})` : table.value,
      })),
      page.draft.table,
      empty,
    ),
    onChange: set,
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

/** Another table has other parts. */
function withoutParts({ draft, state }: Page): Record<string, string> {
  const parts = state.change.fields.filter((field) => field.of === 'table').map(({ id }) => id);
  return Object.fromEntries(Object.entries(draft.values).filter(([id]) => !parts.includes(id)));
}

function fieldOf(page: Page, field: ChangeFieldView): ElementNode {
  const { change } = page.state;
  const { id, label } = field;
  const value = page.draft.values[id] ?? '';
  const set = (text: string): void => page.editDraft({ values: { ...page.draft.values, [id]: text } });
  const shared = { id, label, disabled: change.locked };
  const hint = field.hint ?? undefined;
  const problem = change.problems[id];
  switch (field.control) {
    case 'pick': {
      const listed = field.options.map((option) => ({
        value: option.value,
        label: `${option.label} (${option.detail})`,
      }));
      const options = withChosen(listed, value, t('Choose…'));
      return dropdown({ ...shared, value, options, onChange: set, problem, hint });
    }
    case 'text': {
      const placeholder = field.placeholder ?? undefined;
      return textField({
        ...shared,
        value,
        placeholder,
        lines: field.lines ?? undefined,
        onInput: set,
        problem,
        hint,
      });
    }
    case 'choice': {
      const chosen = value || (field.options[0]?.value ?? '');
      return radioGroup({ ...shared, value: chosen, options: field.options, onChange: set });
    }
    case 'flag':
      return checkbox({
        ...shared,
        checked: value === 'yes',
        onChange: (checked) => set(checked ? 'yes' : ''),
        hint,
      });
  }
}
