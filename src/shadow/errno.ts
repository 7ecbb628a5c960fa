/** True for an error of the operating system with one of these codes (`ENOENT`, `EEXIST`...). */
export function isErrno(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
