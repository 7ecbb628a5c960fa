import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { packState, unpackState } from '../../src/shadow/kept-state';
import {
  prepareStates,
  pruneStates,
  removeUnfinished,
  stateFile,
  unfinishedName,
} from '../../src/shadow/kept-states';
import type { Template } from '../../src/shadow/pglite-template';

type Contents = Record<string, string>;

/** A tar as PGlite writes it: headers with a name and a size, contents in blocks of 512. */
function tar(files: Contents): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 'latin1');
    header.write(text.length.toString(8).padStart(11, '0'), 124, 'latin1');
    return [header, Buffer.alloc(Math.ceil(text.length / 512) * 512, text)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const names = fc.constantFrom('/a', '/b', '/base/1/2', '/global/pg_control', '/pg_wal/1');
const contents = fc.dictionary(names, fc.string({ unit: 'grapheme-ascii', maxLength: 1500 }));

/** More than Linux gives. */
const goneProcess = 2 ** 22 + 1;

function templateOf(files: Contents): Template {
  const bytes = tar(files);
  return { tar: bytes, digest: createHash('sha256').update(bytes).digest('hex') };
}

describe('a kept state of a shadow database', () => {
  it('is the same files again, whatever came, changed and went', () => {
    fc.assert(
      fc.property(contents, contents, fc.string(), (empty, state, note) => {
        const template = templateOf(empty);
        const again = unpackState(template, packState(template, { tar: tar(state), note }));
        assert.equal(again.note, note);
        const sorted = (files: Contents): Contents => Object.fromEntries(Object.entries(files).sort());
        const order = [...Object.keys(empty).filter((name) => name in state), ...Object.keys(state)];
        const expected = Object.fromEntries([...new Set(order)].map((name) => [name, state[name]!]));
        assert.deepEqual(sorted(expected), sorted(state));
        assert.ok(again.tar.equals(tar(expected)));
      }),
    );
  });

  it('is refused when a byte of it or of the template changed, or its end is missing', () => {
    const template = templateOf({ '/a': 'one', '/b': 'two' });
    const packed = packState(template, { tar: tar({ '/a': 'one', '/b': 'three' }), note: 'n' });
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const damaged = Buffer.from(packed);
        damaged[place] = damaged[place]! ^ change;
        const read = ((): Buffer | null => {
          try {
            return unpackState(template, damaged).tar;
          } catch {
            return null;
          }
        })();
        // The note and the white space of the first line are not what the database is made of.
        if (read) assert.ok(read.equals(unpackState(template, packed).tar));
        assert.throws(() => unpackState(template, packed.subarray(0, place)));
      }),
    );
    assert.throws(() => unpackState(templateOf({ '/a': 'one', '/b': 'other' }), packed));
  });

  it('gives way to later ones, the least recently used first, with what was never finished', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    try {
      await prepareStates(folder);
      const used = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
      for (const [key, minutes] of [
        ['old', 30],
        ['new', 1],
        ['middle', 15],
      ] as const) {
        await writeFile(stateFile(folder, key), Buffer.alloc(100));
        await utimes(stateFile(folder, key), used(minutes), used(minutes));
      }
      await writeFile(`${stateFile(folder, 'half')}.${goneProcess}`, 'x');
      await writeFile(unfinishedName(stateFile(folder, 'now')), 'x');
      await pruneStates(folder, 250);
      await removeUnfinished(folder);
      const left = await readdir(path.dirname(stateFile(folder, 'any')));
      assert.deepEqual(left.sort(), ['middle.state', 'new.state', `now.state.${process.pid}`]);
      assert.deepEqual(await readdir(folder), ['states']);
      assert.equal((await stat(path.dirname(stateFile(folder, 'any')))).mode & 0o777, 0o700);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
