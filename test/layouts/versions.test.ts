import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareVersions, fileWords, nextVersion, numberingOf } from '../../src/layouts/versions';

const now = new Date('2026-03-04T05:06:07Z');

describe('versions', () => {
  it('goes on in the style of the folder', () => {
    assert.equal(nextVersion([], now, 6), '000001');
    assert.equal(nextVersion(['000001', '000009'], now, 6), '000010');
    assert.equal(nextVersion(['1', '2', '10'], now, 6), '11');
    assert.equal(nextVersion(['001', '999'], now, 6), '1000');
    assert.equal(nextVersion(['20240101000000'], now, 6), '20260304050607');
    assert.equal(nextVersion(['1700000000'], now, 6), '1772600767');
  });

  it('stays after a time that lies in the future', () => {
    assert.equal(nextVersion(['20991231235959'], now, 6), '21000101000000');
    assert.equal(nextVersion(['20990101000075'], now, 6), '20990101000116');
    assert.equal(nextVersion(['1999999999'], now, 6), '2000000000');
  });

  it('is always after every version there is', () => {
    const version = fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String);
    fc.assert(
      fc.property(fc.array(version, { minLength: 1 }), (written) => {
        const next = nextVersion(written, now, 3);
        assert.ok(
          written.every((other) => compareVersions(next, other) > 0),
          `${next} after ${written.join()}`,
        );
      }),
    );
  });

  it('tells numbering by sequence from numbering by time', () => {
    assert.deepEqual(numberingOf(['001', '002'], 6), { by: 'sequence', width: 3 });
    assert.deepEqual(numberingOf(['20240229000000'], 6), { by: 'time', unit: 'utc' });
    assert.deepEqual(numberingOf(['99999999999999'], 6), { by: 'sequence', width: 14 });
  });

  it('turns words into a file name', () => {
    assert.equal(fileWords('Add "full name" to Kunden/Köln'), 'add_full_name_to_kunden_köln');
    assert.equal(fileWords('../../etc'), 'etc');
    assert.equal(fileWords('\u{1F600}'), 'migration');
  });
});
