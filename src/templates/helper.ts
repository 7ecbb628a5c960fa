/** What a helper may be given. `null` is a value that is known to be unknown. */
export type HelperInput = string | number | boolean | null;

/** An option after the value, for example `lang="sql"`. */
export interface HelperOption {
  name: string;
  type: 'string' | 'boolean';
  what: string;
}

/** A call with what it is given; docs/templates.md shows it with its real output. */
export interface HelperExample {
  template: string;
  context: Record<string, HelperInput>;
}

/** One thing templates can call: `{{name value option=...}}`. */
export interface TemplateHelper {
  name: string;
  /** `text`: text, number or yes/no; `name`: text; `number`: a number; `time`: an ISO 8601 time. */
  takes: 'text' | 'name' | 'number' | 'time';
  /** Whether null is taken too. */
  nullable: boolean;
  /** What it writes, in one or two sentences. */
  what: string;
  options: readonly HelperOption[];
  examples: readonly HelperExample[];
  /** The engine has checked value and options. Throws an Error with the reason when there is no right output. */
  apply(value: HelperInput, options: Readonly<Record<string, unknown>>): string;
}

/** A value that `text` takes, as text. */
export function inputText(value: HelperInput): string {
  return value === null ? '' : String(value);
}

/** A value that `number` takes. */
export function inputNumber(value: HelperInput): number | null {
  return typeof value === 'number' ? value : null;
}
