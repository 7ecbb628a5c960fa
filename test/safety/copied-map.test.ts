import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CopiedMap } from '../../src/safety/copied-map';

interface Value {
  number: number;
  list: { deep: number[] }[];
  tree: object;
}

const key = fc.constantFrom('a', 'b', 'c', 'd');
const action = fc.oneof(
  fc.record({ kind: fc.constant('change' as const), key }),
  fc.record({ kind: fc.constant('set' as const), key, number: fc.nat() }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({
    kind: fc.constant('change-all' as const),
    by: fc.constantFrom('values', 'entries', 'forEach'),
  }),
  fc.record({ kind: fc.constant('copy' as const) }),
);

describe('a copied map', () => {
  const tree = { node: {} };
  const start = (): Map<string, Value> =>
    new Map(['a', 'b', 'c'].map((name, number) => [name, { number, list: [{ deep: [1] }], tree }]));
  const change = (value: Value): void => {
    value.number += 1;
    value.list[0]!.deep.push(value.number);
  };

  it('behaves as a map of copies, whatever is done with it, and leaves the original alone', () => {
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const original = start();
        let copy: Map<string, Value> = new CopiedMap(original, ['tree']);
        const model = start();
        for (const act of actions) {
          if (act.kind === 'copy') {
            copy = new CopiedMap(copy, ['tree']);
            continue;
          }
          for (const map of [copy, model]) {
            if (act.kind === 'delete') map.delete(act.key);
            else if (act.kind === 'set') map.set(act.key, { number: act.number, list: [{ deep: [] }], tree });
            else if (act.kind === 'change') {
              const value = map.get(act.key);
              if (value) change(value);
            } else if (act.by === 'values') for (const value of map.values()) change(value);
            else if (act.by === 'entries') for (const [, value] of map) change(value);
            else map.forEach(change);
          }
        }
        assert.deepEqual([...copy], [...model]);
        assert.deepEqual([...copy.keys()], [...model.keys()]);
        assert.equal(copy.size, model.size);
        assert.deepEqual([...original], [...start()]);
      }),
    );
  });

  it('copies a value once, and not what is shared', () => {
    const original = start();
    const copy = new CopiedMap(original, ['tree']);
    assert.equal(copy.get('a'), copy.get('a'));
    assert.notEqual(copy.get('a'), original.get('a'));
    assert.equal(copy.get('a')!.tree, tree);
    assert.equal([...copy.values()][0], copy.get('a'));
    assert.equal(copy.get('nothing'), undefined);
    copy.clear();
    assert.equal(original.size, 3);
  });
});
