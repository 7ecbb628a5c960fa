import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDivider,
  vsCodeDropdown,
  vsCodeLink,
  vsCodeOption,
  vsCodeRadio,
  vsCodeRadioGroup,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { h, type Child, type ElementNode } from '../dom/element';

/**
 * Every control of the page that the toolkit has, behind one module: the toolkit is archived, and
 * replacing it must be the work of one file. Its panels, badges and tags set style attributes, which
 * the page's content security policy forbids, so the page does without them. Call once, at the start.
 */
export function defineComponents(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDivider(),
    vsCodeDropdown(),
    vsCodeLink(),
    vsCodeOption(),
    vsCodeRadio(),
    vsCodeRadioGroup(),
    vsCodeTextArea(),
    vsCodeTextField(),
  );
}

export interface ButtonOptions {
  label: string;
  onClick: () => void;
  appearance?: 'primary' | 'secondary';
  disabled?: boolean;
  /** What a screen reader says, when the visible label is not enough. */
  name?: string;
  class?: string;
  /** Shown before the label, hidden from screen readers. */
  icon?: Child;
  /** Follows the label. */
  after?: Child;
}

/** A push button. */
export function button(options: ButtonOptions): ElementNode {
  return h(
    'vscode-button',
    {
      key: `button:${options.name ?? options.label}`,
      class: options.class,
      attributes: {
        appearance: options.appearance ?? 'secondary',
        disabled: options.disabled ?? false,
        'aria-label': options.name,
      },
      on: { click: () => options.disabled || options.onClick() },
    },
    options.icon,
    options.label,
    options.after,
  );
}

export interface TextFieldOptions {
  id: string;
  label: string;
  value: string;
  /** Called on every key stroke. */
  onInput?: (value: string) => void;
  /** Called when the user leaves the field or presses Enter. */
  onCommit?: (value: string) => void;
  problem?: string;
  hint?: string;
  placeholder?: string;
  /** How many lines it shows; one, which takes no line breaks, unless said. */
  lines?: number;
  disabled?: boolean;
  class?: string;
}

/** A line of text, or several, with its label, a hint and, in a live region, what is wrong with it. */
export function textField(options: TextFieldOptions): ElementNode {
  const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;
  return h(
    'div',
    { key: `field:${options.id}`, class: `field ${options.class ?? ''}`.trim() },
    h(
      options.lines === undefined ? 'vscode-text-field' : 'vscode-text-area',
      {
        attributes: {
          id: options.id,
          rows: options.lines?.toString(),
          resize: options.lines === undefined ? undefined : 'vertical',
          placeholder: options.placeholder,
          disabled: options.disabled ?? false,
          'aria-invalid': options.problem ? 'true' : null,
          spellcheck: 'false',
        },
        properties: { value: options.value },
        on: {
          input: (event) => options.onInput?.(valueOf(event)),
          change: (event) => options.onCommit?.(valueOf(event)),
        },
      },
      options.label,
    ),
    fieldMessages(options.problem, options.hint),
  );
}

export interface DropdownOptions {
  id: string;
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  problem?: string;
  hint?: string;
  disabled?: boolean;
  class?: string;
}

/** A choice from a list. An empty first option stands for "nothing chosen yet". */
export function dropdown(options: DropdownOptions): ElementNode {
  // The toolkit's list cannot be changed under a chosen value: another list is another element.
  const key = options.options.map((option) => option.value).join('\n');
  return h(
    'div',
    { key: `field:${options.id}`, class: `field ${options.class ?? ''}`.trim() },
    h('span', { class: 'label', attributes: { id: `${options.id}-label` } }, options.label),
    h(
      'vscode-dropdown',
      {
        key,
        attributes: {
          id: options.id,
          position: 'below',
          'aria-labelledby': `${options.id}-label`,
          'aria-invalid': options.problem ? 'true' : null,
          disabled: options.disabled ?? false,
        },
        properties: { value: options.value },
        on: { change: (event) => options.onChange((event.target as HTMLSelectElement).value) },
      },
      options.options.map((option) =>
        h(
          'vscode-option',
          {
            key: option.value,
            attributes: { value: option.value, selected: option.value === options.value },
          },
          option.label,
        ),
      ),
    ),
    fieldMessages(options.problem, options.hint),
  );
}

function fieldMessages(problem: string | undefined, hint: string | undefined): Child {
  return [
    hint && !problem ? h('p', { key: 'hint', class: 'hint' }, hint) : null,
    h('p', { key: 'problem', class: 'field-problem', attributes: { 'aria-live': 'polite' } }, problem ?? ''),
  ];
}

export interface CheckboxOptions {
  id: string;
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: string;
  disabled?: boolean;
}

/** A yes or no. */
export function checkbox(options: CheckboxOptions): ElementNode {
  return h(
    'div',
    { key: `field:${options.id}`, class: 'field' },
    h(
      'vscode-checkbox',
      {
        attributes: { id: options.id, disabled: options.disabled ?? false },
        properties: { checked: options.checked },
        on: {
          change: (event) => {
            const { checked } = event.target as HTMLInputElement;
            if (checked !== options.checked) options.onChange(checked);
          },
        },
      },
      options.label,
    ),
    options.hint ? h('p', { class: 'hint' }, options.hint) : null,
  );
}

export interface RadioOptions {
  id: string;
  label: string;
  value: string;
  options: readonly { value: string; label: string; detail?: string }[];
  onChange: (value: string) => void;
  disabled?: boolean;
}

/** One of a few, all of them visible. */
export function radioGroup(options: RadioOptions): ElementNode {
  return h(
    'vscode-radio-group',
    {
      key: `field:${options.id}`,
      class: 'field',
      attributes: {
        id: options.id,
        orientation: 'vertical',
        'aria-labelledby': `${options.id}-label`,
        disabled: options.disabled ?? false,
      },
      properties: { value: options.value },
      on: {
        change: (event) => {
          const { value } = event.currentTarget as HTMLInputElement;
          if (value && value !== options.value) options.onChange(value);
        },
      },
    },
    h('span', { class: 'label', attributes: { slot: 'label', id: `${options.id}-label` } }, options.label),
    options.options.map((option) =>
      h(
        'vscode-radio',
        { key: option.value, attributes: { value: option.value, name: options.id } },
        option.label,
        option.detail ? h('span', { class: 'radio-detail' }, option.detail) : null,
      ),
    ),
  );
}

/** A link that opens something in the editor. */
export function link(label: string, onClick: () => void, name?: string): ElementNode {
  return h(
    'vscode-link',
    {
      key: `link:${name ?? label}`,
      attributes: { href: '#', 'aria-label': name },
      on: {
        click: (event) => {
          event.preventDefault();
          onClick();
        },
      },
    },
    label,
  );
}

/** A short word that classifies, for example a kind of step. */
export function tag(label: string): ElementNode {
  return h('span', { key: `tag:${label}`, class: 'tag' }, label);
}

/** A line between sections. */
export function divider(): ElementNode {
  return h('vscode-divider', { attributes: { role: 'presentation' } });
}
