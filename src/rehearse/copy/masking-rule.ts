/** What becomes of the values of a column as rows are copied. NULL stays NULL, except under `constant` and `expression`. */
export type MaskingRule =
  /** Copied as it is: somebody has decided that it may be. */
  | 'keep'
  /** NULL */
  | 'null'
  /** Equal values become equal values, others become others, under a key that is made for the copy and never kept. */
  | 'hash'
  /** The same as an address at example.invalid. */
  | 'email'
  /** The same as a text that is read as a name. */
  | 'name'
  /** Other digits, letters become x, all else stays: telephone numbers, numbers of accounts. */
  | 'digits'
  /** Earlier by a number of days that is the same for all of the copy. */
  | 'date-shift'
  | { constant: string | number | boolean }
  /** SQL over the columns of the row, evaluated where the rows are. */
  | { expression: string };

export const maskingWords = ['keep', 'null', 'hash', 'email', 'name', 'digits', 'date-shift'] as const;

/** By column, `schema.table.column` as SQL writes names. */
export type MaskingRules = Readonly<Record<string, MaskingRule>>;

/** How reports call a rule; what a constant or an expression says stays in the configuration. */
export function ruleWord(rule: MaskingRule): string {
  if (typeof rule === 'string') return rule;
  return 'constant' in rule ? 'constant' : 'expression';
}
