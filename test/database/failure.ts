import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { isSwitchbackError, type ErrorCode, type SwitchbackError } from '../../src/messages/error';

/** The SwitchbackError that a promise is rejected with; fails the test when it is not one of `code`. */
export async function failure(promise: Promise<unknown>, code: ErrorCode): Promise<SwitchbackError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(isSwitchbackError(error, code), `expected ${code}, got ${inspect(error)}`);
    return error;
  }
  assert.fail(`expected ${code}, but it succeeded`);
}
