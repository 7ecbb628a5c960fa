import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';

/**
 * What `read` makes of a program. Throws `invalid-file` where it is nested so deeply that the stack does not suffice: that
 * is the matter of one file, and the others are read all the same.
 */
export async function readNested<Result>(
  file: string,
  read: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!isTooDeep(error)) throw error;
    throw new SwitchbackError(
      'invalid-file',
      t(
        '{0} is nested so deeply that it cannot be read, and was not analysed. Write what is deepest in it as a statement of its own.',
        path.basename(file),
      ),
      { cause: error },
    );
  }
}

/** JavaScript and compiled parsers say it as an error of ranges, the latter also as one of their memory. */
function isTooDeep(error: unknown): boolean {
  return (
    (error instanceof RangeError && /call stack/i.test(error.message)) ||
    (error instanceof Error && error.constructor.name === 'RuntimeError')
  );
}
