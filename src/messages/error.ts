/** Why something could not be done. Faces map these to exit codes, buttons and documentation. */
export type ErrorCode =
  | 'usage'
  | 'cancelled'
  | 'unreachable'
  | 'authentication'
  | 'tls-refused'
  | 'server-too-old'
  | 'connection-lost'
  | 'no-privilege'
  | 'no-consent'
  | 'not-found'
  | 'already-done'
  | 'invalid-name'
  | 'invalid-input'
  | 'invalid-file'
  | 'syntax-error'
  | 'lock-timeout'
  | 'locked-by-other'
  | 'fenced-off'
  | 'gate-not-held'
  | 'confirmation-needed'
  | 'edited-file'
  | 'step-failed'
  | 'verification-failed'
  | 'no-shadow'
  | 'untrusted-workspace'
  | 'database-error'
  | 'internal';

/**
 * An error as a value: a code for programs, one sentence for the user (what happened, to what,
 * what to do next) and the cause for the log. `sentence` is already translated.
 */
export class SwitchbackError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly sentence: string,
    options?: { cause?: unknown; details?: Record<string, string | number | null> },
  ) {
    super(sentence, { cause: options?.cause });
    this.name = 'SwitchbackError';
    this.details = options?.details ?? {};
  }

  readonly details: Record<string, string | number | null>;
}

/** True for a SwitchbackError, with that code when one is given. */
export function isSwitchbackError(error: unknown, code?: ErrorCode): error is SwitchbackError {
  // By name: the extension and its late bundles each hold a copy of the class.
  const isOurs = error instanceof Error && error.name === 'SwitchbackError' && 'sentence' in error;
  return isOurs && (code === undefined || (error as SwitchbackError).code === code);
}

/** The message of anything that was thrown, for logs and causes. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
