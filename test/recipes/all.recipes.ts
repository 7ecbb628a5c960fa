import fc from 'fast-check';
import type { TestMajor } from '../support/servers';
import { testMajors } from '../support/servers';
import { recipeCases } from './cases';
import { proveRecipe } from './prove-recipe';
import { hostileNames, namesIn, plainNames, type CaseNames, type NamedCase } from './recipe-case';

/** How many random plays there are of each case and version. */
const plays = Number(process.env['SWITCHBACK_RECIPE_PLAYS'] ?? 6);

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => !text.includes('\0') && Buffer.byteLength(text) <= 62 && !/^pg_|^switchback/.test(text));
const randomNames: fc.Arbitrary<CaseNames> = fc
  .uniqueArray(name, { minLength: 6, maxLength: 6, selector: (text) => text.toLowerCase() })
  .map(([schema, ...others]) => namesIn(`s${schema!}`, others as [string, string, string, string, string]));

for (const major of testMajors) {
  describe(`every recipe on PostgreSQL ${major}`, function () {
    this.timeout(300_000);
    for (const play of recipeCases) {
      if ((play.since ?? 0) > major) continue;
      everyWayOf(play, major);
    }
  });
}

function everyWayOf(play: NamedCase, major: TestMajor): void {
  it(`${play.title}: to the end while the application runs`, () =>
    proveRecipe(play, { major, names: plainNames, rollBackAfter: null, load: true }));

  it(`${play.title}: all the way and back while the application runs`, () =>
    proveRecipe(play, { major, names: hostileNames, rollBackAfter: Infinity, load: true }));

  it(`${play.title}: ${plays} random ways`, () =>
    fc.assert(
      fc.asyncProperty(
        randomNames,
        fc.option(fc.integer({ min: 1, max: 20 }), { freq: 3 }),
        fc.boolean(),
        (names, rollBackAfter, load) => proveRecipe(play, { major, names, rollBackAfter, load }),
      ),
      { numRuns: plays, endOnFailure: true },
    ));
}
