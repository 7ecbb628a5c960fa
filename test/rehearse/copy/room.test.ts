import assert from 'node:assert/strict';
import { assertRoom } from '../../../src/rehearse/copy/room';
import { isSwitchbackError } from '../../../src/messages/error';

const gigabyte = 1024 ** 3;

describe('room for all rows in a shadow database', () => {
  it('is needed twice on the disk of a local one, and in the memory of the embedded one', () => {
    assertRoom('local', 10 * gigabyte, 20 * gigabyte);
    assertRoom('local', 10 * gigabyte, null);
    assertRoom('server', 900 * gigabyte, gigabyte);
    assertRoom('embedded', gigabyte / 2, gigabyte);
    for (const [kind, words] of [
      ['local', /All rows are 11 GB .* and 20 GB are free/],
      ['embedded', /All rows are 11 GB .* in memory/],
    ] as const)
      assert.throws(
        () => assertRoom(kind, 11 * gigabyte, 20 * gigabyte),
        (error) => isSwitchbackError(error, 'no-shadow') && words.test(error.sentence),
      );
  });
});
