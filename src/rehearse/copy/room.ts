import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { ShadowKind } from '../../shadow/shadow';
import { bytesText } from '../../templates/bytes-text';

/** The embedded database has everything in memory. */
const mostEmbeddedBytes = 512 * 1024 * 1024;

/**
 * Sees that all rows find room in the shadow database. `bytes`: of the tables with their indexes; `free`: on this machine's disk,
 * null where that is not known or not what counts. Throws `no-shadow`.
 */
export function assertRoom(kind: ShadowKind, bytes: number, free: number | null): void {
  if (kind === 'embedded' && bytes > mostEmbeddedBytes)
    throw new SwitchbackError(
      'no-shadow',
      t(
        'All rows are {0} with their indexes, and the embedded database has them in memory. Take a sample, or a local PostgreSQL as the shadow database.',
        bytesText(bytes),
      ),
    );
  // Twice: rows come in, and a migration that writes a table anew has it two times.
  if (kind === 'local' && free !== null && 2 * bytes > free)
    throw new SwitchbackError(
      'no-shadow',
      t(
        'All rows are {0} with their indexes, and {1} are free on the disk of the shadow database; twice the rows are needed. Take a sample, or make room.',
        bytesText(bytes),
        bytesText(free),
      ),
    );
}
