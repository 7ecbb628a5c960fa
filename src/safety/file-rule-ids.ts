/** Findings that no rule of rules/ makes: on the file as a whole, and on suppressions. */
export const fileRuleIds = [
  'broken-layout',
  'duplicate-version',
  'empty-down',
  'no-down',
  'not-analysed',
  'syntax-error',
  'unused-suppression',
] as const;
export type FileRuleId = (typeof fileRuleIds)[number];
