import type { MigrationChecks } from '../../journey/migration-checks';
import { t } from '../../messages/translate';
import type { MultiStepInput } from '../multi-step-input';
import type { MigrationDraft } from './migration-draft';

/** A type, checked while it is typed. */
export async function askType(
  input: MultiStepInput,
  checks: MigrationChecks,
  prompt: string,
  value: string,
): Promise<string> {
  const type = await input.text({ prompt, placeholder: 'numeric(12,2)', value, validate: checks.type });
  return type.trim();
}

/** An expression that may be left out. */
export async function askOptionalSql(
  input: MultiStepInput,
  prompt: string,
  placeholder: string,
  value: string | null,
  check: (text: string) => string | undefined,
): Promise<string | null> {
  const text = await input.text({
    prompt,
    placeholder,
    value: value ?? '',
    validate: (typed) => (typed.trim() === '' ? undefined : check(typed)),
  });
  return text.trim() === '' ? null : text.trim();
}

/** What the rows there are get in a new required column. */
export async function askFill(
  checks: MigrationChecks,
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  const optional = draft.default !== null;
  const text = await input.text({
    prompt: optional
      ? t('What do existing rows get, computed from the row? Empty: the default.')
      : t('What do existing rows get, computed from the row?'),
    placeholder: 'lower(email)',
    value: draft.fill ?? '',
    validate: (typed) => {
      if (typed.trim() !== '') return checks.value(typed);
      return optional
        ? undefined
        : t('A required column without a default needs a value for the rows there are.');
    },
  });
  draft.fill = text.trim() === '' ? null : text.trim();
}

/** The value that a backfill computes. */
export async function askExpression(
  checks: MigrationChecks,
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  const expression = await input.text({
    prompt: t('New value of {0}, as SQL over the columns of the row', draft.column),
    placeholder: 'lower(email)',
    value: draft.expression,
    validate: (typed) => (typed.trim() === '' ? t('This must not be empty.') : checks.value(typed)),
  });
  draft.expression = expression.trim();
}
